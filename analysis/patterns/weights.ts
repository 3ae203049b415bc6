import {floats} from "../kernel/floats.ts";
import {scratching} from "../kernel/memory.ts";
import {squaredStepsOf} from "../kernel/states.ts";
import {matrixOf, type Matrix} from "../matrix.ts";
import {roundingFloor, type Precision} from "./rounding.ts";

/** How much each coordinate of a path counts. */
interface Weights {
  /** 1 for nearly all; undefined where it is 1 for all. */
  readonly values?: Float64Array;
  /** Coordinates whose noise would outweigh the others', and so count less. */
  readonly weighed: readonly number[];
  /** Which coordinates change at all. */
  readonly changes: Uint8Array;
}

export const MOST_SHARE = 1 / 8; // of the others' noise energy that one coordinate may bring: eight such leave as many dimensions again
const MASSIVE = 8; // × the noise of the median coordinate
const HALF_A_UNIT = Math.sqrt(3); // × the error of rounding, whose variance is unit² / 12
const MOSTLY_NOISE = 1 / 4; // of a coordinate's squared steps; what moves for another reason is left as it is
const LAGS = [1, 2, 3, 4, 5, 6, 7, 8]; // an orbit of one of these periods repeats, so that it is not taken for noise

/** How many of the sizes are less, and what they are less than of |x| that is normal, for a standard deviation of 1. */
interface Quantile {
  readonly share: number;
  readonly ofNormal: number;
}

/** One that flips at random between two values differs by as much or by nothing: its median may be nothing, its upper quartile is not. */
const QUANTILES: readonly Quantile[] = [
  {share: 1 / 2, ofNormal: 0.6745},
  {share: 3 / 4, ofNormal: 1.1503}
];

/**
 * Real transformers have a few coordinates hundreds of times the rest. Where the noise of one (the least median of |x(t + lag) − x(t)| over several lags, or of second
 * differences, whichever motion leaves alone, or their least upper quartile; no less than its rounding) is eight times that of the median one that changes and would bring more energy than an eighth of all others' together, it is scaled
 * down to that. `steps` are `coordinateSteps` of the path, or of one that stands still from its end on.
 */
export function weightsOf(path: Matrix, {steps, precision}: {readonly steps: Float64Array; readonly precision: Precision}): Weights {
  const {rows, cols, data} = path;
  const changes = new Uint8Array(cols);
  let total = 0;
  for (let k = 0; k < cols; ++k) {
    changes[k] = Number(steps[k] > 0);
    total += steps[k];
  }
  if (rows < LEAST_ROWS || cols < LEAST_COLUMNS || !steps.some((energy) => energy > MOST_SHARE * (total - energy)))
    return {weighed: [], changes};
  return {
    ...scaledDown(
      noiseEnergies(path, changes, precision),
      steps.map((energy) => energy / (rows - 1) / 2),
      Float64Array.from({length: cols}, (_, k) => HALF_A_UNIT * Math.sqrt(roundingEnergy(data[(rows - 1) * cols + k], precision)))
    ),
    changes
  };
}

/** Of every coordinate its squared steps, summed. */
export const coordinateSteps = ({rows, cols, data}: Matrix): Float64Array => squaredStepsOf(data, rows, cols);

const LEAST_ROWS = 8; // fewer do not tell noise from motion
const LEAST_COLUMNS = 16; // in fewer each coordinate is much of the whole
const LEAST_UNTOUCHED = 4; // times as many coordinates as are scaled down

/** From the loudest coordinate down, as long as one outweighs what is quieter and is loud by noise alone. */
function scaledDown(noise: Float64Array, asMoved: Float64Array, halfUnit: Float64Array): {values?: Float64Array; weighed: number[]} {
  const order = Array.from(noise.keys()).sort((a, b) => noise[b] - noise[a]);
  const some = noise.filter((energy) => energy > 0).sort(); // a coordinate that never changes is no measure of noise
  const massive = MASSIVE ** 2 * (some[some.length >> 1] ?? 0);
  let rest = noise.reduce((sum, energy) => sum + energy, 0);
  const weighed: number[] = [];
  for (const k of order) {
    rest -= noise[k];
    if (!(noise[k] > massive && noise[k] > MOST_SHARE * rest) || weighed.length >= noise.length / LEAST_UNTOUCHED) {
      rest += noise[k];
      break;
    }
    if ((Math.sqrt(noise[k]) + halfUnit[k]) ** 2 > MOSTLY_NOISE * asMoved[k]) weighed.push(k); // a median on a grid of numbers may be half a unit too low
  }
  if (weighed.length === 0 || !(rest > 0)) return {weighed: []};
  const values = new Float64Array(noise.length).fill(1);
  for (const k of weighed) values[k] = Math.sqrt((MOST_SHARE * rest) / Math.max(noise[k], asMoved[k]));
  return {values, weighed: weighed.sort((a, b) => a - b)};
}

/** Noise of every coordinate, squared: of one that changes at least that of its rounding, which its median step does not show where it flips now and then between two values. */
function noiseEnergies({rows, cols, data}: Matrix, changes: Uint8Array, precision: Precision): Float64Array {
  const energies = new Float64Array(cols);
  const series = new Float64Array(rows);
  for (let k = 0; k < cols; ++k) {
    for (let t = 0; t < rows; ++t) series[t] = data[t * cols + k];
    if (!changes[k]) continue;
    const rounding = roundingEnergy(series[rows - 1], precision);
    const noise = Math.max(...QUANTILES.map((quantile) => scratching(() => noiseOf(series, quantile))));
    energies[k] = Math.max(noise ** 2, rounding);
  }
  return energies;
}

/** Of one number's rounding. */
const roundingEnergy = (value: number, precision: Precision): number => roundingFloor(Float32Array.of(value), precision) ** 2;

function noiseOf(series: Float64Array, {share, ofNormal}: Quantile): number {
  const n = series.length;
  let least = Infinity;
  for (const lag of LAGS)
    if (n >= 2 * lag + 2)
      least = lesserQuantile(least, {count: n - lag, share, of: (t) => Math.abs(series[t + lag] - series[t]) / Math.SQRT2});
  const bends = (t: number): number => Math.abs(series[t] - 2 * series[t + 1] + series[t + 2]) / Math.sqrt(6);
  return lesserQuantile(least, {count: n - 2, share, of: bends}) / ofNormal;
}

interface Sizes {
  readonly count: number;
  readonly share: number;
  readonly of: (t: number) => number;
}

/** The lesser of `least` and a quantile of some sizes, which are put in order only where so many of them are below it. */
function lesserQuantile(least: number, {count, share, of}: Sizes): number {
  const sizes = floats(count);
  const at = Math.floor(share * count);
  let below = 0;
  for (let t = 0; t < count; ++t) {
    sizes[t] = of(t);
    if (sizes[t] < least) ++below;
  }
  return below > at ? sizes.sort()[at] : least;
}

/** A path with its coordinates weighed; the path itself where nothing is. */
export function weighedPath(path: Matrix, {values}: Weights): Matrix {
  if (!values) return path;
  const {rows, cols} = path;
  const data = new Float32Array(rows * cols);
  for (let at = 0; at < data.length; at += cols) for (let k = 0; k < cols; ++k) data[at + k] = path.data[at + k] * values[k];
  return matrixOf(rows, cols, data);
}
