import {cosinePowers, deflated, diagonalSums, formsOf, sumOfForms, timesVector} from "../../kernel/matrices.ts";
import {perSize} from "../statistics/perSize.ts";
import {inner, sampled, type TimeBasis} from "../statistics/timeBasis.ts";

/** Inner products of the states of a window, `[step][step]`. */
export interface Products {
  readonly size: number;
  readonly values: Float64Array;
}

/** G f: for every step its product with the combined state Σ f_t h_t. */
export const productsWith = ({size, values}: Products, f: Float64Array): Float64Array => timesVector(values, size, f);

/** What is left of a window once every coordinate's projection onto the basis is taken away: M G M with M = 1 − QQᵀ. */
export const residualOf = ({size, values}: Products, basis: TimeBasis): Products => ({size, values: deflated(values, size, basis)});

/** Σ ‖rowᵢ‖²: the energy of a window. */
export function energyOf({size, values}: Products): number {
  let sum = 0;
  for (let i = 0; i < size; ++i) sum += values[i * (size + 1)];
  return Math.max(0, sum);
}

/** The energy of a window along functions of time, Σ fᵀGf; what is zero at both ends of a function costs nothing. */
export const energyAlong = ({size, values}: Products, functions: TimeBasis): number => Math.max(0, sumOfForms(values, size, functions));

/** `energyOf(residualOf(window, basis))`, without the rest of what is left. */
export function energyLeft(window: Products, basis: TimeBasis): number {
  const {size, values} = window;
  const along = basis.map((q) => productsWith(window, q));
  const shared = basis.map((q) => along.map((other) => inner(q, other)));
  let sum = 0;
  for (let t = 0; t < size; ++t) {
    let left = values[t * (size + 1)];
    for (let i = 0; i < basis.length; ++i) {
      left -= 2 * basis[i][t] * along[i][t];
      for (let j = 0; j < basis.length; ++j) left += basis[i][t] * basis[j][t] * shared[i][j];
    }
    sum += left;
  }
  return Math.max(0, sum);
}

/** Products of the combined states Σ f_t h_t of several functions: F G Fᵀ. */
export const productsAlong = ({size, values}: Products, functions: TimeBasis): Products => ({
  size: functions.length,
  values: formsOf(values, size, functions)
});

export const MOST_DIMENSIONS = 10_000; // past it an F test is as sharp as it will ever be

/**
 * The effective number of dimensions of noise, from vectors that would be independent draws of it: random directions in d
 * dimensions have a mean squared cosine of 1/d, those of one line 1. Two standard errors are added to the mean, since few vectors
 * tell it badly. Vectors that resemble one another lower the number, which makes every test that uses it more careful, never less.
 * Only pairs `apart` places or more count, which defaults to 1: all of them.
 */
export function effectiveDimensions({size, values}: Products, apart = 1): number {
  const lengths = sampled(size, () => 0);
  let some = 0;
  for (let i = 0; i < size; ++i) {
    const squared = values[i * (size + 1)];
    if (!(squared > 0)) continue; // its cosine with any other is 0, and not counted
    lengths[i] = 1 / Math.sqrt(squared);
    ++some;
  }
  const pairs = ((some - apart + 1) * (some - apart)) / 2;
  if (pairs < 3) return 1;
  const [sum, sumOfSquares] = cosinePowers(values, size, lengths, apart);
  const mean = sum / pairs;
  const spread = Math.sqrt(Math.max(0, sumOfSquares / pairs - mean * mean));
  return Math.min(MOST_DIMENSIONS, Math.max(1, 1 / (mean + (2 * spread) / Math.sqrt(size))));
}

/** Products of the differences of neighbours. */
export function differencesOf({size, values}: Products): Products {
  const steps = new Float64Array((size - 1) ** 2);
  for (let i = 0; i + 1 < size; ++i) {
    for (let j = 0; j + 1 < size; ++j) {
      const at = i * size + j;
      steps[i * (size - 1) + j] = values[at + size + 1] - values[at + size] - values[at + 1] + values[at];
    }
  }
  return {size: size - 1, values: steps};
}

/** Effective dimensions of the noise of a motion, however its speed and direction change: by second differences that share no state. */
export const noiseDimensions = (window: Products): number => effectiveDimensions(differencesOf(differencesOf(window)), 3);

const onesOf = perSize((n) => sampled(n, () => 1));

/** Sums along the diagonals, r(ℓ) = Σₜ G(t, t + ℓ): all that a periodogram needs. */
export function lagSums({size, values}: Products): Float64Array {
  const sums = diagonalSums(values, size, onesOf(size));
  for (let lag = 1; lag < size; ++lag) sums[lag] /= 2;
  return sums;
}

/**
 * Energy at each of two frequencies f in cycles per step, 0 < f ≤ ½, summed over all coordinates: ‖Σ hₜ e^{−2πift}‖² · 2/n. White noise of
 * energy s² per state gives 2 s², s² for each of cosine and sine. Two at a time, since neither waits for the other.
 */
export function periodogramsAt(sums: Float64Array, f: number, g: number): readonly [number, number] {
  const n = sums.length;
  const twiceF = 2 * Math.cos(2 * Math.PI * f);
  const twiceG = 2 * Math.cos(2 * Math.PI * g);
  let beforeF = 1; // cos ωℓ by recurrence
  let nowF = twiceF / 2;
  let totalF = sums[0];
  let beforeG = 1;
  let nowG = twiceG / 2;
  let totalG = sums[0];
  for (let lag = 1; lag < n; ++lag) {
    const twice = 2 * sums[lag];
    totalF += twice * nowF;
    totalG += twice * nowG;
    const nextF = twiceF * nowF - beforeF;
    const nextG = twiceG * nowG - beforeG;
    beforeF = nowF;
    beforeG = nowG;
    nowF = nextF;
    nowG = nextG;
  }
  return [(Math.max(0, totalF) * 2) / n, (Math.max(0, totalG) * 2) / n];
}
