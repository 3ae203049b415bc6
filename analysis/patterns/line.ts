import {fTail} from "./fTail.ts";
import {effectiveDimensions, energyAlong, energyOf, lagSums, periodogramAt, residualOf, type Products} from "./residual.ts";
import {modeFunctions, orthonormal, type TimeBasis} from "./timeBasis.ts";

/** A spectral line of a window: one frequency at which every coordinate keeps time. */
export interface Line {
  /** Cycles per step, 0 < f ≤ ½. */
  readonly frequency: number;
  /** Energy of the line and of its harmonics. */
  readonly energy: number;
  /** Energy per state that is neither nuisance nor line. */
  readonly noise: number;
  /** Mean line energy per function of time over that of its neighbourhood. */
  readonly ratio: number;
  /** Energy of the neighbourhood over the median of the residual's spectrum: 1 for white noise, large in a hump. */
  readonly skirt: number;
  /** P(a line this strong | smooth spectrum), for this one frequency. */
  readonly p: number;
  readonly dimensions: number;
}

const OVERSAMPLING = 4; // grid points per 1/n of frequency
const CANDIDATES = 4; // strongest local maxima that are tested
const NEIGHBOURS = 4; // background frequencies on each side, 1/n apart
const HARMONICS = 3; // removed from the background up to this multiple
const SUBHARMONIC_RATIO = 12; // a line at f/k this far above the background makes the period k times as long

/**
 * The strongest line of a window among frequencies with at least three turns in it, 3/n ≤ f ≤ ½, tested against a smooth
 * spectrum (as Thomson 1982 tests a line against a locally flat one): the energy at f in all coordinates together, over the mean energy at
 * f ± j/n, j = 1…4, of what is left when the line and its harmonics are taken away; the larger of the lower side's and the
 * two sides' mean, so that a red spectrum has no line. In ν effective dimensions it follows F(2ν, 2ν · neighbours).
 *
 * Which null: independent noise (flat), a random walk (1/f²), an autoregression and any phase-randomised surrogate of these have a
 * smooth spectrum, whatever their covariance between coordinates. A phase-randomised surrogate *of an orbit* keeps the orbit's line and is
 * itself periodic: it cannot serve as a null for "this recurs", only for "this curve has a shape", which is not claimed here.
 */
export function strongestLine(window: Products, nuisance: TimeBasis, floor: number): Line | undefined {
  const n = window.size;
  const plain = residualOf(window, nuisance);
  const sums = lagSums(plain);
  let best: Line | undefined;
  for (const f of peaks(sums)) {
    const line = lineAt(plain, nuisance, refined(sums, f), floor);
    if (line && (!best || line.p < best.p || (line.p === best.p && line.energy > best.energy))) best = line;
  }
  if (!best) return undefined;
  for (const k of [2, 3, 4, 5]) {
    const f = best.frequency / k;
    if (f < 3 / n) break;
    const below = lineAt(residualOf(plain, lineBasis(n, best.frequency, nuisance)), nuisance, f, floor);
    if (below && below.ratio > SUBHARMONIC_RATIO && below.p < 1e-6) {
      const whole = lineAt(plain, nuisance, f, floor);
      if (whole) return {...whole, p: Math.min(whole.p, best.p), ratio: Math.max(whole.ratio, best.ratio)};
    }
  }
  return best;
}

/** Local maxima of the periodogram from 3/n to ½, strongest first. */
function peaks(sums: Float64Array): number[] {
  const n = sums.length;
  const step = 1 / (OVERSAMPLING * n);
  const grid: {f: number; energy: number}[] = [];
  for (let f = 3 / n - step; f < 0.5 + step / 2; f += step) grid.push({f: Math.min(f, 0.5), energy: periodogramAt(sums, Math.min(f, 0.4999999))});
  const tops = grid.filter(({f, energy}, i) => f >= 3 / n - 1e-12 && energy >= (grid[i - 1]?.energy ?? 0) && energy >= (grid[i + 1]?.energy ?? 0));
  return tops.sort((a, b) => b.energy - a.energy).slice(0, CANDIDATES).map(({f}) => f);
}

/** The frequency at the top of a peak, by ternary search within one grid step. */
function refined(sums: Float64Array, f: number): number {
  const step = 1 / (OVERSAMPLING * sums.length);
  let [low, high] = [Math.max(3 / sums.length, f - step), Math.min(0.5, f + step)];
  for (let i = 0; i < 20; ++i) {
    const [a, b] = [low + (high - low) / 3, high - (high - low) / 3];
    if (periodogramAt(sums, Math.min(a, 0.4999999)) < periodogramAt(sums, Math.min(b, 0.4999999))) low = a;
    else high = b;
  }
  const top = (low + high) / 2;
  return 0.5 - top < 0.125 / sums.length ? 0.5 : top; // closer to ½ than the window can tell
}

/** Cosine and sine at a frequency, without the nuisance. */
const lineBasis = (n: number, f: number, nuisance: TimeBasis): Float64Array[] => orthonormal(modeFunctions(n, 1, 2 * Math.PI * f), nuisance);

/** A frequency above ½ seen through sampling. */
const folded = (f: number): number => {
  const part = f - Math.floor(f);
  return part > 0.5 ? 1 - part : part;
};

/** Tests the line at one frequency; undefined where the nuisance leaves nothing of it. */
export function lineAt(plain: Products, nuisance: TimeBasis, frequency: number, floor: number): Line | undefined {
  const n = plain.size;
  const basis = lineBasis(n, frequency, nuisance);
  if (basis.length === 0) return undefined;
  const harmonics: Float64Array[] = [];
  for (let h = 2; h <= HARMONICS; ++h) {
    const f = folded(h * frequency);
    if (f > 1.5 / n && Math.abs(f - frequency) > 1 / n) harmonics.push(...orthonormal(modeFunctions(n, 1, 2 * Math.PI * Math.min(f, 0.5)), [...nuisance, ...basis, ...harmonics]));
  }
  const energy = energyAlong(plain, basis);
  const overtones = energyAlong(plain, harmonics);
  const left = residualOf(plain, [...basis, ...harmonics]);
  const free = n - nuisance.length - basis.length - harmonics.length;
  if (free < 2) return undefined;
  const noise = energyOf(left) / free;
  const sums = lagSums(left);
  const {background, neighbours, middle} = surroundings(sums, frequency);
  const least = Math.max(floor * 0.01, Number.MIN_VALUE); // an exact cycle leaves nothing: rounding alone bounds the ratio
  const dimensions = effectiveDimensions(left);
  const ratio = energy / basis.length / Math.max(background, least);
  const p = fTail(ratio, basis.length * dimensions, 2 * neighbours * dimensions);
  const heard = overtones - harmonics.length * noise;
  return {
    frequency,
    energy: Math.max(0, energy - basis.length * background) + (heard > 3 * harmonics.length * noise ? heard : 0),
    noise,
    ratio,
    skirt: background / Math.max(middle, least),
    p,
    dimensions,
  };
}

/** Mean energy per function of time beside a frequency, how many frequencies it comes from, and the median over all. */
function surroundings(sums: Float64Array, frequency: number): {background: number; neighbours: number; middle: number} {
  const n = sums.length;
  const energyPer = (f: number): number => periodogramAt(sums, f) / 2;
  const [low, high]: [number[], number[]] = [[], []];
  for (let j = 1; j <= NEIGHBOURS; ++j) {
    if (frequency - j / n > 0.75 / n) low.push(energyPer(frequency - j / n));
    if (frequency + j / n < 0.5 - 0.25 / n) high.push(energyPer(frequency + j / n));
  }
  const all: number[] = [];
  for (let f = 1.5 / n; f < 0.5; f += 1 / n) all.push(energyPer(f));
  all.sort((a, b) => a - b);
  const mean = (list: number[]): number => (list.length === 0 ? 0 : list.reduce((sum, e) => sum + e, 0) / list.length);
  return {background: Math.max(mean(low), mean([...low, ...high])), neighbours: low.length + high.length, middle: all[all.length >> 1] ?? 0};
}
