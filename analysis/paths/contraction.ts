import type {Random} from "../random.ts";
import {bootstrapInterval, drawsOf, median} from "./bootstrap.ts";
import {isClosing} from "./closing.ts";
import type {GapFloor} from "./gapFloor.ts";
import {pairGaps, type Gaps} from "./gaps.ts";
import type {Interval} from "./interval.ts";
import {logDecay, slopeBetween, type LogDecay} from "./logDecay.ts";
import type {Pair} from "./pairs.ts";

/** How fast starts approach one another. */
export interface Contraction {
  /** Factor on the gap per step, e to the mean slope of log gap; below 1 where starts approach, above 1 where they part. */
  readonly rate: number;
  /** 95 %, of the modulus of the step's leading eigenvalue where the starts come to; undefined for fewer than three starts. */
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

/**
 * The power of the step by which a gap falls besides its leading eigenvalue where the moduli of the others reach up to it: of moduli that thin out as at the edge of Wigner's semicircle (1958)
 * the mean square |λ|^2t is ρ^2t t^(−3/2), of those that fill a disc (the circular law of Girko and Ginibre 1965) ρ^2t (t + 1)^−1, and the gap is its root. The wider of the two.
 */
export const SPECTRUM_POWER = 3 / 4;

/** A fit uses a pair's leading run of steps with a gap above this many floors, as in the audit of whole-path fits. */
export const FLOORS_ABOVE = 3;

/**
 * Contraction rate of the gap between starts. For each pair: the leading run of steps whose gap is above three floors (where its own gap came to
 * rest or, while it has not, the amplified rounding floor), and in it the decay of log √(gap² − rest²) that rules its end (`logDecay`). Noise of the
 * resting gap adds in squares, so it is taken off in squares; a fit that runs into the floor is biased high, one that takes in the
 * transient is biased low. The rate is e^(mean slope over pairs). Undefined where no pair has four steps above its floor.
 *
 * Its interval resamples starts, the independent units, not pairs (a pair counts as often as the product of its two starts' draws), and takes in what no start can tell: how the slope changes within the window, as it does far
 * from the fixed point, added in squares at both ends; and how many modes there are. With one the slope is that of the leading eigenvalue; with many of nearly its modulus the gap falls quicker while they die away,
 * by a power of the step at most (`SPECTRUM_POWER`), which belongs to the upper end alone.
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
  const meanOf = (draws: ArrayLike<number>, of: (fit: LogDecay) => number): number => {
    let sum = 0;
    let weights = 0;
    for (const fit of fits) {
      const [i, j] = fit.pair;
      const weight = draws[place.get(i)!] * draws[place.get(j)!];
      sum += weight * of(fit);
      weights += weight;
    }
    return sum / weights; // NaN where a draw holds no pair
  };
  const each = starts.map(() => 1);
  const slope = meanOf(each, (fit) => fit.slope);
  const ofStarts =
    starts.length < 3
      ? undefined
      : bootstrapInterval((source) => meanOf(drawsOf(starts.length, source), (fit) => fit.slope), {random, resamples});
  const bend = meanOf(each, (fit) => fit.bend);
  const hidden = SPECTRUM_POWER * meanOf(each, ({from, to}) => slopeBetween(from, to, (step) => Math.log(step + 1)));
  return {
    rate: Math.exp(slope),
    interval: ofStarts && [
      Math.exp(slope - Math.hypot(slope - ofStarts[0], bend)),
      Math.exp(slope + Math.hypot(ofStarts[1] - slope, bend) + hidden)
    ],
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
