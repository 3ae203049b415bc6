import {copied, floats} from "../../kernel/floats.ts";
import {scratching} from "../../kernel/memory.ts";
import {squaredStepsOf} from "../../kernel/states.ts";
import {matrixOf, type Matrix} from "../../matrix.ts";
import {roundingFloor, type Precision} from "./rounding.ts";
import {inner, orthonormal, sampled, takeAway, type TimeBasis} from "../statistics/timeBasis.ts";
import {perSize} from "../statistics/perSize.ts";

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
const MOSTLY_NOISE = 1 / 5; // of a coordinate's squared steps; what moves for another reason is left as it is
const ACCOUNTS = 9 / 10; // of what a coordinate does: one even way or decay is its motion
const LAGS = [1, 2, 3, 4, 5, 6, 7, 8]; // an orbit of one of these periods repeats, so that it is not taken for noise
const NEARLY_ALL = 0.9; // of the differences: a motion leaves as many alone, while of random flips three in four are at times nothing
const OF_NORMAL = 1.6449; // what as many of |x| that is normal are less than, for a standard deviation of 1

/**
 * Real transformers have a few coordinates hundreds of times the rest. Where the noise of one (what nine in ten of |x(t) − x(t − lag)| are less than in the quieter half of the path, at the best of several lags, or of second
 * differences, whichever motion leaves alone; no less than its rounding) is eight times that of the median one that changes and would bring more energy than an eighth of all others' together, it is scaled
 * down until what it does beside its motion brings no more: noise that remembers what it was goes farther than its steps. `steps` are `coordinateSteps` of the path, or of one that stands still from its end on.
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
  const asMoved = steps.map((energy) => energy / (rows - 1) / 2);
  return {
    ...scaledDown({
      noise: noiseEnergies(path, changes, precision),
      asMoved,
      halfUnit: Float64Array.from(
        {length: cols},
        (_, k) => HALF_A_UNIT * Math.sqrt(roundingEnergy(data[(rows - 1) * cols + k], precision))
      ),
      energyOf: (k) =>
        Math.max(
          asMoved[k],
          scratching(() => besideItsWay(columnInto(floats(rows), path, k)))
        )
    }),
    changes
  };
}

/** Of every coordinate its squared steps, summed. */
export const coordinateSteps = ({rows, cols, data}: Matrix): Float64Array => squaredStepsOf(data, rows, cols);

const LEAST_ROWS = 8; // fewer do not tell noise from motion
const LEAST_COLUMNS = 16; // in fewer each coordinate is much of the whole
const LEAST_UNTOUCHED = 4; // times as many coordinates as are scaled down

interface Loudness {
  /** Noise of every coordinate, squared. */
  readonly noise: Float64Array;
  /** The same of noise that would move it as much in a step. */
  readonly asMoved: Float64Array;
  readonly halfUnit: Float64Array;
  /** Energy a state of all that a coordinate does beside its motion. */
  readonly energyOf: (k: number) => number;
}

/** From the loudest coordinate down, as long as one outweighs what is quieter and is loud by noise alone. */
function scaledDown({noise, asMoved, halfUnit, energyOf}: Loudness): {values?: Float64Array; weighed: number[]} {
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
    if ((Math.sqrt(noise[k]) + halfUnit[k]) ** 2 > MOSTLY_NOISE * asMoved[k]) weighed.push(k); // a quantile on a grid of numbers may be half a unit too low
  }
  if (weighed.length === 0 || !(rest > 0)) return {weighed: []};
  const values = new Float64Array(noise.length).fill(1);
  for (const k of weighed) values[k] = Math.sqrt((MOST_SHARE * rest) / Math.max(noise[k], energyOf(k)));
  return {values, weighed: weighed.sort((a, b) => a - b)};
}

/** Noise of every coordinate, squared: of one that changes at least that of its rounding, which its steps do not show where it flips now and then between two values. */
function noiseEnergies(path: Matrix, changes: Uint8Array, precision: Precision): Float64Array {
  const {rows, cols} = path;
  const energies = new Float64Array(cols);
  const series = new Float64Array(rows);
  for (let k = 0; k < cols; ++k) {
    if (!changes[k]) continue;
    columnInto(series, path, k);
    energies[k] = Math.max(scratching(() => noiseOf(series)) ** 2, roundingEnergy(series[rows - 1], precision));
  }
  return energies;
}

function columnInto(series: Float64Array, {rows, cols, data}: Matrix, k: number): Float64Array {
  for (let t = 0; t < rows; ++t) series[t] = data[t * cols + k];
  return series;
}

const lineOf = perSize((n): TimeBasis => orthonormal([sampled(n, () => 1), sampled(n, (t) => t)]));

/** Decays of all times from the whole length down to a state, each twice the next. */
const decaysOf = perSize((n): TimeBasis => {
  const decays: Float64Array[] = [];
  for (let time = n; time >= 1; time /= 2) decays.push(orthonormal([sampled(n, () => 1), sampled(n, (t) => Math.exp(-t / time))])[1]);
  return decays;
});

/** Variance of what the line through a series leaves of it; of all that it does where neither a line nor a decay is most of that: a walk, too, has some of an even way. */
function besideItsWay(series: Float64Array): number {
  const n = series.length;
  const [constant, slope] = lineOf(n);
  takeAway(series, constant);
  const all = inner(series, series);
  const most = Math.max(...[slope, ...decaysOf(n)].map((f) => inner(f, series) ** 2));
  if (most < ACCOUNTS * all) return all / (n - 1);
  takeAway(series, slope);
  return inner(series, series) / (n - 2);
}

/** Of one number's rounding. */
const roundingEnergy = (value: number, precision: Precision): number => roundingFloor(Float32Array.of(value), precision) ** 2;

function noiseOf(series: Float64Array): number {
  const n = series.length;
  const sizes = floats(n);
  let least = Infinity;
  for (const lag of LAGS) {
    if (n < 2 * lag + 2) break;
    for (let t = lag; t < n; ++t) sizes[t] = Math.abs(series[t] - series[t - lag]) / Math.SQRT2;
    least = leastOfNearlyAll(least, sizes, lag);
  }
  for (let t = 2; t < n; ++t) sizes[t] = Math.abs(series[t] - 2 * series[t - 1] + series[t - 2]) / Math.sqrt(6);
  return leastOfNearlyAll(least, sizes, 2) / OF_NORMAL;
}

/** The least of `least` and of what nearly all of the first n / 2 sizes are less than, those of the states from `first` on, and of the last, which are put in order only where so many of them are below it. */
function leastOfNearlyAll(least: number, sizes: Float64Array, first: number): number {
  const n = sizes.length;
  const count = n - (n >> 1);
  const at = Math.floor(NEARLY_ALL * count);
  for (const from of [first, n - count]) {
    let below = 0;
    for (let t = from; t < from + count; ++t) if (sizes[t] < least) ++below;
    if (below > at) least = copied(sizes.subarray(from, from + count)).sort()[at];
  }
  return least;
}

/** A path with its coordinates weighed; the path itself where nothing is. */
export function weighedPath(path: Matrix, {values}: Weights): Matrix {
  if (!values) return path;
  const {rows, cols} = path;
  const data = new Float32Array(rows * cols);
  for (let at = 0; at < data.length; at += cols) for (let k = 0; k < cols; ++k) data[at + k] = path.data[at + k] * values[k];
  return matrixOf(rows, cols, data);
}
