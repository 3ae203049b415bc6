import {floats} from "./floats.ts";
import {matrixAnd, mirrored, numbersAt, put} from "./desk.ts";
import {addressOf, doubles, kernel, roomForMatrix} from "./memory.ts";

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

/** Σ fᵀGf over functions f, for a symmetric G [n][n]. */
export function sumOfForms(values: Float64Array, n: number, functions: readonly Float64Array[]): number {
  let energy = 0;
  for (const f of functions) {
    const [g, at] = matrixAnd(values, [n]);
    doubles.set(f, at >> 3);
    energy = kernel.plusForm(g, n, at, energy);
  }
  return energy;
}

/** Σ (G_ij lᵢ lⱼ)² and Σ (G_ij lᵢ lⱼ)⁴ over i − j ≥ apart of a symmetric G [n][n]; `apart` is 1 at least. */
export function cosinePowers(
  values: Float64Array,
  n: number,
  lengths: Float64Array,
  apart: number
): readonly [squares: number, fourths: number] {
  const [g, l, out] = matrixAnd(values, [n, 2]);
  doubles.set(lengths, l >> 3);
  kernel.cosinePowers(g, n, l, apart, out);
  return [doubles[out >> 3], doubles[(out >> 3) + 1]];
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
