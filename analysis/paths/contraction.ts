import type {Random} from "../random.ts";
import {bootstrapInterval, drawsOf, median} from "./bootstrap.ts";
import {isClosing} from "./closing.ts";
import type {GapFloor} from "./gapFloor.ts";
import {pairGaps, type Gaps} from "./gaps.ts";
import type {Interval} from "./interval.ts";
import {logDecay, type LogDecay} from "./logDecay.ts";
import type {Pair} from "./pairs.ts";

/** How fast starts approach one another. */
export interface Contraction {
  /** Factor on the gap per step, e to the mean slope of log gap; below 1 where starts approach, above 1 where they part. */
  readonly rate: number;
  /** 95 %, bootstrap over starts; undefined for fewer than three starts. */
  readonly interval?: Interval;
  /** Relative gap that the windows stay above by a factor of three: where a pair's gap came to rest or, while it has not, the amplified rounding floor; the median over pairs. */
  readonly floor: number;
  /** Earliest and latest step that any pair's fit used, and the median number of steps of a fit. */
  readonly window: readonly [number, number];
  readonly points: number;
  /** Pairs with enough steps above the floor. */
  readonly pairs: number;
}

interface ContractionOptions {
  readonly floor: GapFloor;
  readonly random: Random;
  /** Whether a pair counts, by its two starts; defaults to all. Starts that end in different attractors have no rate. */
  readonly counts?: (pair: Pair) => boolean;
  readonly resamples?: number;
}

/** A fit uses a pair's leading run of steps with a gap above this many floors, as in the audit of whole-path fits. */
export const FLOORS_ABOVE = 3;

/**
 * Contraction rate of the gap between starts. For each pair: the leading run of steps whose gap is above three floors (where its own gap came to
 * rest or, while it has not, the amplified rounding floor), and in it the decay of log √(gap² − rest²) that rules its end (`logDecay`). Noise of the
 * resting gap adds in squares, so it is taken off in squares; a fit that runs into the floor is biased high, one that takes in the
 * transient is biased low. The rate is e^(mean slope over pairs). Its interval resamples starts, the independent units, not pairs: a pair
 * counts as often as the product of its two starts' draws. It is the contraction in that window: modes 5 % slower than one another cannot be told
 * apart in it and pull the rate below the slowest by up to 0.02, which no interval shows (the spectrum does). Undefined where no pair has four steps above its floor.
 */
export function contractionOf(
  gaps: Gaps,
  unit: number,
  {floor, random, counts = () => true, resamples}: ContractionOptions
): Contraction | undefined {
  const fits: (LogDecay & {pair: Pair; floor: number})[] = [];
  gaps.pairs.forEach((pair, p) => {
    if (!counts(pair)) return;
    const curve = pairGaps(gaps, unit, p);
    const rest = restingGap(curve);
    const pairFloor = rest > 0 ? Math.max(rest, floor.rounding) : floor.amplified;
    const decay = logDecay(
      curve.map((gap) => Math.sqrt(Math.max(0, gap * gap - rest * rest))),
      leadingRun(curve, FLOORS_ABOVE * pairFloor)
    );
    if (decay) fits.push({...decay, pair, floor: pairFloor});
  });
  if (fits.length === 0) return undefined;
  const lengths = fits.map(({from, to}) => to - from + 1).sort((a, b) => a - b);
  const starts = [...new Set(fits.flatMap(({pair}) => pair))].sort((a, b) => a - b);
  const place = new Map(starts.map((start, i) => [start, i]));
  const meanRate = (draws: ArrayLike<number>): number => {
    let sum = 0;
    let weights = 0;
    for (const {
      pair: [i, j],
      slope
    } of fits) {
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

/** How many steps from the first on have a gap above a threshold. */
function leadingRun(curve: Float64Array, threshold: number): number {
  const end = curve.findIndex((gap) => !(gap > threshold));
  return end < 0 ? curve.length : end;
}
