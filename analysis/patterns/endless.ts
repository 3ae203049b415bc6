import {tailSize} from "./contraction.ts";
import {fTail} from "./fTail.ts";
import {productsFrom, type Gram} from "./gram.ts";
import {energyAlong, productsWith, residualOf, type Products} from "./residual.ts";
import {tangentPlanes} from "./tangentPlane.ts";
import {constantOf, inner, modeFunctions, orthonormal, sampled} from "./timeBasis.ts";
import {plainWalkP} from "./walkTest.ts";
import {BEGUN, bestAhead, bestBeside, bestEnding, bestEndless, leftOf, MOST_POWER} from "./ways.ts";
import {whiteNoise} from "./whiteNoise.ts";

/** What is claimed of an approach. */
interface Approach {
  /** First state of the window that the claim speaks of. */
  readonly from: number;
  /** Distance to the end kept per step; undefined where it is only known that the steps die away. */
  readonly rate?: number;
  /** Steps per turn, of an approach that turns. */
  readonly spiralPeriod?: number;
  /** Whether one mode of this rate is said to account for all of the window. */
  readonly oneMode: boolean;
  /** Rounding floor of one state. */
  readonly floor: number;
}

/** Why such a path is not called converging. */
export const ENDLESS = "a way that slows down without an end accounts for it as well";

export const SURE_END = 0.01; // largest p of a way without an end where the data prefer one with an end
const AT_REST = 0.25; // of the least share of its way that a way without an end goes in the last quarter, on from the quarter before
const LATER = [1 / 4, 1 / 2]; // of the window: what quicker motion has hidden is seen after it
const LEAST_LATER = 8; // states
const MOVING = 1.5; // × the energy of white noise along one function of time: less is no motion worth a test
const SURELY_MOVES = 3; // standard errors
const UNACCOUNTED = 2e-3; // largest p of a claimed decay beside the way on which a later part goes on: two parts are looked at, and rounding bends what rests
const DIRECTED = 0.01; // largest p of a motion that goes one way
export const SURELY_BEHIND = 0.35; // of the way, beyond doubt (`SURE_END`), where the best fit has half of it behind: the two cannot be told apart closer
const MISFIT = 1e-6; // largest p of a claimed mode that does not account for the course
const LEAST_SHARE = 1e-4; // of the rounding floor's energy, that may lie along one direction

/**
 * Whether what is called an approach may as well be a way that slows down without an end: c + v·(t + τ)¹⁻ᵝ, c + v·ln(t + τ) or c + v·ln ln(t + τ). Speeds are taken as (1 + ξκt)^(−1/ξ), the
 * family of Pareto's distribution (Pickands 1975): an exponential at ξ = 0, mixtures of exponentials, which many modes are, between, and from ξ = 1 on no finite way. The best of those
 * with β = 1/ξ up to `MOST_POWER`, or of ln ln t, is held against the best of all others, by F, along the direction in which the path goes. Besides, no later part may go on along such a way where
 * the approach would have left it at rest.
 */
export function mayBeEndless(gram: Gram, {from, rate, spiralPeriod, oneMode, floor}: Approach): boolean {
  const size = gram.size - from;
  if (size < LEAST_LATER) return false;
  const least = LEAST_SHARE * floor ** 2;
  const path = tangentPlanes(gram, tailSize(gram.size), 1)[0] ?? gram;
  if (spiralPeriod === undefined && !mostIsBehind(courseOf(productsFrom(path, from), rate), {rate: oneMode ? rate : undefined, least}))
    return true;
  return LATER.map((share) => Math.floor(share * size))
    .filter((later) => size - later >= LEAST_LATER)
    .some((later) => goesOnEndlessly(productsFrom(path, from + later), {begun: later + BEGUN, rate, spiralPeriod, floor, least}));
}

/** Where a path stands along the one direction in which it goes most as a decay of this rate would, or as √t, at every step. */
function courseOf(path: Products, rate?: number): Float64Array {
  const shape = sampled(path.size, (t) => (rate === undefined || rate >= 1 ? Math.sqrt(t + 1) : rate ** t));
  const [f] = orthonormal([shape], constantOf(path.size));
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

/**
 * Whether a course from its beginning prefers a way with an end to every one without, and to every one of which less than `SURELY_BEHIND` is behind, or has come to rest. Beside a mode
 * `rate` that is said to account for all of it, and does not, is quicker motion: that may stand beside a way without an end, too.
 */
function mostIsBehind(course: Float64Array, {rate, least}: {readonly rate?: number; readonly least: number}): boolean {
  const n = course.length;
  if (atRest(course, BEGUN)) return true;
  const ending = bestEnding(course);
  const isRefuted = (left: number, taken: number, other = ending): boolean =>
    isWorse(left, Math.min(ending, other), {free: n - taken, least: n * least});
  if (!isRefuted(bestEndless(course, BEGUN), 4) || !isRefuted(bestAhead(course, SURELY_BEHIND), 4)) return false;
  if (rate === undefined) return true;
  const claimed = leftOf(
    course,
    sampled(n, (t) => rate ** t)
  );
  if (likelihoodP(claimed, Math.min(claimed, ending), {free: n - 4, least: n * least}) > MISFIT) return true;
  const endless = bestBeside(course, (beside, steps) => bestEndless(course, BEGUN, {beside, steps}));
  return (
    isRefuted(endless, 6) ||
    isRefuted(
      endless,
      6,
      bestBeside(course, (beside, steps) => bestEnding(course, {beside, steps}))
    )
  );
}

/** Whether a course goes on too little in its last quarter for a way without an end. */
const atRest = (course: Float64Array, begun: number): boolean =>
  lateShare(course) < AT_REST * lateShare(sampled(course.length, (t) => -((t + begun) ** (1 - MOST_POWER))));

/** Whether a course prefers a way with an end to every one without, the best of which leaves `endless` of it, or has come to rest. */
function endIsSeen(course: Float64Array, {begun, least, endless}: Bounds & {readonly endless: number}): boolean {
  const n = course.length;
  if (atRest(course, begun)) return true;
  return isWorse(endless, bestEnding(course), {free: n - 4, least: n * least});
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
  const constant = constantOf(n);
  const line = orthonormal([sampled(n, (t) => t)], constant);
  if (energyAlong(part, line) < MOVING * Math.max(whiteNoise(part), floor ** 2)) return false;
  if (plainWalkP(residualOf(part, constant), line, {constant, floor: floor ** 2}) > DIRECTED) return false;
  const course = courseOf(part);
  const endless = bestEndless(course, begun);
  const omega = spiralPeriod === undefined ? 0 : (2 * Math.PI) / spiralPeriod;
  const claimed = rate === undefined ? [] : orthonormal(modeFunctions(n, rate, omega), constant);
  const along = (q: Float64Array): number => inner(q, course) ** 2;
  const left = inner(course, course) - [...constant, ...claimed].reduce((sum, q) => sum + along(q), 0);
  if (likelihoodP(left, endless, {free: n - 3, least: n * least}) > UNACCOUNTED) return false;
  return stillMoves(course, endless) && !endIsSeen(course, {begun, least, endless});
}

/** Whether a way leaves more of a course than another, beyond doubt. */
const isWorse = (left: number, other: number, noise: Noise): boolean => likelihoodP(left, Math.min(left, other), noise) <= SURE_END;

interface Noise {
  readonly free: number;
  readonly least: number;
}

/** P(one more number takes up as much | it takes up noise). */
const likelihoodP = (without: number, taken: number, {free, least}: Noise): number =>
  fTail(Math.max(0, without - taken) / (Math.max(taken, least, Number.MIN_VALUE) / free), 1, free) / 2;
