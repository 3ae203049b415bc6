import {orthonormalised, withoutModes} from "../../kernel/functions.ts";
import {floats} from "../../kernel/floats.ts";
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

/** λ = rate·e^{iω}, real where it does not turn. */
const stepOf = (rate: number, omega: number): [real: number, imaginary: number] =>
  omega <= 0 ? [rate, 0] : omega >= Math.PI ? [-rate, 0] : [rate * Math.cos(omega), rate * Math.sin(omega)];

/** The damped oscillation λᵗ of an eigenvalue λ = rate·e^{iω}: its real and imaginary part (the imaginary one only if ω is not 0 or π). */
export function modeFunctions(n: number, rate: number, omega: number): Float64Array[] {
  const real = floats(n);
  const [a, b] = stepOf(rate, omega);
  if (omega <= 0 || omega >= Math.PI) {
    for (let t = 0, x = 1; t < n; ++t, x *= a) real[t] = x;
    return [real];
  }
  const imaginary = floats(n);
  for (let t = 0, x = 1, y = 0; t < n; ++t) {
    real[t] = x;
    imaginary[t] = y;
    const next = x * a - y * b;
    y = x * b + y * a;
    x = next;
  }
  return [real, imaginary];
}

/** Of an eigenvalue rate·e^{iω}. */
export interface Place {
  readonly rate: number;
  readonly omega: number;
}

/** What is left of series in time once their projections on a nuisance's complement of modes' functions are taken away, and how many such functions there are; in the series the nuisance has no part. */
export const leftByModes = (
  series: readonly Float64Array[],
  modes: readonly Place[],
  nuisance: TimeBasis
): {left: Float64Array[]; taken: number} =>
  withoutModes(
    series,
    modes.map(({rate, omega}) => stepOf(rate, omega)),
    {against: nuisance, enough: ENOUGH, independent: INDEPENDENT}
  );
