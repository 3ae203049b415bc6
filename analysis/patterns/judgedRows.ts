import {matrixOf, rowOf, type Matrix} from "../matrix.ts";

/** Which rows of a path say something about motion. */
interface JudgedRows {
  /** The path up to and including the first of the rows that stay equal to its end. */
  readonly path: Matrix;
  /** First of at least `LEAST_STILL` rows at the end that are equal bit for bit: the loop stands exactly, was frozen, or the rows are padding. */
  readonly stillFrom?: number;
  /** First row that holds NaN or Infinity; nothing is judged of such a path. */
  readonly badFrom?: number;
}

export const LEAST_STILL = 3; // rows; two equal ones can be a turning point that rounding holds

/** Leaves out what repeats the end bit for bit: how a path comes to its end is seen before it, and rows that were never computed are no evidence of rest. */
export function judgedRows(path: Matrix): JudgedRows {
  const {rows, cols} = path;
  const badFrom = firstBadRow(path);
  if (badFrom !== undefined) return {path, badFrom};
  const last = rowOf(path, rows - 1);
  let first = rows - 1;
  while (first > 0 && sameRow(rowOf(path, first - 1), last)) --first;
  return rows - first < LEAST_STILL
    ? {path}
    : {path: matrixOf(first + 1, cols, path.data.subarray(0, (first + 1) * cols)), stillFrom: first};
}

/** The first row with a number that is not finite. */
function firstBadRow(path: Matrix): number | undefined {
  for (let i = 0; i < path.rows; ++i) {
    if (!Number.isFinite(sumOf(rowOf(path, i)))) return i;
  }
  return undefined;
}

/** Not finite if any number is not: finite float32 are too small for their sum to leave float64. */
function sumOf(row: Float32Array): number {
  // Four sums side by side: none waits for another.
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  let k = 0;
  for (const end = row.length - 3; k < end; k += 4) {
    first += row[k];
    second += row[k + 1];
    third += row[k + 2];
    fourth += row[k + 3];
  }
  for (; k < row.length; ++k) first += row[k];
  return first + second + third + fourth;
}

function sameRow(a: Float32Array, b: Float32Array): boolean {
  for (let k = 0; k < a.length; ++k) if (a[k] !== b[k]) return false;
  return true;
}
