import {rowOf, type Matrix} from "../../matrix.ts";
import {SETTLED_FLOORS, TAIL_SHARE} from "./contraction.ts";

/**
 * The rows, `most` of them, in which a long path comes to its end: about the first row from which it stays within three floors (the spread of its last quarter) of the mean of
 * its last quarter, three quarters of them before it. The last rows where it never comes to stay. Rows after the window are at rest by that.
 */
export function approachRows(path: Matrix, {floor, most}: {readonly floor: number; readonly most: number}): [from: number, to: number] {
  const {rows} = path;
  const tail = Math.floor(rows * TAIL_SHARE);
  const distances = distancesToTailMean(path, tail);
  let squares = 0;
  for (let t = rows - tail; t < rows; ++t) squares += distances[t] ** 2;
  const within = SETTLED_FLOORS * Math.max(floor, Math.sqrt(squares / tail));
  let settled = rows;
  while (settled > 0 && distances[settled - 1] <= within) --settled;
  if (settled > rows - tail) return [rows - most, rows];
  const from = Math.min(rows - most, Math.max(0, settled - Math.floor(0.75 * most)));
  return [from, from + most];
}

function distancesToTailMean(path: Matrix, tail: number): Float64Array {
  const {rows, cols} = path;
  const mean = new Float64Array(cols);
  for (let t = rows - tail; t < rows; ++t) rowOf(path, t).forEach((x, k) => (mean[k] += x / tail));
  return Float64Array.from({length: rows}, (_, t) => {
    const row = rowOf(path, t);
    let sum = 0;
    for (let k = 0; k < cols; ++k) sum += (row[k] - mean[k]) ** 2;
    return Math.sqrt(sum);
  });
}
