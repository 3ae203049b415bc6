import {floats} from "./floats.ts";
import {addressOf, doubles, kernel, roomFor, roomForMatrix, singles} from "./memory.ts";

let held: Float64Array | undefined; // the matrix that was copied last, since it is often asked about again

/** The address of a matrix, and of so many numbers each beside it. */
function matrixAnd(values: Float64Array, counts: readonly number[]): number[] {
  const address = addressOf(values);
  const addresses = roomFor([address === undefined ? values.length : (held?.length ?? 0), ...counts]);
  if (address !== undefined) addresses[0] = address;
  else if (held !== values) {
    doubles.set(values, addresses[0] >> 3);
    held = values;
  }
  return addresses;
}

/**
 * A matrix [size][size] that the kernel makes of another one, with so many numbers each beside them: in its place where that lies in the kernel's memory, else on the desk, from which it is copied.
 */
function madeOf(
  values: Float64Array,
  size: number,
  counts: readonly number[],
  make: (addresses: readonly number[], out: number) => void
): Float64Array {
  const matrix = roomForMatrix(size * size);
  const own = addressOf(matrix);
  const addresses = matrixAnd(values, own === undefined ? [...counts, size * size] : counts);
  const out = own ?? addresses[addresses.length - 1];
  make(addresses, out);
  if (own === undefined) matrix.set(doubles.subarray(out >> 3, (out >> 3) + size * size));
  return matrix;
}

/** M G M for a symmetric G [n][n], M = 1 − QQᵀ with the orthonormal rows of Q. */
export function deflated(values: Float64Array, n: number, basis: readonly Float64Array[]): Float64Array {
  if (basis.length === 0) return partFrom(values, n, 0);
  return madeOf(values, n, [n, n], ([g, q, along], out) => {
    for (let k = 0; k < basis.length; ++k) {
      doubles.set(basis[k], q >> 3);
      kernel.deflate(k === 0 ? g : out, n, q, along, out);
    }
  });
}

/** The part of a matrix [n][n] from the row and column `from` on. */
export const partFrom = (values: Float64Array, n: number, from: number): Float64Array =>
  madeOf(values, n - from, [], ([g], out) => kernel.part(g, n, from, out));

interface Plane {
  /** What every state and the plane's origin have in common, m, and the origin with itself. */
  readonly withOrigin: Float64Array;
  readonly originSquared: number;
  /** Share of every state across the plane, a, of a unit whose square is `across`. */
  readonly shares: Float64Array;
  readonly across: number;
  /** By what every state is stretched, s. */
  readonly stretch: Float64Array;
}

/** sᵢ sⱼ (G_ij − mᵢ − mⱼ + m·m − aᵢ aⱼ across) for a symmetric G [n][n]: products of states seen from a point on a plane, without what lies across it. */
export function flattened(values: Float64Array, n: number, {withOrigin, originSquared, shares, across, stretch}: Plane): Float64Array {
  return madeOf(values, n, [n, n, n], ([g, m, s, a], out) => {
    doubles.set(withOrigin, m >> 3);
    doubles.set(stretch, s >> 3);
    doubles.set(shares, a >> 3);
    kernel.flatten(g, n, m, originSquared, s, a, across, out);
  });
}

/** G f for a symmetric G [n][n]. */
export function timesVector(values: Float64Array, n: number, f: Float64Array): Float64Array {
  const [g, at, out] = matrixAnd(values, [n, n]);
  doubles.set(f, at >> 3);
  kernel.inOrder(g, n, at, out);
  return numbersAt(out, n);
}

/** F G Fᵀ for a symmetric G [n][n], [functions][functions]. */
export function formsOf(values: Float64Array, n: number, functions: readonly Float64Array[]): Float64Array {
  const count = functions.length;
  const [g, f, along, out] = matrixAnd(values, [count * n, count * n, count * count]);
  put(functions, f);
  doubles.fill(0, along >> 3, (out >> 3) + count * count);
  kernel.products(f, count, g, n, n, along, n, 0);
  kernel.products(along, count, f, count, n, out, count, 1);
  return mirrored(numbersAt(out, count * count), count);
}

/** F G of a symmetric G [n][n]: a row for every function. */
export function alongFunctions(values: Float64Array, n: number, functions: readonly Float64Array[]): Float64Array[] {
  const count = functions.length;
  const [g, f, along] = matrixAnd(values, [count * n, count * n]);
  put(functions, f);
  doubles.fill(0, along >> 3, (along >> 3) + count * n);
  kernel.products(g, n, f, count, n, along, count, 0); // four rows of G at a time
  const rows = functions.map(() => floats(n));
  for (let i = 0; i < count; ++i) for (let t = 0; t < n; ++t) rows[i][t] = doubles[(along >> 3) + t * count + i];
  return rows;
}

/** The products of the cosine and of the sine at every angle a step with other functions: [2 · angles][others]. */
export function productsWithTurns(angles: readonly number[], others: readonly Float64Array[]): Float64Array {
  const n = others[0].length;
  const rows = 2 * angles.length;
  const count = rows * others.length;
  const [, steps, f, o, out] = roomFor([held?.length ?? 0, rows, rows * n, others.length * n, count]);
  for (let i = 0; i < angles.length; ++i) {
    doubles[(steps >> 3) + 2 * i] = Math.cos(angles[i]);
    doubles[(steps >> 3) + 2 * i + 1] = Math.sin(angles[i]);
  }
  kernel.turns(steps, angles.length, n, f);
  put(others, o);
  doubles.fill(0, out >> 3, (out >> 3) + count);
  kernel.products(f, rows, o, others.length, n, out, others.length, 0);
  return numbersAt(out, count);
}

/** Σ sums[ℓ] cos ωℓ over even ℓ, and over odd ones, at angles ω known by their cosines; within 10⁻¹² of the sum of all. */
export function cosineSums(sums: Float64Array, cosines: Float64Array): {even: Float64Array; odd: Float64Array} {
  const count = cosines.length;
  const [, s, c, even, odd] = roomFor([held?.length ?? 0, sums.length + 3, count + 3, count + 3, count + 3]);
  doubles.set(sums, s >> 3);
  doubles.set(cosines, c >> 3);
  kernel.cosineSums(s, sums.length, c, count, even, odd);
  return {even: numbersAt(even, count), odd: numbersAt(odd, count)};
}

/** Σ wᵢ wⱼ G_ij over |i − j| = ℓ, for every ℓ, of a symmetric G [n][n]: [n]. */
export function diagonalSums(values: Float64Array, n: number, weights: Float64Array): Float64Array {
  const [g, w, sums] = matrixAnd(values, [n, n]);
  doubles.set(weights, w >> 3);
  kernel.alongDiagonals(g, n, w, sums);
  return numbersAt(sums, n);
}

/** Σ cos ω(i − j) G_ij over i + j = m, for every m, of a symmetric G [n][n]: [2n − 1]. */
export function antidiagonalSums(values: Float64Array, n: number, omega = 0): Float64Array {
  const [g, w, sums] = matrixAnd(values, [n, 2 * n - 1]);
  for (let lag = 1; lag < n; ++lag) doubles[(w >> 3) + n - 1 - lag] = 2 * Math.cos(omega * lag); // i > j stands for both
  kernel.acrossDiagonals(g, n, w, sums);
  return numbersAt(sums, 2 * n - 1);
}

interface Orthonormal {
  /** Orthonormal functions that they shall be orthogonal to. */
  readonly against: readonly Float64Array[];
  /** How many are wanted at most. */
  readonly most: number;
  /** Share of its length that a function keeps where one pass of projections is as good as two. */
  readonly enough: number;
  /** A function that keeps no more of its length says nothing new, and is dropped. */
  readonly independent: number;
}

/** Gram–Schmidt of functions of n values each. */
export function orthonormalised(functions: readonly Float64Array[], {against, most, enough, independent}: Orthonormal): Float64Array[] {
  const n = functions[0]?.length ?? 0;
  const [, f, q] = roomFor([held?.length ?? 0, functions.length * n, (against.length + functions.length) * n]);
  put(functions, f);
  put(against, q);
  const known = against.length;
  const end = kernel.orthonormal(f, functions.length, q, known, n, Math.min(known + most, known + functions.length), enough, independent);
  return rowsAt(q + known * n * Float64Array.BYTES_PER_ELEMENT, end - known, n);
}

/** ln(1 + by · x) of every x from 0 on; within two units in the last place. */
export function logarithms(values: Float64Array, by: number): Float64Array {
  const n = values.length;
  const [, at] = roomFor([held?.length ?? 0, n + 3]);
  doubles.set(values, at >> 3);
  kernel.logarithms(at, n, by);
  return numbersAt(at, n);
}

interface Way {
  readonly exponents: Float64Array;
  readonly by: number;
  /** Where it is above 0, 1 + bend · exponent is raised to the power `by`, in place of e. */
  readonly bend?: number;
  /** What stands beside it, of length 1 and without a mean. */
  readonly unit?: Float64Array;
}

/** The energy of a series that c + v e^(by · exponents) leaves, at the best c and v. */
export function leftBeside(series: Float64Array, {exponents, by, bend = 0, unit}: Way): number {
  const n = series.length;
  const [, s, e, u] = roomFor([held?.length ?? 0, n, n + 3, n]);
  doubles.set(series, s >> 3);
  doubles.set(exponents, e >> 3);
  if (unit) doubles.set(unit, u >> 3);
  return kernel.leftBeside(s, e, n, bend, by, unit ? u : 0);
}

/** Puts functions of n values one after another. */
function put(functions: readonly Float64Array[], address: number): void {
  let at = address >> 3;
  for (const f of functions) {
    doubles.set(f, at);
    at += f.length;
  }
}

/** A copy of so many numbers. */
function numbersAt(address: number, count: number): Float64Array {
  const [numbers, all] = [floats(count), doubles];
  const from = address >> 3;
  for (let t = 0; t < count; ++t) numbers[t] = all[from + t];
  return numbers;
}

/** A copy of so many rows of n numbers each. */
function rowsAt(address: number, count: number, n: number): Float64Array[] {
  const rows: Float64Array[] = [];
  for (let i = 0; i < count; ++i) rows.push(numbersAt(address + i * n * Float64Array.BYTES_PER_ELEMENT, n));
  return rows;
}

const PANEL = 256; // rows whose products are made at once
const COLUMNS = 256; // so that the columns of a panel stay in the second-level cache

/** (h_i − h_last)·(h_j − h_last), [rows][rows], and (h_i − h_last)·h_last of states h in float32, [rows][cols]. */
export function differenceProducts(data: Float32Array, rows: number, cols: number): {values: Float64Array; toward: Float64Array} {
  held = undefined;
  const [values, toward] = [roomForMatrix(rows * rows), roomForMatrix(rows)];
  for (let top = 0; top < rows; top += PANEL) {
    for (let left = 0; left <= top; left += PANEL) panel({data, rows, cols}, top, left, {values, toward});
  }
  return {values: mirrored(values, rows), toward};
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
  held = undefined;
  const width = path[0].length;
  const even = width + (width & 1); // the number beyond the last is a zero
  const [out, last, ...recent] = roomFor([SUMS, even / 2, even / 2, even / 2, even / 2]);
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
  const [a, b, singlesAt, out, along, ignored] = roomFor([m * COLUMNS, n * COLUMNS, (PANEL + 1) * COLUMNS, m * n, m, n]);
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
  {data, rows, cols}: Rows,
  {top, count, from, width}: Part,
  {singlesAt, out, toward}: {singlesAt: number; out: number; toward: number}
): void {
  const row = (i: number): Float32Array => data.subarray(i * cols + from, i * cols + from + width);
  for (let i = 0; i < count; ++i) singles.set(row(top + i), (singlesAt >> 2) + i * width);
  const last = singlesAt + 4 * count * width;
  singles.set(row(rows - 1), last >> 2);
  kernel.differences(singlesAt, count, width, last, out, toward);
}

/** A symmetric matrix of its lower half. */
function mirrored(values: Float64Array, n: number): Float64Array {
  for (let i = 0; i < n; ++i) for (let j = 0; j < i; ++j) values[j * n + i] = values[i * n + j];
  return values;
}
