import {distance, rowOf, type Matrix} from "../../analysis/matrix.ts";
import {roundingFloor, type Precision} from "../../analysis/patterns/path/rounding.ts";

/** What becomes of a path, as its own further steps tell it. */
export const FATES = ["rests", "rests later", "cycle", "cycle later", "within rounding", "near a cycle", "slow", "wanders"] as const;
export type FateName = (typeof FATES)[number];

export interface Fate {
  readonly name: FateName;
  /** Of a cycle, or of what is near one, in whole steps. */
  readonly period?: number;
  /** Size of its last states, the root mean square of their distances from their mean, over the largest distance of a state that is seen from there. */
  readonly size: number;
  /** The least, over all lags, of the largest distance between states so far apart, over that size; 0 of what rests. */
  readonly gap: number;
}

export interface Course {
  /** The states that a label is given for, rows = steps. */
  readonly seen: Matrix;
  /** The last states of its own further steps, rounded as those that are seen are: twice as many as the longest period that is looked for. */
  readonly end: Matrix;
}

/**
 * Steps of a state at rest, in rounding floors of one state. A loop that rounds its state to bfloat16 and computes in float32 adds little to that; in float32 every operation of a step rounds, and a
 * trained loop amplifies it: at rest by 10 to 5,000 floors (2 × 10⁻⁴), while what turns or wanders moves by a million.
 */
const STILL_FLOORS: Readonly<Record<Precision, number>> = {float32: 6000, float16: 4, bfloat16: 4};
const WITHIN = 2.5; // × that: ten floors of bfloat16, of which nobody can say whether the loop or its rounding turns
const TWICE = 2; // the least gap, and no more: in bfloat16 a turn may close as exactly as a state can only after some rounds
const NEAR = 0.2; // of its size; a rotation by any angle is back to within 0.05 at one of 128 lags, and curves that are no circles a few times that
const ARRIVED = 0.1; // of the way, or of the cycle's size
const ROUNDS = 3; // of a cycle, to be seen in a window
const LEAST_STATES = 8; // for a recurrence or a direction, as labels need them

/**
 * What becomes of a path. It rests where its steps, closes where its distances at a lag, are no longer than what rounding makes, throughout the second half of its last states; it is near a cycle where they are small
 * for its size, and slow where those of a single step are. All else wanders, as far as periods up to half of `end` go. It `rests` where the last eight states that are seen lie at its end, and is a `cycle` where three rounds of it
 * are seen; what comes there too late for that does so `later`.
 */
export function fateOf({seen, end}: Course, precision: Precision): Fate {
  const lags = end.rows >> 1;
  const floor = roundingFloor(rowOf(end, end.rows - 1), precision);
  const still = STILL_FLOORS[precision] * floor;
  const centre = meanOf(end);
  const way = Math.max(...Array.from({length: seen.rows}, (_, t) => distance(rowOf(seen, t), centre)));
  const size = spreadOf(end, centre);
  const gaps = Array.from({length: lags}, (_, i) => gapAt(end, i + 1));
  const least = Math.min(...gaps);
  const known = {size: size / way, gap: gaps[0] <= still ? 0 : least / size};
  if (gaps[0] <= still) {
    const within = Math.max(WITHIN * still, ARRIVED * way);
    return {...known, name: lastSeen(seen, LEAST_STATES, (state) => distance(state, centre) <= within) ? "rests" : "rests later"};
  }
  if (Math.max(...gaps) <= WITHIN * still) return {...known, name: "within rounding"};
  if (least <= still) {
    const period = 1 + gaps.findIndex((gap) => gap <= Math.max(floor, TWICE * least)); // a whole number of rounds closes as well as one
    const within = Math.max(still, ARRIVED * size);
    const cycle = Array.from({length: period}, (_, i) => rowOf(end, end.rows - 1 - i));
    const isThere = lastSeen(seen, Math.max(LEAST_STATES, ROUNDS * period), (state) => cycle.some((one) => distance(state, one) <= within));
    return {...known, name: isThere ? "cycle" : "cycle later", period};
  }
  if (least > NEAR * size) return {...known, name: "wanders"};
  const nearest = 1 + gaps.indexOf(least);
  return nearest === 1 ? {...known, name: "slow"} : {...known, name: "near a cycle", period: nearest};
}

/** The longest distance of a state of the second half from the one so many steps before. */
function gapAt(end: Matrix, lag: number): number {
  let longest = 0;
  for (let t = end.rows >> 1; t < end.rows; ++t) longest = Math.max(longest, distance(rowOf(end, t), rowOf(end, t - lag)));
  return longest;
}

/** Of the second half. */
function meanOf(end: Matrix): Float32Array {
  const from = end.rows >> 1;
  const mean = new Float64Array(end.cols);
  for (let t = from; t < end.rows; ++t) rowOf(end, t).forEach((x, k) => (mean[k] += x / (end.rows - from)));
  return Float32Array.from(mean);
}

function spreadOf(end: Matrix, centre: Float32Array): number {
  const from = end.rows >> 1;
  let sum = 0;
  for (let t = from; t < end.rows; ++t) sum += distance(rowOf(end, t), centre) ** 2;
  return Math.sqrt(sum / (end.rows - from));
}

/** Whether it is so of each of the last so many states that are seen; not where there are fewer. */
function lastSeen(seen: Matrix, count: number, is: (state: Float32Array) => boolean): boolean {
  if (seen.rows < count) return false;
  for (let t = seen.rows - count; t < seen.rows; ++t) if (!is(rowOf(seen, t))) return false;
  return true;
}
