import {alongFunctions, productsBetween} from "../kernel/kernel.ts";
import {mixtureTail} from "./fTail.ts";
import {folded, HARMONICS, LEAST_LEFT, lineBasis, LOUD, NEIGHBOURS} from "./line.ts";
import {energyOf, lagSums, MOST_DIMENSIONS, periodogramAt, type Products} from "./residual.ts";
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

function lineIsFaint(frequency: number, window: Window, {p, ratio: most}: Faintness): boolean {
  const {plain, nuisance, total} = window;
  const n = plain.size;
  const basis = lineBasis(n, frequency, nuisance);
  if (basis.length === 0) return true;
  const overtones = HARMONICS.map((h) => folded(h * frequency)).filter((f) => f >= 1.5 / n && Math.abs(f - frequency) >= 1 / n);
  const lower = Array.from({length: NEIGHBOURS}, (_, j) => frequency - (j + 1) / n).filter((f) => f >= 0.75 / n && f <= 0.5 - 0.25 / n);
  const {own, rests} = withoutLine([...overtones, ...lower], window, basis);
  const loud = (LOUD * (total - own)) / (n - nuisance.length - basis.length);
  if (!rests.slice(0, overtones.length).every((pair) => mostPerFunction(pair) < loud)) return false;
  const beside = rests.slice(overtones.length);
  const counted = beside.reduce((sum, {shares}) => sum + shares.filter((share) => share >= LEAST_LEFT).length, 0);
  const background = beside.reduce((sum, pair) => sum + leastTogether(pair), 0) / counted;
  if (!(background > 0)) return false;
  const ratio = own / basis.length / background;
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

/** The window's energy along a line's basis, and along the pairs at other frequencies without their part along it, from that along the whole of them. */
function withoutLine(frequencies: readonly number[], {plain, nuisance, sums}: Window, basis: TimeBasis): {own: number; rests: Rest[]} {
  const n = plain.size;
  const along = alongFunctions(plain.values, n, basis);
  const shared = along.map((products) => basis.map((q) => inner(q, products)));
  const pairs = frequencies.map((f) => modeFunctions(n, 1, 2 * Math.PI * f));
  const [taken, others] = [basis.length + nuisance.length, 2 * basis.length + nuisance.length];
  const products = productsBetween(pairs.flat(), [...basis, ...nuisance, ...along]);
  let at = 0;
  const rests = pairs.map((pair, k) => {
    const rows = pair.map(() => products.subarray(at, (at += others)));
    const left = (i: number, j: number, whole: number): number => {
      let rest = whole;
      for (let q = 0; q < taken; ++q) rest -= rows[i][q] * rows[j][q];
      return rest;
    };
    let energy = (periodogramAt(sums, frequencies[k]) * n) / 2;
    for (const row of rows) {
      for (let i = 0; i < basis.length; ++i) {
        energy -= 2 * row[i] * row[taken + i];
        for (let j = 0; j < basis.length; ++j) energy += row[i] * row[j] * shared[i][j];
      }
    }
    const whole = pair.map((f) => inner(f, f));
    const squares = whole.map((square, i) => left(i, i, square));
    return {
      energy,
      squares,
      shares: squares.map((square, i) => square / whole[i]),
      cosine: pair.length > 1 ? left(0, 1, inner(pair[0], pair[1])) / Math.sqrt(squares[0] * squares[1]) : 0
    };
  });
  return {own: shared.reduce((sum, row, i) => sum + row[i], 0), rests};
}

/** A bound of the energy per function that a pair takes up together: that along both over what keeps them apart. */
const mostPerFunction = ({energy, squares, cosine}: Rest): number =>
  energy / Math.min(...squares) / (1 - Math.abs(cosine)) / squares.length;

/** A bound of the energies along each of a pair, each of length 1; of one that does not count beside its other, nothing is known. */
const leastTogether = ({energy, squares, shares}: Rest): number =>
  shares.every((share) => share >= LEAST_LEFT) ? energy / Math.max(...squares) : 0;
