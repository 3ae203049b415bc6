import {stateAt, type States} from "../states.ts";
import {harmonicShift, harmonicsOf, lineFrequency} from "./harmonics.ts";
import {reachOf, shiftBetween, shiftedGaps, tailProducts, type Shift, type TailProducts} from "./shift.ts";

/**
 * What the tails of two starts say about where they went.
 * `same`: one place. `closing`: not yet together, and still approaching. `phase`: one path at another time, such as one cycle at another
 * phase. `apart`: two places.
 */
export type Relation = "same" | "closing" | "phase" | "apart";

export interface TailComparison {
  readonly relation: Relation;
  /** Root mean square relative distance between the last states of the two or, for `phase`, between the tails shifted in time. */
  readonly distance: number;
  /** The first start at t is, or will be, where the second is at t + lag. A fraction where a period is not whole; 0 for `same` and `apart`. */
  readonly lag: number;
}

export interface CompareOptions {
  /** Relative gap below which two states cannot be told apart. */
  readonly floor: number;
  /** Relative distance up to which two places count as one; defaults to 0.01, a cosine of 0.99995. */
  readonly tolerance?: number;
}

/** The threshold in use: a tolerance that a reader would call "the same place", but never less than what rounding allows. */
export const samePlaceWithin = ({floor, tolerance = 0.01}: CompareOptions): number => Math.max(tolerance, 3 * floor);

const SIGNIFICANT = 4; // standard errors of a slope: gaps of successive steps are not independent, so more than the usual two or three
const LAST_STATES = 4; // a single pair of states may meet where two cycles cross
const INTERPOLATED_SHARE = 0.05; // of the motion: how far off states between two steps may be
const ORBIT_SHARE = 0.1; // shifted tails are on one path when they differ by less than a tenth of the motion itself

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

/**
 * Period of a start's motion: that of the harmonics of one frequency, where they account for the tail; else the smallest lag from 1.5 up to half the tail at
 * which the tail shifted in time lies on itself, as near as two starts must be to count as one cycle; else 1 where it stays in one place. A motion within
 * 30 floors is rounding, one that dies away by a tenth from the first half of the tail to the second is a spiral inwards: neither is a
 * cycle. Undefined for a motion that does not come back within half the tail.
 */
export function periodOf(tail: States, token: number, start: number, options: CompareOptions): number | undefined {
  const motion = motionOf(tail, token, start);
  const resting = motion <= samePlaceWithin(options) ? 1 : undefined;
  const steps = stepsOf(tail, token, start);
  const half = steps.length >> 1;
  if (
    motion <= CYCLE_FLOORS * options.floor ||
    half < 1 ||
    rootMeanSquare(steps.subarray(half)) < LASTING * rootMeanSquare(steps.subarray(0, half))
  )
    return resting;
  const within = Math.max(3 * options.floor, Math.min(ORBIT_SHARE * motion, rootMeanSquare(steps) / 2)); // a slow motion is near itself one step later too
  const products = tailProducts(tail, token, start, start);
  const frequency = lineFrequency(tail.steps, products.own, options);
  const harmonics = frequency === undefined ? undefined : harmonicsOf(tail, token, start, frequency);
  if (harmonics && harmonics.residual <= within * harmonics.norm) return wholeOf(1 / harmonics.frequency);
  for (let lag = 1; lag < reachOf(tail); ++lag) {
    const found = shiftBetween(products, lag, {error: INTERPOLATED_SHARE * motion});
    if (found.lag >= SHORTEST_PERIOD && found.distance <= within) return wholeOf(found.lag);
  }
  return resting;
}

const CYCLE_FLOORS = 30; // a rounding zig-zag is no cycle
const LASTING = 0.9;
const wholeOf = (period: number): number => (Math.abs(period - Math.round(period)) < WHOLE_WITHIN ? Math.round(period) : period);

const SHORTEST_PERIOD = 1.5;
const WHOLE_WITHIN = 0.02;

/** Root mean square distance of a start's tail from its mean, relative to the norm of its states. */
export function motionOf(tail: States, token: number, start: number): number {
  const {steps, width} = tail;
  const mean = new Float64Array(width);
  let squares = 0;
  for (let step = 0; step < steps; ++step) {
    const state = stateAt(tail, step, token, start);
    for (let j = 0; j < width; ++j) {
      mean[j] += state[j] / steps;
      squares += state[j] * state[j];
    }
  }
  let spread = 0;
  for (let step = 0; step < steps; ++step) {
    const state = stateAt(tail, step, token, start);
    for (let j = 0; j < width; ++j) spread += (state[j] - mean[j]) ** 2;
  }
  return squares > 0 ? Math.sqrt(spread / squares) : 0;
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

/**
 * Whether a start is on its way out of where it is: its steps, above the floor, grow by more than four standard errors and by at least 2 % from the
 * second third of the tail to the last, as near an unstable fixed point.
 */
export function isLeaving(tail: States, token: number, start: number, {floor}: CompareOptions): boolean {
  const steps = stepsOf(tail, token, start);
  const third = Math.floor(steps.length / 3);
  if (third < 2 || !(steps[steps.length - 1] > 3 * floor) || !(slopeSignificance(steps) > SIGNIFICANT)) return false;
  return (
    geometricMean(steps.subarray(steps.length - third)) >
    1.02 * geometricMean(steps.subarray(steps.length - 2 * third, steps.length - third))
  );
}

/**
 * Whether a gap is on its way to zero: log gap falls with the step by more than four standard errors and by at least 2 % from the second third
 * to the last, and does not head for a plateau. For the last, the geometric means over the thirds, g₁, g₂, g₃, are extrapolated by Aitken's Δ²
 * to the limit g₃ − (g₃ − g₂)² / (g₃ − 2g₂ + g₁), which is exactly 0 for a geometric decay and the plateau for a decay to a plateau; it
 * must lie below half of g₃.
 */
export function isClosing(gaps: Float64Array): boolean {
  const third = Math.floor(gaps.length / 3);
  if (third < 1 || slopeSignificance(gaps) > -SIGNIFICANT) return false;
  const [first, second, last] = [3, 2, 1].map((k) => geometricMean(gaps.subarray(gaps.length - k * third, gaps.length - (k - 1) * third)));
  if (!(last < 0.98 * second)) return false;
  const bend = last - 2 * second + first;
  return bend <= 0 || last - (last - second) ** 2 / bend < last / 2; // without a bend the fall does not slow down at all
}

/** Least-squares slope of log gap on the step over its standard error. */
function slopeSignificance(gaps: Float64Array): number {
  const n = gaps.length;
  const logs = gaps.map(Math.log);
  const mean = logs.reduce((sum, value) => sum + value, 0) / n;
  let [products, squares, total] = [0, 0, 0];
  for (let t = 0; t < n; ++t) {
    products += (t - (n - 1) / 2) * (logs[t] - mean);
    squares += (t - (n - 1) / 2) ** 2;
    total += (logs[t] - mean) ** 2;
  }
  const left = Math.max(0, total - (products * products) / squares);
  return products / squares / Math.sqrt(left / (n - 2) / squares);
}

/** Relative distances between two starts at equal steps. */
function gapsOf(tail: States, token: number, a: number, b: number): Float64Array {
  const gaps = new Float64Array(tail.steps);
  for (let step = 0; step < tail.steps; ++step) gaps[step] = relativeDistance(stateAt(tail, step, token, a), stateAt(tail, step, token, b));
  return gaps;
}

/** Relative distances between successive states. */
function stepsOf(tail: States, token: number, start: number): Float64Array {
  const steps = new Float64Array(tail.steps - 1);
  for (let t = 0; t < steps.length; ++t) steps[t] = relativeDistance(stateAt(tail, t, token, start), stateAt(tail, t + 1, token, start));
  return steps;
}

/** ‖a − b‖ / √((‖a‖² + ‖b‖²) / 2), 0 where both are zero. */
function relativeDistance(a: Float32Array, b: Float32Array): number {
  let [gap, norms] = [0, 0];
  for (let j = 0; j < a.length; ++j) {
    gap += (a[j] - b[j]) ** 2;
    norms += (a[j] * a[j] + b[j] * b[j]) / 2;
  }
  return norms > 0 ? Math.sqrt(gap / norms) : 0;
}

function geometricMean(values: Float64Array): number {
  let logs = 0;
  for (const value of values) logs += Math.log(value);
  return Math.exp(logs / values.length);
}

function rootMeanSquare(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum / values.length);
}
