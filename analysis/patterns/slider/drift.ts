import {angularSpeed} from "./angularSpeed.ts";
import {squaredNorm, type Gram} from "../path/gram.ts";
import {jumpsP} from "../nulls/jumps.ts";
import {highest} from "../modes/mode.ts";
import {modeEnergy} from "../modes/modeEnergy.ts";
import {effectiveDimensions, energyAlong, energyOf, productsWith, residualOf, type Products} from "../path/residual.ts";
import {constantOf, inner, modeFunctions, orthonormal, sampled, type TimeBasis} from "../statistics/timeBasis.ts";
import {runningWalkP, walkTest} from "../nulls/walkTest.ts";
import {whiteNoise} from "../path/whiteNoise.ts";
import {speeds, thirds} from "./partSpeeds.ts";
import type {LateWindow} from "../path/windows.ts";

/** What a path says for and against moving steadily in one direction. */
export interface DriftEvidence {
  readonly window: readonly [number, number];
  /** Radians per step, seen from the origin. */
  readonly speed: number;
  /** Speed in the last third of the window over that in the first. */
  readonly steadiness: number;
  /** Half the range of the speeds in up to six parts of the window, over their middle. */
  readonly variation: number;
  /** Net displacement over the length of the fitted arc; 1 for a straight line. */
  readonly straightness: number;
  /** Angle that the motion turns by, radians; 0 for a straight line. */
  readonly arc: number;
  /** The arc has nearly the radius of the states' norm: straight on the sphere, or nearly so. */
  readonly greatCircle: boolean;
  /** Root mean square distance per state from the fitted line or arc; of an uneven motion, which keeps no time on it, the size of its white noise. */
  readonly noise: number;
  /** Energy of the motion over what a random walk would show. */
  readonly walkRatio: number;
  /** Speed kept per step: e^(tangential acceleration over speed). Below 1 it slows down, whether or not the path bends. */
  readonly rate: number;
  readonly rateCi: readonly [number, number];
  readonly p: number;
  readonly against: readonly string[];
  /** The motion is directed, and its slowing down is resolved: no slider. */
  readonly slowing: boolean;
  /** Its speed surely rises somewhere, and varies by no more than a slider's may. */
  readonly uneven: boolean;
  /** It slows down from third to third, and by so much that it is on its way to rest. */
  readonly decays: boolean;
}

interface DriftOptions {
  /** Rounding floor of one state. */
  readonly floor: number;
  /** Whether the evidence is wanted where no window's motion says anything about any label, too. */
  readonly all: boolean;
}

export const LEAST_RATIO = 6; // × a random walk; less is no slider, no slowing down, and nothing against rest
export const STEADY = 0.75; // least speed at the end relative to the beginning, and its inverse
export const STRAIGHT = 0.9; // least chord over arc of a slider off a great circle
const CENTRED = 0.88; // least radius of an arc over the states' norm that passes for straight on the sphere, and its inverse
export const KEPT_SPEED = 0.9; // share of the speed that must be kept over the window, at the lower end of its interval
export const LOST_SPEED = 0.04; // share of the speed lost over the window that is called slowing down, if its interval excludes none
const DECAYED = 0.15; // share of it lost that makes a path a contraction; less may be an uneven drift
const MOST_LEFT = 0.63; // speed of the last third over that of the first, of a decay that has half of its way behind: ½ to the power ⅔
const SURE_DEVIATIONS = 3.3; // of the noise, one in a thousand: five windows are looked at, and a slider must not be lost to chance
const WORSE_FIT = 2; // times the least residual of any window: a transient is still in it
const LINE_PREFERENCE = 6; // log-likelihood that an arc must gain over a line
const LEAST_ARC = 0.05; // radians over the window; a flatter arc is a line
const MOST_TURNS = 3; // more of them are an orbit's
const ONE_TURN = 2 * Math.PI;
export const ROUND = 0.9; // of a turn: what has come round so far lies next to where it was, and says no more that it goes on than that it recurs
export const MOST_VARIATION = 0.35; // of a slider of uneven speed
const BY_CHANCE = 1e-4; // p of an order of jumps that chance may have given
export const UNEVEN_RATIO = 48; // × a random walk, of a motion whose speed may vary so much, or winds so far that only its parts say how it does; velocities that are remembered for a few steps reach 45
export const LONGEST_MEMORY = 1 / 6; // of the path, for which a walk's steps may remember those before; of a longer memory it can go straight on to the end, as a slider does

/**
 * Looks for a steady drift that lasts to the end of the path: the first of `lateWindows` in which nothing speaks
 * against it, else the one with the best p. Two shapes are fitted, a line and an arc of a circle of at most three turns; the test is
 * `walkTest`, and of what would be a slider `runningWalkP` too. A motion c + z rateᵗ that slows down is a contraction, however slowly: the label needs the rate's interval to lie about 1, and a
 * shorter window, which resolves it less, does not overrule a longer one that saw it slow down. Undefined where no window says anything about any label, unless `all` is asked for.
 */
export function driftOf(late: readonly LateWindow[], {floor, all: wanted}: DriftOptions): DriftEvidence | undefined {
  const motions = late.map((window) => motionIn(window, floor));
  if (!wanted && motions.every(({walkRatio}) => walkRatio < LEAST_RATIO)) return undefined;
  const longest = motions[0].late.window.size * LONGEST_MEMORY;
  const {inJumps, runsOn, speed, ...speaking} = decisive(
    motions.map((motion) => judged(motion, floor, motions.length)),
    floor
  );
  const p = speaking.against.length === 0 ? Math.max(speaking.p, runsOn(longest)) : speaking.p;
  return {...speaking, speed: speed(), p, decays: speaking.decays && !inJumps()};
}

/** A motion, and what of it costs as much again to see and is asked of the window that speaks only. */
interface Judged extends Omit<DriftEvidence, "speed"> {
  readonly speed: () => number;
  /** Whether what slows down goes in jumps, which may have come in any order. */
  readonly inJumps: () => boolean;
  /** p of a walk whose steps remember those before for up to so many steps. */
  readonly runsOn: (longest: number) => number;
}

/** The window that speaks. */
function decisive(all: readonly Judged[], floor: number): Judged {
  const round = all.find(({arc, walkRatio}) => arc > ROUND * ONE_TURN && walkRatio >= LEAST_RATIO);
  if (round) {
    const period = (ONE_TURN * (round.window[1] - round.window[0])) / round.arc;
    return {...round, slowing: false, decays: false, against: [...round.against, `comes round again after ${period.toFixed(1)} steps`]};
  }
  const quietest = Math.max(floor, Math.min(...all.map(({noise}) => noise)));
  const clean = all.filter(({noise}) => noise ** 2 <= WORSE_FIT * quietest ** 2);
  const first = clean.find((found) => found.slowing);
  // A transient slows a path down at first; a contraction goes on slowing down.
  const slowing = first && {
    ...first,
    decays: first.decays && all.every(({window, rateCi}) => window[0] <= first.window[0] || rateCi[0] <= first.rate)
  };
  // Any circle is straight for as short as one looks at it: a longer window that shows it turn overrules.
  const bend = clean.find(
    ({arc, straightness, greatCircle, walkRatio}) => arc > 0 && straightness < STRAIGHT && !greatCircle && walkRatio >= LEAST_RATIO
  );
  const steady = clean.find(
    ({window, against, uneven, rateCi}) =>
      against.length === 0 && (uneven || !(slowing && rateCi[0] <= slowing.rate)) && !(bend && bend.window[0] < window[0])
  );
  return (
    steady ??
    slowing ??
    [...all]
      .sort((a, b) => a.p - b.p)
      .map((found) =>
        found.against.length > 0 ? found : {...found, against: ["a transient is still in the window, or a longer one slows down"]}
      )[0]
  );
}

/** So far round that a parabola says nothing about its speed; its thirds do. */
export const isWound = ({greatCircle, arc}: Pick<DriftEvidence, "greatCircle" | "arc">): boolean => greatCircle && arc > 3;

interface Motion extends Shape {
  readonly late: LateWindow;
  readonly walkRatio: number;
  /** For this one window. */
  readonly p: number;
}

/** The line or arc that a window shows, and what it is beside a random walk. */
function motionIn(late: LateWindow, floor: number): Motion {
  const {shape, theta, noise, left} = shapeOf(late, floor);
  const {ratio: walkRatio, p} = walkTest(late.centred, shape, {constant: late.trend.slice(0, 1), floor: floor ** 2});
  return {late, shape, theta, noise, left, walkRatio, p};
}

function judged(
  {late: {from, window, trend, centred: plain}, shape, theta, noise, left, walkRatio, p}: Motion,
  floor: number,
  attempts: number
): Judged {
  const n = window.size;
  const radius = Math.sqrt(meanSquaredNorm(window)) || 1;
  const arc = theta * (n - 1);
  const size = Math.sqrt(energyAlong(plain, shape) / n);
  const straightness = arc === 0 ? 1 : Math.abs(Math.sin(arc / 2) / (arc / 2));
  // n points θ apart on a circle of radius ρ lie ρ √(1 − (sin ½nθ / n sin ½θ)²) from their mean, root mean square.
  const arcRadius = arc > 1 ? size / Math.sqrt(1 - (Math.sin((n * theta) / 2) / (n * Math.sin(theta / 2))) ** 2) : Infinity;
  const greatCircle = arcRadius > CENTRED * radius && arcRadius < radius / CENTRED;
  const [first, middle, last] = thirds(plain, noise);
  const steadiness = last / Math.max(first, Number.MIN_VALUE);
  const {rate, rateCi} = speedKept(plain, left, noise);
  const wound = isWound({greatCircle, arc});
  const sure = Math.log(rate) + (SURE_DEVIATIONS / 1.96) * Math.log(rateCi[1] / rate) < 0;
  const white = Math.max(whiteNoise(window), floor ** 2);
  const {variation, rises, chordOverParts} = speeds(plain, Math.min(noise, white));
  const uneven = rises && variation <= MOST_VARIATION && walkRatio >= UNEVEN_RATIO;
  const straight = straightness >= STRAIGHT || greatCircle || (uneven && chordOverParts() >= STRAIGHT);
  const slowing = !wound && !uneven && sure && 1 - rate ** n > LOST_SPEED && walkRatio >= LEAST_RATIO && straight && steadiness < 1;
  const against: string[] = [];
  if (walkRatio < LEAST_RATIO) against.push(`motion ${walkRatio.toFixed(1)}× that of a random walk; ${LEAST_RATIO} needed`);
  if (size < 2 * floor) against.push(`motion ${(size / floor).toFixed(1)}× the rounding floor; 2 needed`);
  if (slowing) against.push(`slows down: rate ${rate.toFixed(4)}, at most ${rateCi[1].toFixed(4)}`);
  else if (!wound && !uneven && !(rateCi[0] ** n >= KEPT_SPEED))
    against.push(
      Number.isFinite(rateCi[1])
        ? `steady speed not resolved: rate ${rate.toFixed(4)}, ${rateCi[0].toFixed(4)} to ${rateCi[1].toFixed(4)}`
        : "no steady speed stands out of the noise"
    );
  if (!uneven && !(steadiness > STEADY && steadiness < 1 / STEADY))
    against.push(
      Number.isFinite(steadiness)
        ? `speed of the last third ${steadiness.toFixed(2)}× that of the first`
        : "it did not move in its first third"
    );
  if (wound && variation > MOST_VARIATION)
    against.push(`speed varies by ${variation.toFixed(2)} about its middle; ${MOST_VARIATION} at most`);
  if (wound && walkRatio < UNEVEN_RATIO)
    against.push(`its parts alone say that it is steady: motion ${walkRatio.toFixed(1)}× that of a random walk; ${UNEVEN_RATIO} needed`);
  if (!straight) against.push(`net displacement ${straightness.toFixed(2)} of its arc, which is not a great circle`);
  return {
    window: [from, from + n - 1],
    speed: () => angularSpeed(window, plain, shape),
    steadiness,
    variation,
    straightness,
    arc,
    greatCircle,
    noise: Math.sqrt(uneven ? Math.min(noise, white) : noise),
    walkRatio,
    rate,
    rateCi,
    p: Math.min(1, p * attempts),
    against,
    slowing,
    uneven,
    decays: slowing && 1 - rate ** n > DECAYED && steadiness < MOST_LEFT && first > middle && middle > last,
    inJumps: () => goesInJumps(plain, rate),
    runsOn: (longest) => Math.min(1, attempts * runningWalkP(plain, shape, {constant: trend.slice(0, 1), floor: floor ** 2}, longest))
  };
}

function goesInJumps(plain: Products, rate: number): boolean {
  const constant = constantOf(plain.size);
  const decay = orthonormal([sampled(plain.size, (t) => rate ** t)], constant);
  return decay.length > 0 && jumpsP(plain, residualOf(plain, decay), {shape: decay}) > BY_CHANCE;
}

interface Shape {
  readonly shape: TimeBasis;
  /** Radians a step, 0 for a line. */
  readonly theta: number;
  /** Energy per state that the shape leaves, and all that it leaves. */
  readonly noise: number;
  readonly left: Products;
}

/** A line, or an arc of a circle where it fits so much better that its extra numbers are paid for. */
function shapeOf({centred: plain, detrended: lineLeft, trend: [constant, line]}: LateWindow, floor: number): Shape {
  const n = plain.size;
  const theta = highest(modeEnergy(plain, [constant]).atRate(1), LEAST_ARC / n, (2 * Math.PI * MOST_TURNS) / n);
  const arc = orthonormal(modeFunctions(n, 1, theta), [constant]);
  const arcLeft = residualOf(plain, arc);
  const least = n * floor ** 2 + Number.MIN_VALUE;
  const [lineRest, arcRest] = [energyOf(lineLeft) + least, energyOf(arcLeft) + least];
  const gain = ((n - 3) / 2) * Math.log(lineRest / arcRest); // in one dimension
  return gain > LINE_PREFERENCE || gain * effectiveDimensions(arcLeft) > LINE_PREFERENCE
    ? {shape: arc, theta, noise: arcRest / Math.max(1, n - 4), left: arcLeft}
    : {shape: [line], theta: 0, noise: lineRest / Math.max(1, n - 2), left: lineLeft};
}

/**
 * Speed kept per step, from a parabola through the window: with velocity v and acceleration a at its middle, ln rate = a·v / ‖v‖². Bending
 * is acceleration at right angles and does not count. The interval takes the noise per direction, noise / ν.
 */
function speedKept(plain: Products, rest: Products, noise: number): {rate: number; rateCi: readonly [number, number]} {
  const n = plain.size;
  const time = sampled(n, (t) => t - (n - 1) / 2);
  const [square] = orthonormal([time.map((t) => t * t)], constantOf(n));
  const [spread, bow] = [
    inner(time, time),
    inner(
      square,
      time.map((t) => t * t)
    )
  ];
  const alongTime = productsWith(plain, time);
  const slopeSquared = inner(alongTime, time) / spread ** 2 - noise / spread;
  if (!(slopeSquared > 0)) return {rate: 1, rateCi: [0, Infinity]};
  const bending = inner(alongTime, square) / spread / bow; // half the acceleration, along the velocity
  const perDirection = noise / effectiveDimensions(rest);
  const reach = (1.96 * 2 * Math.sqrt(perDirection / bow ** 2)) / Math.sqrt(slopeSquared);
  const log = (2 * bending) / slopeSquared;
  return {rate: Math.exp(log), rateCi: [Math.exp(log - reach), Math.exp(log + reach)]};
}

function meanSquaredNorm(window: Gram): number {
  let sum = 0;
  for (let t = 0; t < window.size; ++t) sum += squaredNorm(window, t);
  return sum / window.size;
}
