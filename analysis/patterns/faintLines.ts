import {alongFunctions, productsBetween} from "../kernel/kernel.ts";
import {scratching} from "../kernel/memory.ts";
import {mixtureTail} from "./fTail.ts";
import {functionsBeside, LEAST_LEFT, lineBasis, LOUD, NEIGHBOURS, neighboursOf, overtonesApart} from "./line.ts";
import {energyOf, lagSums, MOST_DIMENSIONS, periodogramsAt, productsAlong, type Products} from "./residual.ts";
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
export const linesAreFaint = (plain: Products, nuisance: TimeBasis, faintness: Faintness): boolean =>
  scratching(() => {
    const spectrum = spectrumOf(lagSums(plain));
    const window = {plain, nuisance, sums: spectrum.sums, total: energyOf(plain)};
    return peaks(spectrum).every((f) => lineIsFaint(f, window, faintness));
  });

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
  const overtones = overtonesApart(frequency, n);
  const {own, rests} = withoutLine([...overtones, ...neighboursOf(n, frequency, -1)], window, basis);
  const loud = (LOUD * (total - own)) / (n - nuisance.length - basis.length);
  if (!rests.slice(0, overtones.length).every((pair) => mostPerFunction(pair) < loud)) return false;
  const beside = rests.slice(overtones.length);
  const counted = beside.reduce((sum, {shares}) => sum + shares.filter((share) => share >= LEAST_LEFT).length, 0);
  const background = beside.reduce((sum, pair) => sum + leastTogether(pair), 0) / counted;
  if (!(background > 0)) return false;
  const ratio = own / basis.length / background;
  const isLikely = (dimensions: number): boolean => mixtureTail(ratio, basis.length, MOST_FUNCTIONS, dimensions) >= p;
  return ratio <= most && (isLikely(MOST_DIMENSIONS) || isLikely(mostDimensions(plain, [...nuisance, ...basis], frequency)));
}

const MOST_FUNCTIONS = 4 * NEIGHBOURS; // cosine and sine, on both sides

/** A bound of the dimensions that a line's neighbours are found in: of all their mutual cosines, squared, those on the lower side are known, and the others are 0 at least. */
function mostDimensions(plain: Products, removed: TimeBasis, frequency: number): number {
  const {size, values} = productsAlong(plain, functionsBeside(plain.size, removed, frequency, -1));
  let squares = 0;
  for (let i = 0; i < size; ++i) {
    for (let j = 0; j < i; ++j) {
      const lengths = values[i * (size + 1)] * values[j * (size + 1)];
      if (lengths > 0) squares += values[i * size + j] ** 2 / lengths;
    }
  }
  return Math.min(MOST_DIMENSIONS, Math.max(1, (MOST_FUNCTIONS * (MOST_FUNCTIONS - 1)) / 2 / squares));
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
  const shared = productsBetween(basis, along);
  const pairs = frequencies.map((f) => modeFunctions(n, 1, 2 * Math.PI * f));
  const beside = {
    products: productsBetween(pairs.flat(), [...basis, ...nuisance, ...along]),
    shared,
    lines: basis.length,
    nuisances: nuisance.length
  };
  const rests: Rest[] = [];
  let first = 0;
  for (let k = 0; k < pairs.length; k += 2) {
    const energies = periodogramsAt(sums, frequencies[k], frequencies[Math.min(k + 1, pairs.length - 1)]);
    for (let j = k; j < Math.min(k + 2, pairs.length); ++j) {
      rests.push(restOf(pairs[j], (energies[j - k] * n) / 2, first, beside));
      first += pairs[j].length;
    }
  }
  let own = 0;
  for (let i = 0; i < basis.length; ++i) own += shared[i * (basis.length + 1)];
  return {own, rests};
}

interface Beside {
  /** Of every function, a row each, those with the line's basis, with the nuisance, and with what the window has along that basis. */
  readonly products: Float64Array;
  /** Energies along the line's basis, [lines][lines]. */
  readonly shared: Float64Array;
  readonly lines: number;
  readonly nuisances: number;
}

/** Of a pair, whose rows begin at the `first`, and along the whole of which the window has an energy. */
function restOf(pair: TimeBasis, energy: number, first: number, {products, shared, lines, nuisances}: Beside): Rest {
  const taken = lines + nuisances;
  const others = taken + lines;
  const rows = [first * others, (first + 1) * others];
  let left = energy;
  const squares: number[] = [];
  const shares: number[] = [];
  for (let k = 0; k < pair.length; ++k) {
    const row = rows[k];
    const whole = inner(pair[k], pair[k]);
    const square = whole - shareOf(products, row, row, taken);
    squares.push(square);
    shares.push(square / whole);
    for (let i = 0; i < lines; ++i) {
      left -= 2 * products[row + i] * products[row + taken + i];
      for (let j = 0; j < lines; ++j) left += products[row + i] * products[row + j] * shared[i * lines + j];
    }
  }
  const between = pair.length > 1 ? inner(pair[0], pair[1]) - shareOf(products, rows[0], rows[1], taken) : 0;
  return {energy: left, squares, shares, cosine: pair.length > 1 ? between / Math.sqrt(squares[0] * squares[1]) : 0};
}

/** What two rows have in common along the first so many functions. */
function shareOf(products: Float64Array, a: number, b: number, count: number): number {
  let sum = 0;
  for (let q = 0; q < count; ++q) sum += products[a + q] * products[b + q];
  return sum;
}

/** A bound of the energy per function that a pair takes up together: that along both over what keeps them apart. */
const mostPerFunction = ({energy, squares, cosine}: Rest): number =>
  energy / Math.min(...squares) / (1 - Math.abs(cosine)) / squares.length;

/** A bound of the energies along each of a pair, each of length 1; of one that does not count beside its other, nothing is known. */
const leastTogether = ({energy, squares, shares}: Rest): number =>
  shares.every((share) => share >= LEAST_LEFT) ? energy / Math.max(...squares) : 0;
