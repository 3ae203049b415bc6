import {rowOf, type Matrix} from "../matrix.ts";
import type {Random} from "../random.ts";

interface PartitionOptions {
  /** Rows of a leaf at most; those of all leaves differ by at most one half. */
  readonly leafRows: number;
  /** Chooses the directions. */
  readonly random: Random;
}

/**
 * Rows in leaves of like rows: a random projection tree (Dasgupta & Freund 2008), each node halved at the median of its projections on
 * the difference of two of its rows. Medians, not thresholds, so that no leaf is larger than the others however many rows are equal.
 */
export function partition(X: Matrix, {leafRows, random}: PartitionOptions): Int32Array[] {
  const order = Int32Array.from({length: X.rows}, (_, i) => i);
  const keys = new Float64Array(X.rows);
  const leaves: Int32Array[] = [];
  const waiting: [start: number, end: number][] = [[0, X.rows]];
  while (waiting.length > 0) {
    const [start, end] = waiting.pop()!;
    if (end - start <= leafRows) {
      leaves.push(order.subarray(start, end).sort()); // in the order of memory
      continue;
    }
    const direction = directionIn(X, order.subarray(start, end), random);
    for (let at = start; at < end; ++at) keys[at] = projection(X, order[at], direction);
    const middle = (start + end) >> 1;
    selectSmallest(keys, order, {start, end, middle});
    waiting.push([middle, end], [start, middle]);
  }
  return leaves;
}

/** The difference of two rows, in double precision; zeros where they are equal, and any halving is as good. */
function directionIn(X: Matrix, members: Int32Array, random: Random): Float64Array {
  const [a, b] = [0, 0].map(() => rowOf(X, members[Math.floor(random() * members.length)]));
  return Float64Array.from(a, (x, j) => x - b[j]);
}

function projection({cols, data}: Matrix, row: number, direction: Float64Array): number {
  let sum = 0;
  for (let j = 0, at = row * cols; j < cols; ++j, ++at) sum += data[at] * direction[j];
  return sum;
}

/** Hoare's selection: the smallest keys, and what belongs to them, come to lie before `middle`. */
function selectSmallest(
  keys: Float64Array,
  order: Int32Array,
  {start, end, middle}: {readonly start: number; readonly end: number; readonly middle: number}
): void {
  let [low, high] = [start, end - 1];
  while (low < high) {
    const pivot = keys[(low + high) >> 1];
    let [i, j] = [low, high];
    while (i <= j) {
      while (keys[i] < pivot) ++i;
      while (keys[j] > pivot) --j;
      if (i > j) break;
      [keys[i], keys[j]] = [keys[j], keys[i]];
      [order[i], order[j]] = [order[j], order[i]];
      ++i;
      --j;
    }
    if (middle <= j) high = j;
    else if (middle >= i) low = i;
    else return;
  }
}
