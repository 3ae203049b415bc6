import type {Matrix} from "../matrix.ts";
import type {Neighbours} from "./neighbours.ts";

/** The nearest rows found so far of every row, itself left out. */
export interface NeighbourLists {
  readonly size: number;
  /** rows × size, nearest first, ties by the lower row; −1 where none was found yet. */
  readonly indices: Int32Array;
  /** Takes row j as a neighbour of row i where it is nearer than the last of its list; whether it did. */
  offer(i: number, j: number): boolean;
  /** All rows with their distances, every row first in its own list. */
  finished(): Neighbours;
}

const PIECE = 10; // columns between two looks at whether a row is too far already

/** Empty lists over rows; distances are measured in double precision, as far as it takes to see that a row is too far. */
export function neighbourLists({rows, cols, data}: Matrix, count: number): NeighbourLists {
  const size = count - 1;
  const indices = new Int32Array(rows * size).fill(-1);
  const squares = new Float64Array(rows * size).fill(Infinity);

  function squaredWithin(i: number, j: number, most: number): number {
    let sum = 0;
    for (let a = i * cols, b = j * cols, end = a + cols; a < end && sum <= most; ) {
      for (const stop = Math.min(end, a + PIECE); a < stop; ++a, ++b) sum += (data[a] - data[b]) * (data[a] - data[b]);
    }
    return sum;
  }

  const isBefore = (square: number, j: number, at: number): boolean => square < squares[at] || (square === squares[at] && j < indices[at]);

  return {
    size,
    indices,
    offer(i, j) {
      if (i === j) return false;
      const first = i * size;
      const last = first + size - 1;
      for (let at = first; at <= last; ++at) if (indices[at] === j) return false;
      const square = squaredWithin(i, j, squares[last]);
      if (!isBefore(square, j, last)) return false;
      let at = last;
      for (; at > first && isBefore(square, j, at - 1); --at) {
        squares[at] = squares[at - 1];
        indices[at] = indices[at - 1];
      }
      squares[at] = square;
      indices[at] = j;
      return true;
    },
    finished() {
      const all = {rows, count, indices: new Int32Array(rows * count), distances: new Float32Array(rows * count)};
      for (let i = 0; i < rows; ++i) {
        all.indices[i * count] = i;
        for (let k = 0; k < size; ++k) {
          all.indices[i * count + k + 1] = indices[i * size + k];
          all.distances[i * count + k + 1] = Math.sqrt(squares[i * size + k]);
        }
      }
      return all;
    }
  };
}
