import {mirrored, numbersAt, wholeDesk} from "./desk.ts";
import {doubles, kernel, roomForMatrix, singles} from "./memory.ts";

const PANEL = 256; // rows whose products are made at once
const COLUMNS = 256; // so that the columns of a panel stay in the second-level cache

/** (h_i − h_last)·(h_j − h_last), [rows][rows], and (h_i − h_last)·h_last of states h in float32, [rows][cols]. */
export function differenceProducts(data: Float32Array, rows: number, cols: number): {values: Float64Array; toward: Float64Array} {
  const [values, toward] = [roomForMatrix(rows * rows), roomForMatrix(rows)];
  for (let top = 0; top < rows; top += PANEL) {
    for (let left = 0; left <= top; left += PANEL) panel({data, rows, cols}, top, left, {values, toward});
  }
  return {values: mirrored(values, rows), toward};
}

const STEP_NUMBERS = 2 ** 16; // of a path that are looked at together, so that they stay in the second-level cache
const WIDEST = 2 ** 14; // of its coordinates

/** Σ (x_t − x_{t−1})² of every coordinate of a path [rows][cols], added in order. */
export function squaredStepsOf(data: Float32Array, rows: number, cols: number): Float64Array {
  const [sums, states] = wholeDesk([cols, STEP_NUMBERS]);
  doubles.fill(0, sums >> 3, (sums >> 3) + cols);
  for (let from = 0; from < cols; from += WIDEST) {
    const width = Math.min(WIDEST, cols - from);
    const steps = Math.floor(STEP_NUMBERS / width);
    for (let top = 0; top + 1 < rows; top += steps) {
      const count = Math.min(steps + 1, rows - top);
      putStates({data, rows, cols}, {top, count, from, width}, states);
      kernel.squaredSteps(states, count, width, sums + from * Float64Array.BYTES_PER_ELEMENT);
    }
  }
  return numbersAt(sums, cols);
}

/** What the measures of one trajectory's states are made of, a number for each step, in double precision. */
export interface PathSums {
  /** ‖h_t‖². */
  readonly squares: Float64Array;
  /** ‖h_t − h_{t−1}‖²; 0 at step 0. */
  readonly steps: Float64Array;
  /** (h_t − h_{t−1})·(h_{t−1} − h_{t−2}); 0 at steps 0 and 1. */
  readonly turns: Float64Array;
  /** ‖h_t − h_last‖². */
  readonly toLast: Float64Array;
}

const SUMS = 4;

/** Sums over the states of a path, one for each step, each as long as all others. */
export function pathSums(path: readonly Float32Array[]): PathSums {
  const width = path[0].length;
  const even = width + (width & 1); // the number beyond the last is a zero
  const [out, last, ...recent] = wholeDesk([SUMS, even / 2, even / 2, even / 2, even / 2]);
  singles.fill(0, last >> 2, (recent[2] >> 2) + even);
  singles.set(path[path.length - 1], last >> 2);
  const at = (step: number): number => recent[Math.max(0, step) % recent.length];
  const [squares, steps, turns, toLast] = Array.from({length: SUMS}, () => new Float64Array(path.length));
  for (let step = 0; step < path.length; ++step) {
    singles.set(path[step], at(step) >> 2);
    kernel.pathSums(at(step), at(step - 1), at(step - 2), last, even, out);
    squares[step] = doubles[out >> 3];
    steps[step] = doubles[(out >> 3) + 1];
    turns[step] = doubles[(out >> 3) + 2];
    toLast[step] = doubles[(out >> 3) + 3];
  }
  return {squares, steps, turns, toLast};
}

interface Rows {
  readonly data: Float32Array;
  readonly rows: number;
  readonly cols: number;
}

/** The products of rows from `top` on with those from `left` on. */
function panel(states: Rows, top: number, left: number, {values, toward}: {values: Float64Array; toward: Float64Array}): void {
  const {rows} = states;
  const [m, n] = [Math.min(PANEL, rows - top), Math.min(PANEL, rows - left)];
  const [a, b, singlesAt, out, along, ignored] = wholeDesk([m * COLUMNS, n * COLUMNS, (PANEL + 1) * COLUMNS, m * n, m, n]);
  doubles.fill(0, out >> 3, (ignored >> 3) + n);
  for (let from = 0; from < states.cols; from += COLUMNS) {
    const width = Math.min(COLUMNS, states.cols - from);
    load(states, {top, count: m, from, width}, {singlesAt, out: a, toward: along});
    if (top !== left) load(states, {top: left, count: n, from, width}, {singlesAt, out: b, toward: ignored});
    kernel.products(a, m, top === left ? a : b, n, width, out, n, top === left ? 1 : 0);
  }
  for (let i = 0; i < m; ++i) values.set(doubles.subarray((out >> 3) + i * n, (out >> 3) + (i + 1) * n), (top + i) * rows + left);
  if (left === 0) toward.set(doubles.subarray(along >> 3, (along >> 3) + m), top);
}

interface Part {
  readonly top: number;
  readonly count: number;
  readonly from: number;
  readonly width: number;
}

/** Some columns of some rows as differences to the last row. */
function load(
  states: Rows,
  {top, count, from, width}: Part,
  {singlesAt, out, toward}: {singlesAt: number; out: number; toward: number}
): void {
  const last = singlesAt + 4 * count * width;
  putStates(states, {top, count, from, width}, singlesAt);
  putStates(states, {top: states.rows - 1, count: 1, from, width}, last);
  kernel.differences(singlesAt, count, width, last, out, toward);
}

/** Puts some columns of some rows one row after another. */
function putStates({data, cols}: Rows, {top, count, from, width}: Part, address: number): void {
  const isWhole = width === cols; // so that nothing lies between two rows
  const [parts, length] = isWhole ? [1, count * cols] : [count, width];
  for (let i = 0; i < parts; ++i) {
    const start = (top + i) * cols + from;
    singles.set(data.subarray(start, start + length), (address >> 2) + i * width);
  }
}
