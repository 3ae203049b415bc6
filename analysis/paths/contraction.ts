import type {Random} from "../random.ts";
import {bootstrapInterval, drawsOf, median} from "./bootstrap.ts";
import {isClosing} from "./compareTails.ts";
import {pairGaps, type Gaps} from "./gaps.ts";
import type {Interval} from "./interval.ts";
import type {Pair} from "./pairs.ts";

/** How fast starts approach one another. */
export interface Contraction {
  /** Factor on the gap per step, e to the mean slope of log gap; below 1 where starts approach, above 1 where they part. */
  readonly rate: number;
  /** 95 %, bootstrap over starts; undefined for fewer than three starts. */
  readonly interval?: Interval;
  /** Relative gap that the windows stay above by a factor of three: the rounding floor, or where a pair's gap came to rest above it, the median over pairs. */
  readonly floor: number;
  /** Earliest and latest step that any pair's fit used, and the median number of steps of a fit. */
  readonly window: readonly [number, number];
  readonly points: number;
  /** Pairs with enough steps above the floor. */
  readonly pairs: number;
}

export interface ContractionOptions {
  /** Relative gap below which two states cannot be told apart. */
  readonly floor: number;
  readonly random: Random;
  /** Whether a pair counts, by its two starts; defaults to all. Starts that end in different attractors have no rate. */
  readonly counts?: (pair: Pair) => boolean;
  readonly resamples?: number;
}

/** A fit uses a pair's leading run of steps with a gap above this many floors, as in the audit of whole-path fits. */
export const FLOORS_ABOVE = 3;

const FEWEST_POINTS = 4; // two parameters and two degrees of freedom

/**
 * Contraction rate of the gap between starts. For each pair: the leading run of steps whose gap is above three floors (the rounding floor, or where its own gap came to rest), its first
 * half left out as transient (leading modes decay slowest, so they rule the later half; the whole run mixes in faster ones and is biased
 * low, a run into the floor is biased high), then least squares of log gap on the step. The rate is e^(mean slope over pairs);
 * least squares is linear, so this is also the slope of the geometric mean gap. Its interval resamples starts, the independent
 * units, not pairs: a pair counts as often as the product of its two starts' draws.
 * Undefined where no pair has four steps in its window: the starts are closer than can be measured.
 */
export function contractionOf(gaps: Gaps, unit: number, {floor, random, counts = () => true, resamples}: ContractionOptions): Contraction | undefined {
  const fits: {pair: Pair; slope: number; from: number; to: number; floor: number}[] = [];
  gaps.pairs.forEach((pair, p) => {
    if (!counts(pair)) return;
    const curve = pairGaps(gaps, unit, p);
    const pairFloor = Math.max(floor, restingGap(curve));
    const [from, to] = fitWindow(curve, FLOORS_ABOVE * pairFloor);
    if (to - from + 1 >= FEWEST_POINTS) fits.push({pair, from, to, floor: pairFloor, slope: logSlope(curve, from, to)});
  });
  if (fits.length === 0) return undefined;
  const lengths = fits.map(({from, to}) => to - from + 1).sort((a, b) => a - b);
  const starts = [...new Set(fits.flatMap(({pair}) => pair))].sort((a, b) => a - b);
  const place = new Map(starts.map((start, i) => [start, i]));
  const meanRate = (draws: ArrayLike<number>): number => {
    let sum = 0;
    let weights = 0;
    for (const {pair: [i, j], slope} of fits) {
      const weight = draws[place.get(i)!] * draws[place.get(j)!];
      sum += weight * slope;
      weights += weight;
    }
    return Math.exp(sum / weights); // NaN where a draw holds no pair
  };
  return {
    rate: meanRate(starts.map(() => 1)),
    interval: starts.length < 3 ? undefined : bootstrapInterval((source) => meanRate(drawsOf(starts.length, source)), {random, resamples}),
    floor: median(fits.map((fit) => fit.floor)),
    window: [Math.min(...fits.map(({from}) => from)), Math.max(...fits.map(({to}) => to))],
    points: lengths[lengths.length >> 1],
    pairs: fits.length
  };
}

/**
 * Where the gap of two starts of one attractor came to rest, which is noise: its root mean square over the last quarter. 0 while the second half is
 * still closing (the end of a slow decay is no floor), and where the gap has not fallen to a third of what it was.
 */
function restingGap(curve: Float64Array): number {
  if (isClosing(curve.subarray(curve.length >> 1))) return 0;
  const rest = curve.subarray(curve.length - Math.max(1, curve.length >> 2));
  const level = Math.sqrt(rest.reduce((sum, gap) => sum + gap * gap, 0) / rest.length);
  return level < curve[0] / 3 ? level : 0;
}

/** First and last step of a pair's fit; the last lies before the first where the gap starts below the threshold. */
function fitWindow(curve: Float64Array, threshold: number): readonly [number, number] {
  let to = -1;
  while (to + 1 < curve.length && curve[to + 1] > threshold) ++to;
  const half = Math.ceil((to + 1) / 2);
  return [Math.max(0, Math.min(half, to + 1 - FEWEST_POINTS)), to];
}

function logSlope(curve: Float64Array, from: number, to: number): number {
  const middle = (from + to) / 2;
  let products = 0;
  let squares = 0;
  for (let step = from; step <= to; ++step) {
    products += (step - middle) * Math.log(curve[step]);
    squares += (step - middle) ** 2;
  }
  return products / squares;
}
