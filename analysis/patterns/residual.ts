import {inner, type TimeBasis} from "./timeBasis.ts";

/** Inner products of the states of a window, `[step][step]`. */
export interface Products {
  readonly size: number;
  readonly values: Float64Array;
}

/** G f: for every step its product with the combined state Σ f_t h_t. */
export function productsWith({size, values}: Products, f: Float64Array): Float64Array {
  const products = new Float64Array(size);
  // Four rows side by side: the additions of one do not wait for those of the others.
  for (let i = 0; i < size; i += 4) {
    const first = i * size;
    const second = Math.min(i + 1, size - 1) * size;
    const third = Math.min(i + 2, size - 1) * size;
    const fourth = Math.min(i + 3, size - 1) * size;
    let a = 0,
      b = 0,
      c = 0,
      d = 0;
    for (let j = 0; j < size; ++j) {
      const x = f[j];
      a += values[first + j] * x;
      b += values[second + j] * x;
      c += values[third + j] * x;
      d += values[fourth + j] * x;
    }
    products[i] = a;
    if (i + 1 < size) products[i + 1] = b;
    if (i + 2 < size) products[i + 2] = c;
    if (i + 3 < size) products[i + 3] = d;
  }
  return products;
}

/** What is left of a window once every coordinate's projection onto the basis is taken away: M G M with M = 1 − QQᵀ. */
export function residualOf(window: Products, basis: TimeBasis): Products {
  const {size} = window;
  const rest = {size, values: window.values.slice()}; // the caller keeps the whole
  for (const q of basis) {
    const along = productsWith(rest, q);
    const twice = inner(along, q);
    // −q alongᵀ − along qᵀ + twice q qᵀ, with half of the last term in each of the first two
    for (let i = 0; i < size; ++i) along[i] -= (twice / 2) * q[i];
    for (let i = 0; i < size; ++i) {
      const [a, own] = [along[i], q[i]];
      for (let j = 0, at = i * size, across = i; j <= i; ++j, ++at, across += size)
        rest.values[across] = rest.values[at] -= a * q[j] + own * along[j];
    }
  }
  return rest;
}

/** Σ ‖rowᵢ‖²: the energy of a window. */
export function energyOf({size, values}: Products): number {
  let sum = 0;
  for (let i = 0; i < size; ++i) sum += values[i * (size + 1)];
  return Math.max(0, sum);
}

/** The energy of a window along functions of time, Σ fᵀGf. */
export function energyAlong(window: Products, functions: TimeBasis): number {
  let energy = 0;
  for (const f of functions) energy += inner(productsWith(window, f), f);
  return Math.max(0, energy);
}

/** Products of the combined states Σ f_t h_t of several functions: F G Fᵀ. */
export function productsAlong(window: Products, functions: TimeBasis): Products {
  const size = functions.length;
  const values = new Float64Array(size * size);
  functions.forEach((f, i) => {
    const along = productsWith(window, f);
    for (let j = 0; j <= i; ++j) values[i * size + j] = values[j * size + i] = inner(along, functions[j]);
  });
  return {size, values};
}

const MOST_DIMENSIONS = 10_000; // past it an F test is as sharp as it will ever be

/**
 * The effective number of dimensions of noise, from vectors that would be independent draws of it: random directions in d
 * dimensions have a mean squared cosine of 1/d, those of one line 1. Two standard errors are added to the mean, since few vectors
 * tell it badly. Vectors that resemble one another lower the number, which makes every test that uses it more careful, never less.
 */
export function effectiveDimensions({size, values}: Products): number {
  const squares = new Float64Array(size);
  let [sum, sumOfSquares, pairs] = [0, 0, 0];
  for (let i = 0; i < size; ++i) squares[i] = values[i * (size + 1)];
  for (let i = 0; i < size; ++i) {
    for (let j = 0; j < i; ++j) {
      if (!(squares[i] > 0 && squares[j] > 0)) continue;
      const cosine = values[i * size + j] ** 2 / (squares[i] * squares[j]);
      sum += cosine;
      sumOfSquares += cosine * cosine;
      ++pairs;
    }
  }
  if (pairs < 3) return 1;
  const mean = sum / pairs;
  const spread = Math.sqrt(Math.max(0, sumOfSquares / pairs - mean * mean));
  return Math.min(MOST_DIMENSIONS, Math.max(1, 1 / (mean + (2 * spread) / Math.sqrt(size))));
}

/** Sums along the diagonals, r(ℓ) = Σₜ G(t, t + ℓ): all that a periodogram needs. */
export function lagSums({size, values}: Products): Float64Array {
  const sums = new Float64Array(size);
  for (let i = 0; i < size; ++i) for (let j = i; j < size; ++j) sums[j - i] += values[i * size + j];
  return sums;
}

/**
 * Energy at a frequency f in cycles per step, 0 < f ≤ ½, summed over all coordinates: ‖Σ hₜ e^{−2πift}‖² · 2/n. White noise of
 * energy s² per state gives 2 s², s² for each of cosine and sine.
 */
export function periodogramAt(sums: Float64Array, f: number): number {
  const n = sums.length;
  const twice = 2 * Math.cos(2 * Math.PI * f);
  let [before, now] = [1, twice / 2]; // cos ωℓ by recurrence
  let total = sums[0];
  for (let lag = 1; lag < n; ++lag) {
    total += 2 * sums[lag] * now;
    [before, now] = [now, twice * now - before];
  }
  return (Math.max(0, total) * 2) / n;
}
