import {productsWithTurns} from "../../kernel/functions.ts";
import {alongFunctions} from "../../kernel/matrices.ts";
import {scratching} from "../../kernel/memory.ts";
import {mixtureTail} from "../statistics/fTail.ts";
import {functionsBeside, LEAST_LEFT, lineBasis, LOUD, NEIGHBOURS, neighboursOf, overtonesApart} from "./line.ts";
import {energyOf, lagSums, MOST_DIMENSIONS, productsAlong, type Products} from "../path/residual.ts";
import {peaks, spectrumOf} from "./spectrum.ts";
import {inner, type TimeBasis} from "../statistics/timeBasis.ts";

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
  if (!rests.slice(0, overtones.length).every(({most: energy}) => energy < loud)) return false;
  const beside = rests.slice(overtones.length);
  const background = beside.reduce((sum, {least}) => sum + least, 0) / beside.reduce((sum, {counted}) => sum + counted, 0);
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

/** What a nuisance and a line leave of the cosine and sine at a frequency. */
interface Rest {
  /** A bound of the energy per function that the two take up together: that along both over what keeps them apart. */
  readonly most: number;
  /** A bound of the energies along each of them, each of length 1; of one that does not count beside its other, nothing is known. */
  readonly least: number;
  /** How many of them count. */
  readonly counted: number;
}

/** The window's energy along a line's basis, and what is left at other frequencies without their part along it, from what the whole of them has. */
function withoutLine(frequencies: readonly number[], {plain, nuisance, sums}: Window, basis: TimeBasis): {own: number; rests: Rest[]} {
  const n = plain.size;
  const along = alongFunctions(plain.values, n, basis);
  const shared = basis.map((f) => along.map((moved) => inner(f, moved)));
  const angles = frequencies.map((f) => 2 * Math.PI * f);
  const products = productsWithTurns(angles, [...basis, ...nuisance, ...along, sums]);
  const beside = {products, shared, nuisances: nuisance.length, zero: sums[0]};
  return {own: shared.reduce((sum, row, i) => sum + row[i], 0), rests: angles.map((omega, k) => restOf(omega, n, k, beside))};
}

interface Beside {
  /** Of every function, a row each, those with the line's basis, with the nuisance, with what the window has along that basis, and with `lagSums`. */
  readonly products: Float64Array;
  /** Energies along the line's basis. */
  readonly shared: readonly (readonly number[])[];
  readonly nuisances: number;
  /** The first of `lagSums`. */
  readonly zero: number;
}

/** Of the cosine and sine at the k-th frequency. */
function restOf(omega: number, n: number, k: number, {products, shared, nuisances, zero}: Beside): Rest {
  const lines = shared.length;
  const taken = lines + nuisances;
  const others = taken + lines + 1;
  const cosine = 2 * k * others;
  const sine = cosine + others;
  let energy = 2 * products[cosine + others - 1] - zero; // Σ r(ℓ) cos ωℓ over both signs of ℓ
  for (let i = 0; i < lines; ++i) {
    energy -= 2 * (products[cosine + i] * products[cosine + taken + i] + products[sine + i] * products[sine + taken + i]);
    for (let j = 0; j < lines; ++j)
      energy += (products[cosine + i] * products[cosine + j] + products[sine + i] * products[sine + j]) * shared[i][j];
  }
  // Σ e^{2iωt} = e^{iω(n − 1)} sin ωn / sin ω
  const doubled = Math.sin(omega * n) / Math.sin(omega);
  const wholeCosine = (n + doubled * Math.cos(omega * (n - 1))) / 2;
  const wholeSine = n - wholeCosine;
  const cosineSquare = wholeCosine - shareOf(products, cosine, cosine, taken);
  const sineSquare = wholeSine - shareOf(products, sine, sine, taken);
  const between = (doubled * Math.sin(omega * (n - 1))) / 2 - shareOf(products, cosine, sine, taken);
  const apart = 1 - Math.abs(between) / Math.sqrt(cosineSquare * sineSquare);
  const counted = Number(cosineSquare >= LEAST_LEFT * wholeCosine) + Number(sineSquare >= LEAST_LEFT * wholeSine);
  return {
    most: energy / Math.min(cosineSquare, sineSquare) / apart / 2,
    least: counted === 2 ? energy / Math.max(cosineSquare, sineSquare) : 0,
    counted
  };
}

/** What two rows have in common along the first so many functions. */
function shareOf(products: Float64Array, a: number, b: number, count: number): number {
  let sum = 0;
  for (let q = 0; q < count; ++q) sum += products[a + q] * products[b + q];
  return sum;
}
