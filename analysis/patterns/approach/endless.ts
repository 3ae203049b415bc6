import {fTail} from "../statistics/fTail.ts";
import {productsFrom, squaredDistance} from "../path/gram.ts";
import {energyAlong, productsWith, residualOf, type Products} from "../path/residual.ts";
import {HARDLY} from "./slowPart.ts";
import {constantOf, inner, modeFunctions, orthonormal, sampled} from "../statistics/timeBasis.ts";
import {plainWalkP} from "../nulls/walkTest.ts";
import {BEGUN, bestAhead, bestBeside, bestEnding, bestEndless, leftOf, MOST_POWER} from "./ways.ts";
import {whiteNoise} from "../path/whiteNoise.ts";

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
  /** Greatest distance from its end of all of the path. */
  readonly way: number;
}

/** Why such a path is not called converging. */
export const ENDLESS = "a way that slows down without an end accounts for it as well";

export const SURE_END = 0.01; // largest p of a way without an end, by F, where the data prefer one with an end
export const UNLIKE = 1 / 4; // of that p: F takes the two families for one within the other, and of ways without an end so small a p is met no more than a quarter as often
const AT_REST = 0.25; // of the least share of its way that a way without an end goes in the last quarter, on from the quarter before
const SURELY_RESTS = 1e-9; // p of rest that needs no second look
const RESTS = 0.1; // the same beside which no way without an end stands that a mode does not account for
const LATER = [1 / 4, 1 / 2]; // of the window: what quicker motion has hidden is seen after it
const LEAST_LATER = 8; // states
const MOVING = 1.5; // × the energy of white noise along one function of time: less is no motion worth a test
const UNACCOUNTED = 2e-3; // largest p of a claimed decay beside the way on which a later part goes on: two parts are looked at, and rounding bends what rests
const HOLDS = 0.75; // of what a decay was before, that a path must have been for the approach to have begun no later
export const WENT_BEFORE = 0.3; // × the way of a late approach, that has gone the same way before it,
export const SAME_WAY = 0.5; // of all that lies between its beginning and that of the approach: less is another direction
const ONE_WAY = 0.5; // of all that was gone along its line: more is no unrest
const HARDLY_SLOWS = 0.99; // decay of one of which no rate is known
const DIRECTED = 0.01; // largest p of a motion that goes one way
export const SURELY_BEHIND = 0.35; // of the way, beyond doubt (`SURE_END`), where the best fit has half of it behind: the two cannot be told apart closer
const MISFIT = 1e-6; // largest p of a claimed mode that does not account for the course
const LEAST_SHARE = 1e-4; // of the rounding floor's energy, that may lie along one direction

/**
 * P(what is called an approach | it is a way that slows down without an end): c + v·(t + τ)¹⁻ᵝ, c + v·ln(t + τ) or c + v·ln ln(t + τ). Speeds are taken as (1 + ξκt)^(−1/ξ), the
 * family of Pareto's distribution (Pickands 1975): an exponential at ξ = 0, mixtures of exponentials, which many modes are, between, and from ξ = 1 on no finite way. The best of those
 * with β = 1/ξ up to `MOST_POWER`, or of ln ln t, is held against the best of all others, by F, along the direction in which the path goes. Besides, no later part may go on along such a way where
 * the approach would have left it at rest. A path on a sphere is wanted as it looks on the plane where it ends (`tangentPlanes`). 0 where the end is seen at rest; p past `SURE_END` is not worked out to its end.
 */
export function endlessP(path: Products, {from, rate, spiralPeriod, oneMode, floor, way}: Approach): number {
  const size = path.size - from;
  if (size < LEAST_LATER) return 0;
  const least = LEAST_SHARE * floor ** 2;
  const turns = spiralPeriod !== undefined;
  let p = turns ? 0 : aheadP(courseOf(productsFrom(path, from), rate), {rate: oneMode ? rate : undefined, least});
  if (from > BEGUN && !turns && p <= SURE_END) p = Math.max(p, goneBeforeP(path, {from, rate, least}));
  for (const share of LATER) {
    const later = Math.floor(share * size);
    if (p > SURE_END || size - later < LEAST_LATER) break;
    p = Math.max(p, laterP(productsFrom(path, from + later), {begun: later + BEGUN, rate, spiralPeriod, floor, way, least}));
  }
  return p;
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

interface Late {
  readonly from: number;
  readonly rate?: number;
  readonly least: number;
}

/**
 * P(all of a path prefers as much a way with an end | it has none), of an approach from a later state on that only goes on in the direction in which the path went before: what is quicker and
 * slower by turns comes to no end whenever it is slow. 0 where it rested before, was restless, came back, or went elsewhere.
 */
function goneBeforeP(path: Products, {from, rate, least}: Late): number {
  const n = path.size;
  const kept = Math.min(rate ?? 1, HARDLY_SLOWS);
  const decay = sampled(n, (t) => (t < from ? 0 : kept ** (t - from)));
  const [f] = orthonormal([decay], orthonormal([sampled(n, (t) => (t < from ? 0 : 1))]));
  if (f === undefined) return 0;
  const course = productsWith(path, f);
  const size = inner(course, f) / inner(decay, f);
  const end = course.subarray(from).reduce((sum, x, t) => sum + x - size * kept ** t, 0) / (n - from);
  let begun = from;
  while (begun > 1 && course[begun - 1] - end > HOLDS * size * kept ** (begun - 1 - from)) --begun;
  const gone = course[1] - course[begun];
  const all = course.subarray(2, begun + 1).reduce((sum, x, t) => sum + Math.abs(x - course[t + 1]), 0);
  const enough = WENT_BEFORE * (course[begun] - end);
  if (gone <= enough || gone <= ONE_WAY * all || mostBack(course.subarray(1, begun + 1)) > enough) return 0;
  if (gone <= SAME_WAY * Math.sqrt(squaredDistance(path, 1, begun) * inner(course, f))) return 0;
  const whole = course.slice(1);
  return likelihoodP(bestEndless(whole, BEGUN), bestEnding(whole), {
    free: whole.length - 4,
    least: whole.length * least * inner(course, f)
  });
}

/** The farthest that a falling course goes back up. */
function mostBack(course: Float64Array): number {
  let [lowest, most] = [Infinity, 0];
  for (const x of course) {
    lowest = Math.min(lowest, x);
    most = Math.max(most, x - lowest);
  }
  return most;
}

interface Bounds {
  /** Steps before the first state of the course at which a way without an end may have begun, at least. */
  readonly begun: number;
  /** Energy per state below which nothing is known. */
  readonly least: number;
}

/** P(a course from its beginning has as clear an end | it has none): by its rest at its end where that leaves no doubt, else by how it goes there. */
function aheadP(course: Float64Array, claimed: Claimed): number {
  const resting = restP(course, {begun: BEGUN, least: claimed.least});
  return resting <= SURELY_RESTS ? resting : notBehindP(course, resting <= RESTS ? {least: claimed.least} : claimed);
}

interface Claimed extends Pick<Bounds, "least"> {
  /** Of one mode that is said to account for all of the course. */
  readonly rate?: number;
}

/**
 * P(a course from its beginning prefers as much a way with an end to every one without, and to every one of which less than `SURELY_BEHIND` is behind | it is one of those). Beside a mode
 * `rate` that is said to account for all of it, and does not, is quicker motion: that may stand beside a way without an end, too.
 */
function notBehindP(course: Float64Array, {rate, least}: Claimed): number {
  const n = course.length;
  const ending = bestEnding(course);
  const worseP = (left: number, taken: number, other = ending): number =>
    likelihoodP(left, Math.min(left, ending, other), {free: n - taken, least: n * least});
  const endlessP = worseP(bestEndless(course, BEGUN), 4);
  const p = endlessP > SURE_END ? endlessP : Math.max(endlessP, worseP(bestAhead(course, SURELY_BEHIND), 4));
  if (rate === undefined || p > SURE_END) return p;
  const claimed = leftOf(
    course,
    sampled(n, (t) => rate ** t)
  );
  if (likelihoodP(claimed, Math.min(claimed, ending), {free: n - 4, least: n * least}) > MISFIT) return p;
  const endless = bestBeside(course, (beside, steps) => bestEndless(course, BEGUN, {beside, steps}));
  if (worseP(endless, 6) <= p) return p;
  const besideP = worseP(
    endless,
    6,
    bestBeside(course, (beside, steps) => bestEnding(course, {beside, steps}))
  );
  return Math.max(p, besideP);
}

/**
 * P(a course goes on as little in its last quarter | it goes on by `AT_REST` of the least that a way without an end does, which quicker motion may have begun beside it): Student's t of the means of its last two
 * quarters, by what its places vary in each.
 */
function restP(course: Float64Array, {begun, least}: Bounds): number {
  const quarters = lateQuarters(course);
  const missing = missingAtEnd(course, quarters, begun);
  if (!(missing > 0)) return 1;
  const quarter = course.length >> 2;
  const free = 2 * quarter - 2;
  const squares = quarters.reduce((sum, part) => sum + part.squares, 0);
  const variance = (2 / quarter) * Math.max(squares / free, least, Number.MIN_VALUE);
  return fTail(missing ** 2 / variance, 1, free) / 2;
}

/** By how much less a course goes on in its last quarter than `AT_REST` of the least that a way without an end does. */
function missingAtEnd(course: Float64Array, quarters: LateQuarters, begun: number): number {
  const endless = sampled(course.length, (t) => -((t + begun) ** (1 - MOST_POWER)));
  return AT_REST * lateShare(endless) * Math.abs(quarters[1].mean - course[0]) - lateWay(quarters);
}

/** P(a course prefers as much a way with an end to every one without, the best of which leaves `endless` of it | it has none); 0 where it goes on too little for one. */
function endP(course: Float64Array, quarters: LateQuarters, {begun, least, endless}: Bounds & {readonly endless: number}): number {
  const n = course.length;
  return missingAtEnd(course, quarters, begun) > 0
    ? 0
    : likelihoodP(endless, Math.min(endless, bestEnding(course)), {free: n - 4, least: n * least});
}

interface Part {
  readonly mean: number;
  /** Squared distances from it, summed. */
  readonly squares: number;
}

type LateQuarters = readonly [third: Part, last: Part];

/** The places of the last quarter but one, and of the last. */
function lateQuarters(course: Float64Array): LateQuarters {
  const n = course.length;
  const quarter = n >> 2;
  const part = (from: number): Part => {
    const places = course.subarray(from, from + quarter);
    const mean = places.reduce((sum, x) => sum + x, 0) / quarter;
    return {mean, squares: places.reduce((sum, x) => sum + (x - mean) ** 2, 0)};
  };
  return [part(n - 2 * quarter), part(n - quarter)];
}

const lateWay = ([third, last]: LateQuarters): number => Math.abs(last.mean - third.mean);

/** Way from the third to the last quarter over all of it. */
function lateShare(course: Float64Array): number {
  const quarters = lateQuarters(course);
  return lateWay(quarters) / Math.max(Math.abs(quarters[1].mean - course[0]), Number.MIN_VALUE);
}

interface Later extends Bounds, Pick<Approach, "rate" | "spiralPeriod" | "floor" | "way"> {}

/** P(a later part of a path prefers as much a way with an end | it goes one way, which has none); 0 where it goes none, or the claimed decay accounts for it. */
function laterP(part: Products, {begun, rate, spiralPeriod, floor, way, least}: Later): number {
  const n = part.size;
  const constant = constantOf(n);
  const line = orthonormal([sampled(n, (t) => t)], constant);
  if (energyAlong(part, line) < Math.max(MOVING * Math.max(whiteNoise(part), floor ** 2), n * (HARDLY * way) ** 2)) return 0;
  if (plainWalkP(residualOf(part, constant), line, {constant, floor: floor ** 2}) > DIRECTED) return 0;
  const course = courseOf(part);
  const endless = bestEndless(course, begun);
  const omega = spiralPeriod === undefined ? 0 : (2 * Math.PI) / spiralPeriod;
  const claimed = rate === undefined ? [] : orthonormal(modeFunctions(n, rate, omega), constant);
  const along = (q: Float64Array): number => inner(q, course) ** 2;
  const left = inner(course, course) - [...constant, ...claimed].reduce((sum, q) => sum + along(q), 0);
  if (likelihoodP(left, endless, {free: n - 3, least: n * least}) > UNACCOUNTED) return 0;
  return endP(course, lateQuarters(course), {begun, least, endless});
}

interface Noise {
  readonly free: number;
  readonly least: number;
}

/** P(one more number takes up as much | it takes up noise). */
const likelihoodP = (without: number, taken: number, {free, least}: Noise): number =>
  fTail(Math.max(0, without - taken) / (Math.max(taken, least, Number.MIN_VALUE) / free), 1, free) / 2;
