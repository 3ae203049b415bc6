import {stateAt, type States} from "../states.ts";
import {harmonicShift, harmonicsOf, lineFrequency} from "./harmonics.ts";
import {isClosing} from "./closing.ts";
import {INTERPOLATED_SHARE, ORBIT_SHARE, samePlaceWithin, type CompareOptions} from "./samePlace.ts";
import {reachOf, shiftBetween, shiftedGaps, tailProducts, type Shift, type TailProducts} from "./shift.ts";
import {gapsOf, relativeDistance, rootMeanSquare} from "./tailGaps.ts";
import {motionOf} from "./tailPeriod.ts";

/**
 * What the tails of two starts say about where they went.
 * `same`: one place. `closing`: not yet together, and still approaching. `phase`: one path at another time, such as one cycle at another
 * phase. `apart`: two places.
 */
export type Relation = "same" | "closing" | "phase" | "apart";

interface TailComparison {
  readonly relation: Relation;
  /** Root mean square relative distance between the last states of the two or, for `phase`, between the tails shifted in time. */
  readonly distance: number;
  /** The first start at t is, or will be, where the second is at t + lag. A fraction where a period is not whole; 0 for `same` and `apart`. */
  readonly lag: number;
}

const LAST_STATES = 4; // a single pair of states may meet where two cycles cross

/**
 * Compares two starts of one token (or of the sequence, as one token) over a tail of states: at equal steps first, then shifted in time. Two starts
 * that close in on one cycle at different phases do so only when they are shifted.
 */
export function compareTails(tail: States, token: number, a: number, b: number, options: CompareOptions): TailComparison {
  const within = samePlaceWithin(options);
  const gaps = gapsOf(tail, token, a, b);
  const distance = rootMeanSquare(gaps.subarray(Math.max(0, gaps.length - LAST_STATES)));
  if (distance <= within) return {relation: "same", distance, lag: 0};
  if (isClosing(gaps)) return {relation: "closing", distance, lag: 0};
  const motions = [motionOf(tail, token, a), motionOf(tail, token, b)];
  const motion = Math.min(...motions);
  if (motion <= within || reachOf(tail) < 1 || nearestApproach(tail, token, a, b) > Math.max(...motions))
    return {relation: "apart", distance, lag: 0};
  const products = tailProducts(tail, token, a, b);
  const shifts = shiftsOf(products, INTERPOLATED_SHARE * motion);
  const near = shifts.find((shift) => shift.distance <= Math.max(3 * options.floor, ORBIT_SHARE * motion));
  if (near) return {relation: "phase", ...near};
  const between = shiftBetweenStates(tail, token, [a, b], {...options, products});
  if (between && between.distance <= Math.max(3 * options.floor, ORBIT_SHARE * motion)) return {relation: "phase", ...between};
  const nearest = shifts.reduce((best, shift) => (shift.distance < best.distance ? shift : best));
  return isClosing(shiftedGaps(products, nearest)) ? {relation: "closing", ...nearest} : {relation: "apart", distance, lag: 0};
}

/** The shift by harmonics, for cycles whose period is short and not whole: their phases lie between all shifted states. */
function shiftBetweenStates(
  tail: States,
  token: number,
  [a, b]: readonly [number, number],
  {floor, products}: CompareOptions & {readonly products: TailProducts}
): Shift | undefined {
  const frequency = lineFrequency(tail.steps, products.own, {floor});
  return frequency === undefined
    ? undefined
    : harmonicShift(harmonicsOf(tail, token, a, frequency), harmonicsOf(tail, token, b, frequency));
}

/**
 * Least relative distance from a's middle state to any state of b's tail. On one cycle, also while one of the two is still smaller, it is below the
 * motion about the cycle's centre; between samples of noise it is √2 of it. It spares most comparisons of starts that have nothing to do with one another.
 */
function nearestApproach(tail: States, token: number, a: number, b: number): number {
  const state = stateAt(tail, tail.steps >> 1, token, a);
  let least = Infinity;
  for (let u = 0; u < tail.steps; ++u) least = Math.min(least, relativeDistance(state, stateAt(tail, u, token, b)));
  return least;
}

/** The best shift between each two neighbouring whole lags, up to half the tail either way, smallest lags first. */
function shiftsOf(products: TailProducts, error: number): Shift[] {
  const shifts: Shift[] = [];
  for (let lag = 0; lag < reachOf(products); ++lag) {
    const [ahead, behind] = [shiftBetween(products, lag, {error}), shiftBetween(products, -lag - 1, {error})];
    shifts.push(...(behind.distance < ahead.distance ? [behind, ahead] : [ahead, behind]));
  }
  return shifts;
}
