import {rowOf, type Matrix} from "../matrix.ts";
import {halfDistances} from "./blas.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

/** The nearest rows of rows by Euclidean distance, itself first; both arrays are rows × count. */
export interface Neighbours {
  readonly rows: number;
  readonly count: number;
  readonly indices: Int32Array;
  /** Ascending in every row. */
  readonly distances: Float32Array;
}

interface NeighbourOptions {
  /** How many, the row itself included; 1 to the number of rows. */
  readonly count: number;
  /** The rows whose neighbours are wanted; defaults to all. */
  readonly of?: Int32Array;
  readonly progress?: (share: number) => void;
  /** Stops between two blocks, with the signal's reason. */
  readonly signal?: AbortSignal;
}

const BLOCK_NUMBERS = 1 << 22; // distances at once: 16 MiB
const SPARE = 8; // further candidates, since the float32 products that pick them lose small differences

/**
 * Exact nearest neighbours by brute force: float32 matrix products pick candidates, double precision measures and orders them.
 * Ties go to the lower row. Throws a Refusal for a count outside 1 to rows.
 */
export async function nearestNeighbours(
  X: Matrix,
  {count, of = Int32Array.from({length: X.rows}, (_, i) => i), progress, signal}: NeighbourOptions
): Promise<Neighbours> {
  const {rows, cols, data} = X;
  if (!(Number.isInteger(count) && count >= 1 && count <= rows)) throw new Refusal(`invalid count: ${count}; expected 1 to ${rows}`);
  const indices = new Int32Array(of.length * count);
  const distances = new Float32Array(of.length * count);
  const candidates = shortlist(Math.min(rows, count + SPARE));
  const distancesTo = await halfDistances(data, cols);
  const blockRows = Math.max(1, Math.floor(BLOCK_NUMBERS / rows));
  for (let start = 0; start < of.length; start += blockRows) {
    signal?.throwIfAborted();
    const wanted = of.subarray(start, start + blockRows);
    const block = await distancesTo(rowsAt(X, wanted));
    for (const [at, i] of wanted.entries()) {
      candidates.fill(block.subarray(at * rows, (at + 1) * rows));
      const found = measured(X, i, candidates.indices);
      for (let k = 0; k < count; ++k) {
        indices[(start + at) * count + k] = found[k].index;
        distances[(start + at) * count + k] = found[k].distance;
      }
    }
    progress?.((start + wanted.length) / of.length);
  }
  return {rows: of.length, count, indices, distances};
}

function rowsAt(X: Matrix, wanted: Int32Array): Float32Array {
  const data = new Float32Array(wanted.length * X.cols);
  for (const [at, i] of wanted.entries()) data.set(rowOf(X, i), at * X.cols);
  return data;
}

interface Shortlist {
  readonly indices: Int32Array;
  fill(values: Float32Array): void;
}

/** Keeps the places of the smallest values it is shown, smallest first. */
export function shortlist(size: number): Shortlist {
  const indices = new Int32Array(size);
  const kept = new Float32Array(size);
  return {
    indices,
    fill(values) {
      kept.fill(Infinity);
      let worst = Infinity;
      for (let j = 0; j < values.length; ++j) {
        const value = values[j];
        if (value >= worst) continue;
        let at = size - 1;
        for (; at > 0 && kept[at - 1] > value; --at) {
          kept[at] = kept[at - 1];
          indices[at] = indices[at - 1];
        }
        kept[at] = value;
        indices[at] = j;
        worst = kept[size - 1];
      }
    }
  };
}

/** Row i first, then the other candidates by distance. Row i is there even when more equal rows than candidates crowd it out. */
function measured(X: Matrix, i: number, candidates: Int32Array): {index: number; distance: number}[] {
  const own = rowOf(X, i);
  const others = Array.from(candidates)
    .filter((index) => index !== i)
    .map((index) => ({index, distance: distanceBetween(own, rowOf(X, index))}));
  others.sort((a, b) => a.distance - b.distance || a.index - b.index);
  return [{index: i, distance: 0}, ...others];
}

function distanceBetween(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; ++j) sum += (a[j] - b[j]) * (a[j] - b[j]);
  return Math.sqrt(sum);
}
