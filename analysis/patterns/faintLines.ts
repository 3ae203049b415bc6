import {mixtureTail} from "./fTail.ts";
import {folded, HARMONICS, LEAST_LEFT, lineBasis, LOUD, NEIGHBOURS} from "./line.ts";
import {energyOf, lagSums, MOST_DIMENSIONS, periodogramAt, productsWith, type Products} from "./residual.ts";
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
  const spectrum = spectrumOf(lagSums(plain));
  const window = {plain, nuisance, sums: spectrum.sums, total: energyOf(plain)};
  return peaks(spectrum).every((f) => lineIsFaint(f, window, faintness));
}

interface Window {
  readonly plain: Products;
  readonly nuisance: TimeBasis;
  /** `lagSums` of it. */
  readonly sums: Float64Array;
  readonly total: number;
}

function lineIsFaint(frequency: number, {plain, nuisance, sums, total}: Window, {p, ratio: most}: Faintness): boolean {
  const n = plain.size;
  const basis = lineBasis(n, frequency, nuisance);
  if (basis.length === 0) return true;
  const left = withoutLine(plain, nuisance, basis);
  const pairAt = (f: number): Rest => left.of(modeFunctions(n, 1, 2 * Math.PI * f), (periodogramAt(sums, f) * n) / 2);
  const free = n - nuisance.length - basis.length;
  const loud = (LOUD * (total - left.own)) / free;
  for (const h of HARMONICS) {
    const f = folded(h * frequency);
    if (f < 1.5 / n || Math.abs(f - frequency) < 1 / n) continue;
    if (!(mostPerFunction(pairAt(f)) < loud)) return false;
  }
  const lower = Array.from({length: NEIGHBOURS}, (_, j) => frequency - (j + 1) / n)
    .filter((f) => f >= 0.75 / n && f <= 0.5 - 0.25 / n)
    .map(pairAt);
  const counted = lower.reduce((sum, {shares}) => sum + shares.filter((share) => share >= LEAST_LEFT).length, 0);
  const background = lower.reduce((sum, pair) => sum + leastTogether(pair), 0) / counted;
  if (!(background > 0)) return false;
  const ratio = left.own / basis.length / background;
  return ratio <= most && mixtureTail(ratio, basis.length, 4 * NEIGHBOURS, MOST_DIMENSIONS) >= p;
}

/** What a nuisance and a line leave of the cosine and sine at a frequency (at ½ of the one that is not 0). */
interface Rest {
  /** The window's energy along both. */
  readonly energy: number;
  /** Squared lengths, and their share of what they were. */
  readonly squares: readonly number[];
  readonly shares: readonly number[];
  /** Of the angle between the two. */
  readonly cosine: number;
}

/** The window's energy along a pair of functions without their part along a line, from that along the whole of them. */
function withoutLine(plain: Products, nuisance: TimeBasis, basis: TimeBasis) {
  const along = basis.map((q) => productsWith(plain, q));
  const shared = along.map((products) => basis.map((q) => inner(q, products)));
  const taken = [...basis, ...nuisance];
  return {
    own: shared.reduce((sum, row, i) => sum + row[i], 0),
    of(pair: readonly Float64Array[], wholeEnergy: number): Rest {
      const parts = pair.map((f) => taken.map((q) => inner(q, f)));
      const product = (i: number, j: number): number =>
        parts[i].reduce((rest, part, k) => rest - part * parts[j][k], inner(pair[i], pair[j]));
      let energy = wholeEnergy;
      for (let k = 0; k < pair.length; ++k) {
        for (let i = 0; i < basis.length; ++i) {
          energy -= 2 * parts[k][i] * inner(along[i], pair[k]);
          for (let j = 0; j < basis.length; ++j) energy += parts[k][i] * parts[k][j] * shared[i][j];
        }
      }
      const squares = pair.map((_, k) => product(k, k));
      return {
        energy,
        squares,
        shares: pair.map((f, k) => squares[k] / inner(f, f)),
        cosine: pair.length > 1 ? product(0, 1) / Math.sqrt(squares[0] * squares[1]) : 0
      };
    }
  };
}

/** A bound of the energy per function that a pair takes up together: that along both over what keeps them apart. */
const mostPerFunction = ({energy, squares, cosine}: Rest): number =>
  energy / Math.min(...squares) / (1 - Math.abs(cosine)) / squares.length;

/** A bound of the energies along each of a pair, each of length 1; of one that does not count beside its other, nothing is known. */
const leastTogether = ({energy, squares, shares}: Rest): number =>
  shares.every((share) => share >= LEAST_LEFT) ? energy / Math.max(...squares) : 0;
