import {mixtureTail} from "./fTail.ts";
import {folded, HARMONICS, LEAST_LEFT, lineBasis, LOUD, NEIGHBOURS} from "./line.ts";
import {turningForms} from "./modeEnergy.ts";
import {energyOf, lagSums, MOST_DIMENSIONS, productsWith, type Products} from "./residual.ts";
import {peaks, spectrumOf} from "./spectrum.ts";
import {inner, modeFunctions, type TimeBasis} from "./timeBasis.ts";

interface Faintness {
  /** Least p-value of any line, for one frequency. */
  readonly p: number;
  /** Greatest ratio to its neighbourhood. */
  readonly ratio: number;
}

/**
 * Whether all that `strongestLine` would look at in a window is fainter than this, seen from bounds that cost a tenth of it: the lower neighbours' mean alone is the background (it is that or
 * more), in as many dimensions as may ever be found, with no loud overtone. False where the bounds leave it open.
 */
export function linesAreFaint(plain: Products, nuisance: TimeBasis, faintness: Faintness): boolean {
  const window = {plain, nuisance, forms: turningForms(plain), total: energyOf(plain)};
  return peaks(spectrumOf(lagSums(plain))).every((f) => lineIsFaint(f, window, faintness));
}

interface Window {
  readonly plain: Products;
  readonly nuisance: TimeBasis;
  readonly forms: ReturnType<typeof turningForms>;
  readonly total: number;
}

function lineIsFaint(frequency: number, {plain, nuisance, forms, total}: Window, {p, ratio: most}: Faintness): boolean {
  const n = plain.size;
  const basis = lineBasis(n, frequency, nuisance);
  if (basis.length === 0) return true;
  const left = withoutLine(plain, nuisance, basis);
  const pairAt = (f: number): Rest[] => {
    const [real, , imaginary] = forms(2 * Math.PI * f);
    return modeFunctions(n, 1, 2 * Math.PI * f).map((g, i) => left.of(g, i === 0 ? real : imaginary));
  };
  const free = n - nuisance.length - basis.length;
  const loud = (LOUD * (total - left.own)) / free;
  for (const h of HARMONICS) {
    const f = folded(h * frequency);
    if (f < 1.5 / n || Math.abs(f - frequency) < 1 / n) continue;
    if (!(mostTogether(pairAt(f)) < loud)) return false;
  }
  const lower = Array.from({length: NEIGHBOURS}, (_, j) => frequency - (j + 1) / n)
    .filter((f) => f >= 0.75 / n && f <= 0.5 - 0.25 / n)
    .flatMap(pairAt)
    .filter(({share}) => share >= LEAST_LEFT);
  const background = lower.reduce((sum, {energy}) => sum + energy, 0) / lower.length;
  if (!(background > 0)) return false;
  const ratio = left.own / basis.length / background;
  return ratio <= most && mixtureTail(ratio, basis.length, 4 * NEIGHBOURS, MOST_DIMENSIONS) >= p;
}

/** What a nuisance and a line leave of a function of time. */
interface Rest {
  readonly whole: Float64Array;
  /** What is left of it is without its parts along the functions that are taken away, and has this length, squared. */
  readonly parts: Float64Array;
  readonly squared: number;
  /** Of its squared length. */
  readonly share: number;
  /** The window's energy along what is left, for a length of 1. */
  readonly energy: number;
}

/** The window's energy along functions without their part along a line, from that along the whole of them. */
function withoutLine(plain: Products, nuisance: TimeBasis, basis: TimeBasis) {
  const along = basis.map((q) => productsWith(plain, q));
  const shared = along.map((products) => basis.map((q) => inner(q, products)));
  const taken = [...basis, ...nuisance];
  return {
    own: shared.reduce((sum, row, i) => sum + row[i], 0),
    of(whole: Float64Array, wholeEnergy: number): Rest {
      const parts = Float64Array.from(taken, (q) => inner(q, whole));
      const before = inner(whole, whole);
      const squared = before - inner(parts, parts);
      let energy = wholeEnergy;
      for (let i = 0; i < basis.length; ++i) {
        energy -= 2 * parts[i] * inner(along[i], whole);
        for (let j = 0; j < basis.length; ++j) energy += parts[i] * parts[j] * shared[i][j];
      }
      return {whole, parts, squared, share: squared / before, energy: energy / squared};
    }
  };
}

/** A bound of the energy per function that two functions take up together: their own over what keeps them apart. */
function mostTogether([a, b]: readonly Rest[]): number {
  if (!b) return a.energy;
  const cosine = (inner(a.whole, b.whole) - inner(a.parts, b.parts)) / Math.sqrt(a.squared * b.squared);
  return (a.energy + b.energy) / (1 - Math.abs(cosine)) / 2;
}
