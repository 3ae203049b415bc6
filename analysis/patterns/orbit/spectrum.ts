import {cosineSums} from "../../kernel/functions.ts";
import {perSize} from "../statistics/perSize.ts";
import {periodogramsAt} from "../path/residual.ts";
import {sampled} from "../statistics/timeBasis.ts";

const OVERSAMPLING = 4; // grid points per 1/n of frequency
const CANDIDATES = 3; // strongest local maxima that are tested

/** A periodogram, four frequencies to 1/n, from `FIRST` on: the k-th is of k/(4n). */
export interface Spectrum {
  readonly sums: Float64Array;
  readonly energies: Float64Array;
  /** Median at frequencies 1/n apart, per function of time. */
  readonly middle: () => number;
}

const FIRST = 3 * OVERSAMPLING; // three turns in the window

export function spectrumOf(sums: Float64Array): Spectrum {
  const n = sums.length;
  const last = (OVERSAMPLING * n) / 2;
  const energies = new Float64Array(last + 1);
  const {even, odd} = cosineSums(sums, cosinesOf(n));
  // At as far from ½ as the other is from 0, what lies at odd lags changes its sign.
  for (let k = 0; 2 * k <= last; ++k) {
    const alike = 2 * even[k] - sums[0];
    const opposite = 2 * odd[k];
    energies[last - k] = (Math.max(0, alike - opposite) * 2) / n;
    energies[k] = (Math.max(0, alike + opposite) * 2) / n;
  }
  let known: number | undefined;
  return {sums, energies, middle: () => (known ??= middleOf(energies))};
}

function middleOf(energies: Float64Array): number {
  const apart: number[] = [];
  for (let k = 1.5 * OVERSAMPLING; k < energies.length - 1; k += OVERSAMPLING) apart.push(energies[k] / 2);
  apart.sort((a, b) => a - b);
  return apart[apart.length >> 1] ?? 0;
}

/** Of every frequency k/(4n) up to ¼. */
const cosinesOf = perSize((n) => sampled((OVERSAMPLING * n) / 4 + 1, (k) => Math.cos((2 * Math.PI * k) / (OVERSAMPLING * n))));

/** Frequencies at the tops of the strongest local maxima of the periodogram from 3/n to ½, strongest first. */
export function peaks({sums, energies}: Spectrum): number[] {
  const tops: number[] = [];
  for (let k = FIRST; k < energies.length; ++k) if (energies[k] >= energies[k - 1] && energies[k] >= (energies[k + 1] ?? 0)) tops.push(k);
  return tops
    .sort((a, b) => energies[b] - energies[a])
    .slice(0, CANDIDATES)
    .map((k) => refined(sums, k / (OVERSAMPLING * sums.length)));
}

/** The frequency at the top of a peak, by ternary search within one grid step. */
function refined(sums: Float64Array, f: number): number {
  const step = 1 / (OVERSAMPLING * sums.length);
  let [low, high] = [Math.max(3 / sums.length, f - step), Math.min(0.5, f + step)];
  for (let i = 0; i < 12; ++i) {
    const [a, b] = [low + (high - low) / 3, high - (high - low) / 3];
    const [atA, atB] = periodogramsAt(sums, a, b);
    if (atA < atB) low = a;
    else high = b;
  }
  const top = (low + high) / 2;
  return 0.5 - top < 0.125 / sums.length ? 0.5 : top; // closer to ½ than the window can tell
}
