import {besideMatrix, numbersAt, put, rowsAt} from "./desk.ts";
import {doubles, kernel} from "./memory.ts";

/** The products of the cosine and of the sine at every angle a step with other functions: [2 · angles][others]. */
export function productsWithTurns(angles: readonly number[], others: readonly Float64Array[]): Float64Array {
  const n = others[0].length;
  const rows = 2 * angles.length;
  const count = rows * others.length;
  const [steps, f, o, out] = besideMatrix([rows, rows * n, others.length * n, count]);
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
  const [s, c, even, odd] = besideMatrix([sums.length + 3, count + 3, count + 3, count + 3]);
  doubles.set(sums, s >> 3);
  doubles.set(cosines, c >> 3);
  kernel.cosineSums(s, sums.length, c, count, even, odd);
  return {even: numbersAt(even, count), odd: numbersAt(odd, count)};
}

interface Independent {
  /** Orthonormal functions that they shall be orthogonal to. */
  readonly against: readonly Float64Array[];
  /** Share of its length that a function keeps where one pass of projections is as good as two. */
  readonly enough: number;
  /** A function that keeps no more of its length says nothing new, and is dropped. */
  readonly independent: number;
}

interface Orthonormal extends Independent {
  /** How many are wanted at most. */
  readonly most: number;
}

/** Gram–Schmidt of functions of n values each. */
export function orthonormalised(functions: readonly Float64Array[], {against, most, enough, independent}: Orthonormal): Float64Array[] {
  const n = functions[0]?.length ?? 0;
  const [f, q] = besideMatrix([functions.length * n, (against.length + functions.length) * n]);
  put(functions, f);
  put(against, q);
  const known = against.length;
  const end = kernel.orthonormal(f, functions.length, q, known, n, Math.min(known + most, known + functions.length), enough, independent);
  return rowsAt(q + known * n * Float64Array.BYTES_PER_ELEMENT, end - known, n);
}

/** What is left of series of n values each without what they have along modes λᵗ, each known by the real and imaginary part of λ, and how many functions of time these had. */
export function withoutModes(
  series: readonly Float64Array[],
  steps: readonly (readonly [real: number, imaginary: number])[],
  {against, enough, independent}: Independent
): {left: Float64Array[]; taken: number} {
  const n = (series[0] ?? against[0])?.length ?? 0;
  const known = against.length;
  const most = 2 * steps.length;
  const [at, f, q, s] = besideMatrix([most, most * n, (known + most) * n, series.length * n]);
  steps.forEach((step, i) => doubles.set(step, (at >> 3) + 2 * i));
  put(against, q);
  put(series, s);
  const taken = kernel.withoutModes(at, steps.length, f, q, known, n, enough, independent, s, series.length);
  return {left: rowsAt(s, series.length, n), taken};
}

/** ln(1 + by · x) of every x from 0 on; within two units in the last place. */
export function logarithms(values: Float64Array, by: number): Float64Array {
  const n = values.length;
  const [at] = besideMatrix([n + 3]);
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
  const [s, e, u] = besideMatrix([n, n + 3, n]);
  doubles.set(series, s >> 3);
  doubles.set(exponents, e >> 3);
  if (unit) doubles.set(unit, u >> 3);
  return kernel.leftBeside(s, e, n, bend, by, unit ? u : 0);
}
