import {scratching} from "../../kernel/memory.ts";
import {FAINT_OVERTONE, turnsToClose} from "./closure.ts";
import {folded} from "./folded.ts";
import {mixtureTail} from "../statistics/fTail.ts";
import {
  effectiveDimensions,
  energyAlong,
  energyLeft,
  energyOf,
  lagSums,
  productsAlong,
  residualOf,
  type Products
} from "../path/residual.ts";
import {peaks, spectrumOf, type Spectrum} from "./spectrum.ts";
import {inner, modeFunctions, orthonormal, sampled, takeAway, type TimeBasis} from "../statistics/timeBasis.ts";

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
  /** Energy of the neighbourhood over the median of the spectrum: 1 for white noise, large in a hump. */
  readonly skirt: number;
  /** P(a line this strong | smooth spectrum), for this one frequency. */
  readonly p: number;
  /** Turns of the line after which the curve closes: 1, or more where what the line and its overtones leave repeats only then. */
  readonly turnsToClose: () => number;
}

export const NEIGHBOURS = 4; // background frequencies on each side, 1/n apart
export const HARMONICS = [2, 3];
export const LOWEST = 1.5; // of 1/n: what is slower belongs to the trend
export const LOUD = 12; // a harmonic this far above the noise belongs to the orbit, not to its background
const SAME = 0.05; // of 1/n: frequencies so close are one
const FAINT_FUNDAMENTAL = 400; // as often a fundamental's energy as the louder line above it has at most
const SUBHARMONICS = [2, 3, 4, 5];

/**
 * The strongest line of a window among frequencies with at least three turns in it, 3/n ≤ f ≤ ½, tested against a smooth
 * spectrum (as Thomson 1982 tests a line against a locally flat one): the energy at f in all coordinates together, over the mean
 * energy at f ± j/n, j = 1…4, of what is left when the line is taken away; the larger of the lower side's mean and that of both, so
 * that a red spectrum has no line. The p-value is `mixtureTail`'s with 2 and 2 · neighbours degrees of freedom.
 *
 * Which null: independent noise (flat), a random walk (1/f²), an autoregression and any phase-randomised surrogate of these have a
 * smooth spectrum, whatever their covariance between coordinates. A phase-randomised surrogate *of an orbit* keeps the orbit's
 * line and is itself periodic: it cannot serve as a null for "this recurs", only for "this curve has a shape", which is not claimed.
 */
export const strongestLine = (plain: Products, nuisance: TimeBasis, floor: number): Line | undefined =>
  scratching(() => strongestOf(plain, nuisance, floor));

function strongestOf(plain: Products, nuisance: TimeBasis, floor: number): Line | undefined {
  const spectrum = spectrumOf(lagSums(plain));
  let best: Line | undefined;
  for (const f of peaks(spectrum)) {
    const line = lineAt(plain, nuisance, f, floor, spectrum);
    if (line && (!best || line.p < best.p || (line.p === best.p && line.energy > best.energy))) best = line;
  }
  if (!best || best.ratio <= LOUD) return best;
  const fundamental = withFundamental(best, plain, nuisance, floor, spectrum);
  const {frequency, energy} = fundamental;
  return {...fundamental, turnsToClose: () => scratching(() => turnsToClose(plain, nuisance, {period: 1 / frequency, energy}))};
}

/** If a quieter line at f/k stands clear of the noise too, the curve closes only after k of the louder line's turns. */
function withFundamental(line: Line, plain: Products, nuisance: TimeBasis, floor: number, spectrum: Spectrum): Line {
  const without = residualOf(plain, lineBasis(plain.size, line.frequency, nuisance));
  const spectrumWithout = spectrumOf(lagSums(without));
  for (const k of [...SUBHARMONICS].reverse()) {
    const f = line.frequency / k;
    if (f < 3 / plain.size) continue;
    const below = lineAt(without, nuisance, f, floor, spectrumWithout);
    if (!below || below.ratio < LOUD || below.p > 1e-6 || below.energy < line.energy / FAINT_FUNDAMENTAL) continue;
    // An overtone of the line itself may fall on f/k, folded at ½, or beside it.
    const overtones = HARMONICS.map((h) => folded(h * line.frequency));
    const on = overtones.some((overtone) => Math.abs(overtone - f) < SAME / plain.size);
    if (
      on ? below.energy < line.energy / FAINT_OVERTONE : overtones.some((overtone) => energyAt(without, overtone, nuisance) > below.energy)
    )
      continue;
    if (ownEnergy(without, f, nuisance) < line.energy / FAINT_FUNDAMENTAL) continue; // what another line spills is none
    const whole = lineAt(plain, nuisance, f, floor, spectrum);
    if (whole)
      return {
        ...whole,
        p: Math.min(whole.p, line.p),
        ratio: Math.max(whole.ratio, line.ratio),
        energy: Math.max(whole.energy, line.energy + below.energy)
      };
  }
  return line;
}

/** Energy of the cosine and sine at a frequency, of a window without its nuisance. */
const energyAt = (plain: Products, f: number, nuisance: TimeBasis): number => energyAlong(plain, lineBasis(plain.size, f, nuisance));

/** The energy at a frequency once all its overtones below ½ are taken away, each of which spills some of its own over the whole spectrum. */
function ownEnergy(plain: Products, f: number, nuisance: TimeBasis): number {
  const overtones = multiplesOf(f)
    .slice(1)
    .flatMap((multiple) => modeFunctions(plain.size, 1, 2 * Math.PI * multiple));
  const basis = orthonormal(overtones, nuisance);
  return energyAlong(residualOf(plain, basis), orthonormal(modeFunctions(plain.size, 1, 2 * Math.PI * f), [...nuisance, ...basis]));
}

/** Cosine and sine at a frequency, without the nuisance. */
export const lineBasis = (n: number, f: number, nuisance: TimeBasis): Float64Array[] =>
  orthonormal(modeFunctions(n, 1, 2 * Math.PI * f), nuisance);

const SUBTRACTED = 1e-6; // share of a window's energy of which enough digits are left when the rest is subtracted

/** Tests the line at one frequency of a window without its nuisance; undefined where the nuisance leaves nothing of it. */
function lineAt(plain: Products, nuisance: TimeBasis, frequency: number, floor: number, {middle}: Spectrum): Line | undefined {
  const n = plain.size;
  const basis = lineBasis(n, frequency, nuisance);
  if (basis.length === 0) return undefined;
  const total = energyOf(plain);
  const own = energyAlong(plain, basis);
  let free = n - nuisance.length - basis.length;
  const removed = [...nuisance, ...basis];
  let overtones = 0;
  for (const f of overtonesApart(frequency, n)) {
    if (free < 6) continue;
    const harmonic = orthonormal(modeFunctions(n, 1, 2 * Math.PI * f), removed);
    const energy = energyAlong(plain, harmonic);
    if (energy / harmonic.length < LOUD * ((total - own - overtones) / free)) continue;
    overtones += energy;
    removed.push(...harmonic);
    free -= harmonic.length;
  }
  if (free < 2) return undefined;
  const left = total - own - overtones;
  const least = Math.max(floor * 0.01, Number.MIN_VALUE); // an exact cycle leaves nothing: rounding alone bounds the ratio
  const {background, functions, dimensions} = surroundings(plain, removed, frequency);
  const ratio = own / basis.length / Math.max(background, least);
  return {
    frequency,
    energy: Math.max(0, own - basis.length * background) + overtones,
    noise: (left > SUBTRACTED * total ? left : energyLeft(plain, removed.slice(nuisance.length))) / free,
    ratio,
    skirt: background / Math.max(middle(), least),
    p: mixtureTail(ratio, basis.length, Math.min(functions, free), dimensions),
    turnsToClose: () => 1
  };
}

/** Overtones of a line as sampling shows them, that a window of n states tells from its trend and from the line itself. */
export const overtonesApart = (frequency: number, n: number): number[] =>
  HARMONICS.map((h) => folded(h * frequency)).filter((f) => f >= LOWEST / n && Math.abs(f - frequency) >= 1 / n);

const AT_HALF = 0.01; // of a multiple: one that lies as little beyond ½ alternates, since no frequency is known to the last digit

/** Whole multiples up to ½ of so small a part of a frequency. */
export const multiplesOf = (frequency: number, parts = 1): number[] =>
  Array.from({length: Math.floor((parts / frequency) * 0.5 + AT_HALF)}, (_, j) => Math.min(0.5, ((j + 1) * frequency) / parts));

/** Mean energy per function of time beside a frequency, how many functions it comes from, and their effective dimensions. */
export function surroundings(
  plain: Products,
  removed: TimeBasis,
  frequency: number
): {readonly background: number; readonly functions: number; readonly dimensions: number} {
  const below = functionsBeside(plain.size, removed, frequency, -1);
  const functions = [...below, ...functionsBeside(plain.size, removed, frequency, 1)];
  const products = productsAlong(plain, functions); // as of what is left of the window without the removed ones, which they have nothing of
  const energies = functions.map((_, i) => products.values[i * (functions.length + 1)]);
  const mean = (list: readonly number[]): number => (list.length === 0 ? 0 : list.reduce((sum, e) => sum + e, 0) / list.length);
  return {
    background: Math.max(mean(energies.slice(0, below.length)), mean(energies)),
    functions: Math.max(1, functions.length),
    dimensions: effectiveDimensions(products)
  };
}

/** Frequencies beside one, on its lower side or its upper one, that a window of n states tells from 0 and from ½. */
export const neighboursOf = (n: number, frequency: number, side: -1 | 1): number[] =>
  Array.from({length: NEIGHBOURS}, (_, j) => frequency + (side * (j + 1)) / n).filter((f) => f >= 0.75 / n && f <= 0.5 - 0.25 / n);

/** Their cosines and sines, each of length 1 without the removed functions. */
export const functionsBeside = (n: number, removed: TimeBasis, frequency: number, side: -1 | 1): Float64Array[] =>
  neighboursOf(n, frequency, side)
    .flatMap((f) => modeFunctions(n, 1, 2 * Math.PI * f))
    .map((g) => withoutBasis(g, removed))
    .filter((g) => g.length > 0);

export const LEAST_LEFT = 0.3; // share of a function's length that the removed ones must leave for it to speak

/** A function without its part along the basis, of length 1 again; empty if little of it is left. */
function withoutBasis(f: Float64Array, basis: TimeBasis): Float64Array {
  const before = inner(f, f);
  for (const q of basis) takeAway(f, q);
  const after = inner(f, f);
  return after < LEAST_LEFT * before ? new Float64Array(0) : sampled(f.length, (t) => f[t] / Math.sqrt(after));
}
