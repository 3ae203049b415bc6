import {matrixOf, rowOf, type Matrix} from "../../matrix.ts";

/** Which rows of a path say something about motion. */
interface JudgedRows {
  /** The path between the rows that equal its beginning and those that equal its end, with the last and the first of them where they are states and no padding. */
  readonly path: Matrix;
  /** Row of the whole path that it begins at. */
  readonly from: number;
  /** First of at least `LEAST_STILL` rows at the end that are equal bit for bit: the loop stands exactly, was frozen, or the rows are padding. */
  readonly stillFrom?: number;
  /** First row that holds NaN or Infinity; nothing is judged of such a path. */
  readonly badFrom?: number;
}

export const LEAST_STILL = 3; // rows; two equal ones can be a turning point that rounding holds,
export const STOPS_IN = 8; // unless as many coordinates at least, and more than half of those that ever change, moved by the step before

/**
 * Leaves out what repeats the end bit for bit: how a path comes to its end is seen before it, and rows that were never computed are no evidence of rest. So it is with what repeats the beginning, from where a path
 * sets out late, or its buffer was filled late. `steps` are its `coordinateSteps`.
 */
export function judgedRows(path: Matrix, steps: Float64Array): JudgedRows {
  const {rows, cols} = path;
  // One number that is not finite leaves no step of its coordinate finite; the squares of finite float32 are, and their sums.
  const badFrom = rows > 1 && steps.every(Number.isFinite) ? undefined : firstBadRow(path);
  if (badFrom !== undefined) return {path, from: 0, badFrom};
  const last = rowOf(path, rows - 1);
  let first = rows - 1;
  while (first > 0 && sameRow(rowOf(path, first - 1), last)) --first;
  const stops = rows - first >= LEAST_STILL || (rows - first === 2 && stopsAtOnce(path, steps));
  const to = !stops ? rows : first > 0 && isFilling(last) ? first : first + 1;
  const from = beginsAt(path, to);
  return {
    path: from === 0 && to === rows ? path : matrixOf(to - from, cols, path.data.subarray(from * cols, to * cols)),
    from,
    ...(stops ? {stillFrom: first} : {})
  };
}

/** The last of at least `LEAST_STILL` rows before `to` that equal the first bit for bit, or the one after them where they are padding; else the first row. */
function beginsAt(path: Matrix, to: number): number {
  const begin = rowOf(path, 0);
  let last = 0;
  while (last + 1 < to && sameRow(rowOf(path, last + 1), begin)) ++last;
  if (last + 1 === to) return 0;
  if (last > 0 && isFilling(begin)) return last + 1;
  return last + 1 >= LEAST_STILL ? last : 0;
}

/** Whether the last two rows, which are equal, are where a path was frozen: most coordinates still moved by the step before, and no two rows in a row were equal there, as levels are that are held. */
function stopsAtOnce(path: Matrix, steps: Float64Array): boolean {
  const from = path.rows - 2;
  if (from < 1) return false;
  const [before, last] = [rowOf(path, from - 1), rowOf(path, from)];
  const moved = last.reduce((count, x, k) => count + Number(x !== before[k]), 0);
  const moving = steps.reduce((count, energy) => count + Number(energy > 0), 0);
  if (moved < STOPS_IN || 2 * moved <= moving) return false;
  for (let t = 1; t < from; ++t) if (sameRow(rowOf(path, t - 1), rowOf(path, t))) return false;
  return true;
}

/** Whether a row is what a buffer is filled with before anything is written to it: one number throughout, mostly 0. No state of several coordinates is. */
const isFilling = (row: Float32Array): boolean => row.length > 1 && row.every((x) => x === row[0]);

/** The first row with a number that is not finite. */
function firstBadRow(path: Matrix): number | undefined {
  for (let i = 0; i < path.rows; ++i) if (!rowOf(path, i).every(Number.isFinite)) return i;
  return undefined;
}

function sameRow(a: Float32Array, b: Float32Array): boolean {
  for (let k = 0; k < a.length; ++k) if (a[k] !== b[k]) return false;
  return true;
}
