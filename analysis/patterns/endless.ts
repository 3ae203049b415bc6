import {leftBeside, logarithms} from "../kernel/kernel.ts";
import {fTail} from "./fTail.ts";
import {productsFrom, type Gram} from "./gram.ts";
import {highest} from "./mode.ts";
import {perSize} from "./perSize.ts";
import {energyAlong, productsWith, residualOf, type Products} from "./residual.ts";
import {whiteNoise} from "./singleMode.ts";
import {tangentPlanes} from "./tangentPlane.ts";
import {inner, modeFunctions, orthonormal, sampled} from "./timeBasis.ts";
import {plainWalkP} from "./walkTest.ts";

/** What is claimed of an approach. */
interface Approach {
  /** First state of the window that the claim speaks of. */
  readonly from: number;
  /** Distance to the end kept per step; undefined where it is only known that the steps die away. */
  readonly rate?: number;
  /** Steps per turn, of an approach that turns. */
  readonly spiralPeriod?: number;
  /** Rounding floor of one state. */
  readonly floor: number;
}

/** Why such a path is not called converging. */
export const ENDLESS = "a way that slows down without an end accounts for it as well";

export const MOST_POWER = 1.25; // speeds that fall as t⁻ᵝ add up to no finite way for β up to 1; a margin for what a transient leaves
export const SURE_END = 0.01; // largest p of a way without an end where the data prefer one with an end
const BEGUN = 1; // steps before the first state at which such a way may have begun, at least: else it is a jump that creeps on
const LONG_BEGUN = 4; // × the window, at most: longer ago it is a line
const AT_REST = 0.25; // of the least share of its way that a way without an end goes in the last quarter, on from the quarter before
const LATER = [1 / 4, 1 / 2]; // of the window: what quicker motion has hidden is seen after it
const LEAST_LATER = 8; // states
const MOVING = 1.5; // × the energy of white noise along one function of time: less is no motion worth a test
const SURELY_MOVES = 3; // standard errors
const UNACCOUNTED = 0.01; // largest p of a claimed decay beside the way on which a later part goes on
const DIRECTED = 0.01; // largest p of a motion that goes one way
const SEARCH_STEPS = 10;
const EXPONENTIAL = 1e-3; // 1/β below which a power of time is an exponential
const [SLOWEST, QUICKEST] = [0.2, 3]; // decline of the speed at first: of all of it over the window, and a step
const LEAST_SHARE = 1e-4; // of the rounding floor's energy, that may lie along one direction

/**
 * Whether what is called an approach may as well be a way that slows down without an end: c + v·(t + τ)¹⁻ᵝ, c + v·ln(t + τ) or c + v·ln ln(t + τ). Speeds are taken as (1 + ξκt)^(−1/ξ), the
 * family of Pareto's distribution (Pickands 1975): an exponential at ξ = 0, mixtures of exponentials, which many modes are, between, and from ξ = 1 on no finite way. The best of those
 * with β = 1/ξ up to `MOST_POWER`, or of ln ln t, is held against the best of all others, by F, along the direction in which the path goes. Besides, no later part may go on along such a way where
 * the approach would have left it at rest.
 */
export function mayBeEndless(gram: Gram, {from, rate, spiralPeriod, floor}: Approach): boolean {
  const tail = Math.max(Math.min(4, gram.size), gram.size >> 2);
  const size = gram.size - from;
  if (size < LEAST_LATER) return false;
  const least = LEAST_SHARE * floor ** 2;
  const path = tangentPlanes(gram, tail, 1)[0] ?? gram;
  const course = spiralPeriod === undefined ? courseOf(productsFrom(path, from), rate) : undefined;
  if (course && !endIsSeen(course, {begun: BEGUN, least, endless: () => bestEndless(course, BEGUN)})) return true;
  return LATER.map((share) => Math.floor(share * size))
    .filter((later) => size - later >= LEAST_LATER)
    .some((later) => goesOnEndlessly(productsFrom(path, from + later), {begun: later + BEGUN, rate, spiralPeriod, floor, least}));
}

/** Where a path stands along the one direction in which it goes most as a decay of this rate would, or as √t, at every step. */
function courseOf(path: Products, rate?: number): Float64Array {
  const shape = sampled(path.size, (t) => (rate === undefined || rate >= 1 ? Math.sqrt(t + 1) : rate ** t));
  const [f] = orthonormal([shape], orthonormal([sampled(path.size, () => 1)]));
  if (f === undefined) return new Float64Array(path.size);
  const along = productsWith(path, f);
  const length = Math.sqrt(Math.max(inner(along, f), Number.MIN_VALUE));
  return along.map((product) => product / length);
}

interface Bounds {
  /** Steps before the first state of the course at which a way without an end may have begun, at least. */
  readonly begun: number;
  /** Energy per state below which nothing is known. */
  readonly least: number;
}

/** Whether a course prefers a way with an end to every one without, the best of which leaves `endless` of it, or has come to rest. */
function endIsSeen(course: Float64Array, {begun, least, endless: leftEndless}: Bounds & {readonly endless: () => number}): boolean {
  const n = course.length;
  if (lateShare(course) < AT_REST * lateShare(sampled(n, (t) => -((t + begun) ** (1 - MOST_POWER))))) return true;
  const endless = leftEndless();
  const ending = Math.min(endless, bestEnding(course));
  return likelihoodP(endless, ending, {free: n - 4, least: n * least}) <= SURE_END;
}

/** Mean place in the last quarter but one, and in the last. */
function lateQuarters(course: Float64Array): [third: number, last: number] {
  const n = course.length;
  const quarter = n >> 2;
  const place = (from: number): number => course.subarray(from, from + quarter).reduce((sum, x) => sum + x, 0) / quarter;
  return [place(n - 2 * quarter), place(n - quarter)];
}

/** Way from the third to the last quarter over all of it. */
function lateShare(course: Float64Array): number {
  const [third, last] = lateQuarters(course);
  return Math.abs(last - third) / Math.max(Math.abs(last - course[0]), Number.MIN_VALUE);
}

/** Whether a course still moves at its end, by its last quarters, whose noise is what the best way without an end leaves. */
function stillMoves(course: Float64Array, left: number): boolean {
  const [third, last] = lateQuarters(course);
  return Math.abs(last - third) > SURELY_MOVES * Math.sqrt(((left / (course.length - 3)) * 2) / (course.length >> 2));
}

interface Later extends Bounds, Pick<Approach, "rate" | "spiralPeriod" | "floor"> {}

/** Whether a later part of a path goes one way, which may have no end, and which the claimed decay does not account for. */
function goesOnEndlessly(part: Products, {begun, rate, spiralPeriod, floor, least}: Later): boolean {
  const n = part.size;
  const constant = orthonormal([sampled(n, () => 1)]);
  const line = orthonormal([sampled(n, (t) => t)], constant);
  if (energyAlong(part, line) < MOVING * Math.max(whiteNoise(part), floor ** 2)) return false;
  if (plainWalkP(residualOf(part, constant), line, {constant, floor: floor ** 2}) > DIRECTED) return false;
  const course = courseOf(part);
  const endless = bestEndless(course, begun);
  if (!stillMoves(course, endless) || endIsSeen(course, {begun, least, endless: () => endless})) return false;
  const omega = spiralPeriod === undefined ? 0 : (2 * Math.PI) / spiralPeriod;
  const claimed = rate === undefined ? [] : orthonormal(modeFunctions(n, rate, omega), constant);
  const along = (q: Float64Array): number => inner(q, course) ** 2;
  const left = inner(course, course) - [...constant, ...claimed].reduce((sum, q) => sum + along(q), 0);
  return likelihoodP(left, endless, {free: n - 3, least: n * least}) <= UNACCOUNTED;
}

/** P(one more number takes up as much | it takes up noise). */
const likelihoodP = (without: number, taken: number, {free, least}: {readonly free: number; readonly least: number}): number =>
  fTail(Math.max(0, without - taken) / (Math.max(taken, least, Number.MIN_VALUE) / free), 1, free) / 2;

/** What the best way without an end leaves of a course; it began at least `begun` steps before. */
function bestEndless(course: Float64Array, begun: number): number {
  const times = timesOf(course.length);
  const beforeAt = (log: number): number => begun - BEGUN + Math.exp(log);
  const left = (log: number): number => {
    const logs = logarithms(times, 1 / beforeAt(log));
    return lowest((power) => leftBy(course, power, logs), 0, MOST_POWER);
  };
  // ln ln(t + since) = ln(1 + (ln(1 + t / since) + ln since − 1))
  const slowest = (log: number): number => {
    const since = beforeAt(log) - BEGUN + Math.E;
    const logs = logarithms(times, 1 / since);
    const more = Math.log(since) - 1;
    for (let t = 0; t < logs.length; ++t) logs[t] += more;
    return leftOf(course, logarithms(logs, 1));
  };
  const [nearest, farthest] = [Math.log(BEGUN), Math.log(LONG_BEGUN * (course.length + begun))];
  return Math.min(lowest(left, nearest, farthest), lowest(slowest, nearest, farthest));
}

/** What the best way with an end leaves of it. */
function bestEnding(course: Float64Array): number {
  const times = timesOf(course.length);
  return lowest(
    (log) => {
      const decline = Math.exp(log);
      return lowest(
        (inverse) =>
          inverse < EXPONENTIAL ? leftBeside(course, times, -decline) : leftBy(course, 1 / inverse, logarithms(times, inverse * decline)),
        0,
        1 / MOST_POWER
      );
    },
    Math.log(SLOWEST / course.length),
    Math.log(QUICKEST)
  );
}

/** The least that f is between two ends. */
const lowest = (f: (x: number) => number, low: number, high: number): number => f(highest((x) => -f(x), low, high, SEARCH_STEPS));

const timesOf = perSize((n) => sampled(n, (t) => t));

/** What a way of speeds (t + before)^(−power) leaves of a course; `logs` are ln(1 + t / before). */
function leftBy(course: Float64Array, power: number, logs: Float64Array): number {
  const rest = 1 - power;
  return Math.abs(rest) < 1e-4 ? leftOf(course, logs) : leftBeside(course, logs, rest);
}

/** Energy of a course that c + v·way leaves. */
function leftOf(course: Float64Array, way: Float64Array): number {
  const n = course.length;
  let w = 0;
  let ww = 0;
  let wx = 0;
  let x = 0;
  let xx = 0;
  for (let t = 0; t < n; ++t) {
    const at = way[t];
    const place = course[t];
    w += at;
    ww += at * at;
    wx += at * place;
    x += place;
    xx += place * place;
  }
  const [spread, along, all] = [ww - (w * w) / n, wx - (w * x) / n, xx - (x * x) / n];
  return Math.max(0, all - (spread > 1e-14 * ww ? (along * along) / spread : 0));
}
