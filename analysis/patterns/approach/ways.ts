import {leftBeside, logarithms} from "../../kernel/functions.ts";
import {top} from "../modes/mode.ts";
import {perSize} from "../statistics/perSize.ts";
import {constantOf, inner, orthonormal, sampled} from "../statistics/timeBasis.ts";

/** What ways of a kind leave of a course, the places along one direction at every step: energies, at the best constant and size. */

export const MOST_POWER = 1.25; // speeds that fall as t⁻ᵝ add up to no finite way for β up to 1; a margin for what a transient leaves
export const BEGUN = 1; // steps before the first state at which such a way may have begun, at least: else it is a jump that creeps on
const LONG_BEGUN = 4; // × the window, at most: longer ago it is a line
const SEARCH_STEPS = 10;
const EXPONENTIAL = 1e-3; // 1/β below which a power of time is an exponential
const [SLOWEST, QUICKEST] = [0.2, 3]; // decline of the speed at first: of all of it over the window, and a step
const TRANSIENT = [0.2, 0.85] as const; // shares that quick motion beside a way keeps a step
const ROUGH_STEPS = 4; // of a search within searches

/** A quick decay beside a way, without its mean and of length 1, and how much of the course lies along it. */
interface Transient {
  readonly unit: Float64Array;
  readonly share: number;
}

interface Search {
  readonly beside?: Transient;
  readonly steps?: number;
}

/** The least that a kind of way leaves with the best transient beside it. */
export function bestBeside(course: Float64Array, left: (beside: Transient, steps: number) => number): number {
  const constant = constantOf(course.length);
  const transientOf = (kept: number): Transient => {
    const [unit] = orthonormal([sampled(course.length, (t) => kept ** t)], constant);
    return {unit, share: inner(unit, course)};
  };
  return lowest((kept) => left(transientOf(kept), ROUGH_STEPS), ...TRANSIENT, ROUGH_STEPS);
}

/** What the best way without an end leaves of a course; it began at least `begun` steps before. */
export function bestEndless(course: Float64Array, begun: number, {beside, steps}: Search = {}): number {
  const times = timesOf(course.length);
  const beforeAt = (log: number): number => begun - BEGUN + Math.exp(log);
  const left = (log: number): number => {
    const logs = logarithms(times, 1 / beforeAt(log));
    return lowest((power) => leftBy(course, {power, logs, beside}), 0, MOST_POWER, steps);
  };
  // ln ln(t + since) = ln(1 + (ln(1 + t / since) + ln since − 1))
  const slowest = (log: number): number => {
    const since = beforeAt(log) - BEGUN + Math.E;
    const logs = logarithms(times, 1 / since);
    const more = Math.log(since) - 1;
    for (let t = 0; t < logs.length; ++t) logs[t] += more;
    return leftOf(course, logarithms(logs, 1), beside);
  };
  const [nearest, farthest] = [Math.log(BEGUN), Math.log(LONG_BEGUN * (course.length + begun))];
  return Math.min(lowest(left, nearest, farthest, steps), lowest(slowest, nearest, farthest, steps));
}

/** What the best way with an end leaves of it. */
export function bestEnding(course: Float64Array, {beside, steps}: Search = {}): number {
  return lowest(
    (log) => lowest((inverse) => leftByDecline(course, {inverse, decline: Math.exp(log), beside}), 0, 1 / MOST_POWER, steps),
    Math.log(SLOWEST / course.length),
    Math.log(QUICKEST),
    steps
  );
}

/** The same of those of which no more than `share` is behind; (1 + ξκT)^(1 − 1/ξ) of such a way lies ahead. */
export function bestAhead(course: Float64Array, share: number): number {
  return lowest(
    (inverse) => {
      const bend = Math.max(inverse, EXPONENTIAL);
      const quickest = ((1 - share) ** (bend / (bend - 1)) - 1) / (bend * (course.length - 1));
      const slowest = Math.min(SLOWEST / course.length, quickest / 2);
      return lowest((log) => leftByDecline(course, {inverse, decline: Math.exp(log)}), Math.log(slowest), Math.log(quickest));
    },
    0,
    1 / MOST_POWER
  );
}

interface DecliningWay {
  readonly inverse: number;
  readonly decline: number;
  readonly beside?: Transient;
}

/** What a way leaves whose speed declines by so much a step at first, and in the end as time to a power of −1 / `inverse`, below −1. */
function leftByDecline(course: Float64Array, {inverse, decline, beside}: DecliningWay): number {
  const [exponents, unit] = [timesOf(course.length), beside?.unit];
  return inverse < EXPONENTIAL
    ? leftBeside(course, {exponents, by: -decline, unit})
    : leftBeside(course, {exponents, bend: inverse * decline, by: 1 - 1 / inverse, unit});
}

/** The least that f is between two ends. */
const lowest = (f: (x: number) => number, low: number, high: number, steps = SEARCH_STEPS): number =>
  -top((x) => -f(x), low, high, steps).value;

const timesOf = perSize((n) => sampled(n, (t) => t));

interface PowerWay {
  readonly power: number;
  readonly logs: Float64Array;
  readonly beside?: Transient;
}

/** What a way of speeds (t + before)^(−power) leaves of a course; `logs` are ln(1 + t / before). */
function leftBy(course: Float64Array, {power, logs, beside}: PowerWay): number {
  const rest = 1 - power;
  return Math.abs(rest) < 1e-4 ? leftOf(course, logs, beside) : leftBeside(course, {exponents: logs, by: rest, unit: beside?.unit});
}

/** Energy of a course that c + v·way leaves, and a transient beside it. */
export function leftOf(course: Float64Array, way: Float64Array, beside?: Transient): number {
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
  const [wu, xu] = beside ? [inner(way, beside.unit), beside.share] : [0, 0];
  const [spread, along, all] = [ww - (w * w) / n - wu * wu, wx - (w * x) / n - wu * xu, xx - (x * x) / n - xu * xu];
  return Math.max(0, all - (spread > 1e-14 * ww ? (along * along) / spread : 0));
}
