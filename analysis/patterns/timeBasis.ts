import {orthonormalised} from "../kernel/functions.ts";
import {floats} from "../kernel/floats.ts";
import {perSize} from "./perSize.ts";

/** Orthonormal functions of time, each of length n. */
export type TimeBasis = readonly Float64Array[];

const INDEPENDENT = 1e-6; // a function that keeps less of its length than this after projection says nothing new

const ENOUGH = 0.5; // share of its length that a function keeps where one pass of projections is as good as two (Daniel et al. 1976)

/** Gram–Schmidt: `functions` made orthonormal and orthogonal to `against`, the first `most` of them; dependent ones are dropped. */
export const orthonormal = (functions: readonly Float64Array[], against: TimeBasis = [], most = Infinity): Float64Array[] =>
  orthonormalised(functions, {against, most, enough: ENOUGH, independent: INDEPENDENT});

/** What a function of time, changed in place, has along another one of length 1. */
export function takeAway(from: Float64Array, q: Float64Array): void {
  const along = inner(q, from);
  for (let t = 0; t < from.length; ++t) from[t] -= along * q[t];
}

export function inner(a: Float64Array, b: Float64Array): number {
  // Four sums side by side: none waits for another. Each has a line of its own: of a list taken apart, `let [a, b] = [0, 0]`, the engine boxes every number on the way.
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  let t = 0;
  for (const end = a.length - 3; t < end; t += 4) {
    first += a[t] * b[t];
    second += a[t + 1] * b[t + 1];
    third += a[t + 2] * b[t + 2];
    fourth += a[t + 3] * b[t + 3];
  }
  for (; t < a.length; ++t) first += a[t] * b[t];
  return first + second + (third + fourth);
}

/** The constant function of n states, of length 1. */
export const constantOf = perSize((n): TimeBasis => orthonormal([sampled(n, () => 1)]));

/** f(0), f(1), … f(n − 1). */
export function sampled(n: number, f: (t: number) => number): Float64Array {
  const values = floats(n);
  for (let t = 0; t < n; ++t) values[t] = f(t);
  return values;
}

/** The damped oscillation λᵗ of an eigenvalue λ = rate·e^{iω}: its real and imaginary part (the imaginary one only if ω is not 0 or π). */
export function modeFunctions(n: number, rate: number, omega: number): Float64Array[] {
  const real = floats(n);
  if (omega <= 0 || omega >= Math.PI) {
    const step = omega <= 0 ? rate : -rate;
    for (let t = 0, x = 1; t < n; ++t, x *= step) real[t] = x;
    return [real];
  }
  const imaginary = floats(n);
  const stepReal = rate * Math.cos(omega);
  const stepImaginary = rate * Math.sin(omega);
  for (let t = 0, x = 1, y = 0; t < n; ++t) {
    real[t] = x;
    imaginary[t] = y;
    const next = x * stepReal - y * stepImaginary;
    y = x * stepImaginary + y * stepReal;
    x = next;
  }
  return [real, imaginary];
}
