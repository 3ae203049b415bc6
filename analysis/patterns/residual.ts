import type {TimeBasis} from "./timeBasis.ts";

/** Inner products of the states of a window, `[step][step]`. */
export interface Products {
  readonly size: number;
  readonly values: Float64Array;
}

/** What is left of a window once every coordinate's projection onto the basis is taken away: M G M with M = 1 − QQᵀ. */
export function residualOf({size, values}: Products, basis: TimeBasis): Products {
  const rest = values.slice(); // the caller keeps the whole
  for (const q of basis) {
    const along = new Float64Array(size);
    let twice = 0;
    for (let i = 0; i < size; ++i) {
      let sum = 0;
      for (let j = 0; j < size; ++j) sum += rest[i * size + j] * q[j];
      along[i] = sum;
      twice += sum * q[i];
    }
    for (let i = 0; i < size; ++i) {
      for (let j = 0; j < size; ++j) rest[i * size + j] += -along[i] * q[j] - q[i] * along[j] + twice * q[i] * q[j];
    }
  }
  return {size, values: rest};
}

/** Σ ‖rowᵢ‖²: the energy of a window. */
export function energyOf({size, values}: Products): number {
  let sum = 0;
  for (let i = 0; i < size; ++i) sum += values[i * size + i];
  return Math.max(0, sum);
}

/** The energy of a window along a basis, Σ qᵀGq. */
export function energyAlong({size, values}: Products, basis: TimeBasis): number {
  let energy = 0;
  for (const q of basis) {
    for (let i = 0; i < size; ++i) {
      let sum = 0;
      for (let j = 0; j < size; ++j) sum += values[i * size + j] * q[j];
      energy += sum * q[i];
    }
  }
  return Math.max(0, energy);
}

const MOST_DIMENSIONS = 10_000; // past it an F test is as sharp as it will ever be

/**
 * The effective number of dimensions of noise, ν = (tr Σ)² / tr Σ², estimated from the products of different steps:
 * mean(g_ii)² / mean(g_ij²), i ≠ j. Independent noise of equal size in d directions gives d; a path in one direction gives 1.
 * Steps that resemble one another lower it, which makes every test that uses it more careful, never less.
 */
export function effectiveDimensions({size, values}: Products): number {
  let [own, cross] = [0, 0];
  for (let i = 0; i < size; ++i) {
    own += values[i * size + i];
    for (let j = 0; j < i; ++j) cross += values[i * size + j] ** 2;
  }
  if (!(own > 0) || size < 3) return 1;
  const pairs = (size * (size - 1)) / 2;
  return Math.min(MOST_DIMENSIONS, Math.max(1, (own / size) ** 2 / (cross / pairs)));
}

/** Sums along the diagonals, r(ℓ) = Σₜ G(t, t + ℓ): all that a periodogram needs. */
export function lagSums({size, values}: Products): Float64Array {
  const sums = new Float64Array(size);
  for (let i = 0; i < size; ++i) for (let j = i; j < size; ++j) sums[j - i] += values[i * size + j];
  return sums;
}

/**
 * Energy at a frequency f in cycles per step, 0 < f ≤ ½, summed over all coordinates: ‖Σ hₜ e^{−2πift}‖² · 2/n. White noise of
 * energy s² per state gives s² per function of time: 2 s², and s² at f = ½, where cosine and sine are one function.
 */
export function periodogramAt(sums: Float64Array, f: number): number {
  const n = sums.length;
  let total = sums[0];
  for (let lag = 1; lag < n; ++lag) total += 2 * sums[lag] * Math.cos(2 * Math.PI * f * lag);
  return Math.max(0, total) * ((f >= 0.5 ? 1 : 2) / n);
}
