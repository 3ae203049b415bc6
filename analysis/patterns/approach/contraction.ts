import {counted} from "../../../capture/trace/counted.ts";
import {displacementSlope} from "./displacementSlope.ts";
import {DEEP, dyingSteps} from "../nulls/dyingSteps.ts";
import {distancesToTail, mean, meanSquaredStep, seenFromTail, squaredDistance, squaredSteps, windowOf, type Gram} from "../path/gram.ts";
import {foreseenP} from "./foreseen.ts";
import {stillGoes} from "./goingOn.ts";
import {heldDirectionsP} from "./heldDirections.ts";
import {effectiveDimensions, energyOf, residualOf, type Products} from "../path/residual.ts";
import {LEAST_RATE, singleMode, type SingleMode} from "./singleMode.ts";
import {tangentPlanes} from "../path/tangentPlane.ts";
import {constantOf, orthonormal, sampled} from "../statistics/timeBasis.ts";
import {whiteNoise} from "../path/whiteNoise.ts";

/** What a path says for and against coming to rest. */
export interface ContractionEvidence {
  /** Steps whose motion is above the floor: the only ones that the rate is taken from. */
  readonly window: readonly [number, number];
  /** Distance to the fixed point kept per step; undefined where nothing above the floor decays. */
  readonly rate?: number;
  /** 95 %, of noise and of another mode that it hides. */
  readonly rateCi?: readonly [number, number];
  /** 95 % of noise alone: it holds where there is exactly one mode. */
  readonly oneModeCi?: readonly [number, number];
  /** The same with the mode's directions taken as they were found, which is what labels are decided with; not shown. */
  readonly directedCi?: readonly [number, number];
  /** Why the interval would not hold, and is not shown: the model behind it does not. */
  readonly noInterval?: string;
  /** "mode": one eigenmode accounts for the window down to the noise; "displacement": slope of ln ‖h_{t+2} − h_t‖. */
  readonly method?: "mode" | "displacement";
  /** First step from which the path stays within three floors of its end; undefined while it still moves. */
  readonly settledStep?: number;
  /** Root mean square size of the noise of one state: what the mode leaves, or the spread of the last quarter of the path. */
  readonly floor: number;
  readonly spiral: boolean;
  /** Steps per turn of the spiral, 2 for an alternation. */
  readonly spiralPeriod?: number;
  readonly p: number;
  /** It goes on at its end, where a decay at its rate would have died away: a drift beneath a transient. */
  readonly goesOn: boolean;
  readonly against: readonly string[];
  /** What else may have made the path, where p is not small: why no label follows although nothing speaks against it. */
  readonly unsure?: string;
}

/** Why a path is not called converging, its first reason; undefined where no more than its q-value says so. */
export const notConverging = ({against, unsure}: ContractionEvidence): string | undefined => against[0] ?? unsure;

export interface ContractionOptions {
  /** Rounding floor of one state. */
  readonly floor: number;
  /** Dimensions in which such errors lie. */
  readonly floorDimensions: number;
  /** Whether the first state may be one that a mode need not account for: a path's own initial state. */
  readonly fromInitial: boolean;
  /** A path on a sphere as it looks on the plane where it ends (`planesAtEnd`). */
  readonly planes: readonly Products[];
}

/** `tangentPlanes` of a path where it ends. */
export const planesAtEnd = (gram: Gram): Products[] => tangentPlanes(gram, tailSize(gram.size));

const LIKE_A_WALK = "a random walk may look as much like one mode that decays";
const BY_CHANCE = "its steps may become smaller in this order by chance";
const SIZES_WANDER = "the sizes of its steps may have wandered this far";
const A_FEW_JUMPS = "its steps may be a few jumps of any sizes, which came to an end";
const ANEW = "its directions may come anew at every step, as those of noise that calms down do";
const MANY_MODES = "no single mode accounts for the path: the slowest may be slower than the rate seen";
export const LATE_MODE = "one mode accounts for the end of the way only: what others have left may still bend it";
export const BENT = "more than one mode: another of nearly the same rate, or terms of higher order, which move the rate differently";
export const CUT_OFF =
  "at its upper end more than half of the way would lie ahead, which is no label: of what is labelled the interval would not hold";
const ROUNDED = "what the mode leaves is rounding, which errs alike from step to step inside a loop";
export const ROUNDING_FLOORS = 4; // × the rounding floor: noise that a loop's amplified rounding can be
export const MOST_WIDENED = 4; // × the error in known directions
export const FROM_THE_START = 1; // first step of a mode that accounts for the whole way: an initial state may lie off it

export const TAIL_SHARE = 1 / 4;
export const SETTLED_FLOORS = 3; // a state within three floors of the end is indistinguishable from it
export const RESTING_FLOORS = 2; // jitter of a state that rests: rounding's own is 1, a flip of one unit in every coordinate 1.73
const FLIPPING_FLOORS = 8; // flips between two rounded values, amplified by a loop; beyond them stands `ZIGZAG` of an orbit
const FLAT = 8; // mean squared distance at far lags over that at lag 1 in a tail that rests; a walk of 16 steps reaches 16
const STILL_DECLINES = 1.6; // squared steps of the third quarter over the fourth, of a path that has not come to rest
export const MOST_AHEAD = 0.5; // share of the way that may lie ahead of a path that is called converging
const MOVED = 1.5; // × the noise of its end, least distance of a path that has come along one mode
export const CAME_FAR = 4; // the same of a path that is known by its steps alone, which rests at its end
export const CAME_CLOSE = 6.5; // the same where it still comes closer at its end: noise that calms down to a sixth does not come so close
export const CAME_HOME = 12; // the same where it calmed on its way: its end is motion, which may go on for ever
export const MOVES_IN = 4.5; // directions: an end that lies in fewer is motion, which has to come from the second state on as far as this, or `DEEP` where it comes no closer
export const CALMED = 2; // × the noise of the end, that of a way which is no smooth motion with the noise of the end about it
export const CALMED_BY_CHANCE = 5e-5; // largest p of steps that die away where the end is motion, whose memory makes neighbouring steps alike
export const NO_JUMPS = 0.05; // largest p of the order of steps clear of those at rest: four in order are met once in 24 times, three once in six
export const MANY_IN_ORDER = 3e-7; // largest p of an order in which so many steps come first that they are no few jumps
export const ENOUGH = 1e-4; // largest p of steps that die away that needs no other evidence, and of their order that is worth asking for it
const NO_DOUBT = 1e-9; // p of a mode beside which the sizes of steps are not asked for

/** How many of the last states stand for where a path of so many ends. */
export const tailSize = (size: number): number => Math.max(Math.min(4, size), Math.floor(size * TAIL_SHARE));

export interface ApproachOptions extends ContractionOptions {
  /** Steps at which the approach may have set out, of which its first state was chosen: 1 of a whole path. Of a later one that something speaks against nothing else is worked out. */
  readonly starts: number;
}

/**
 * One approach to one end. Evidence for it is either one decaying mode that stands out of a random walk (`walkTest`), or steps that die away in an order that chance does not
 * give (`dyingSteps`), of states whose directions do not come anew at every step (`heldDirectionsP`) or follow from a few modes (`foreseenP`): p is the lesser of the two, times two. The end is at rest, or the way to it is mostly behind.
 */
export function contractionOf(gram: Gram, {floor, floorDimensions, fromInitial, planes, starts}: ApproachOptions): ContractionEvidence {
  const {size} = gram;
  const tail = windowOf(gram, size - tailSize(size));
  const rest = meanSpread(tail);
  const least = Math.max(rest, floor, Number.MIN_VALUE);
  if (size < 4) return {...nothingMoved(size), floor: rest, against: [`${counted(size, "state")}; 4 needed`]};
  if (neverMoved(gram, floor)) return {...nothingMoved(size), floor: rest, against: ["never moved by more than rounding does"]};
  const seen = seenFromTail(gram, tail.size);
  const toEnd = seen.sizes;
  const half = windowOf(gram, Math.floor(size / 2));
  const lateSteps = squaredSteps(half);
  const flat = half.size < 3 || meanSquaredStep(half, half.size - 1 - (half.size > 4 ? 1 : 0)) <= FLAT * mean(lateSteps);
  const declines = stillDecline(lateSteps.slice(0, half.size >> 1), lateSteps.slice(half.size >> 1));
  const fit = singleMode(gram, {floor, floorDimensions, tail: tail.size, planes, startChosen: starts > 1});
  const slope = fit ? undefined : displacementSlope(planes[0] ?? gram, {declines, floor, tail: tail.size});
  const measured = fit ?? slope;
  const decays = fit?.falls === true;
  const way = Math.max(...toEnd);
  const against: string[] = [];
  if (!flat && !declines && !decays && !slope) against.push("the last half neither rests nor slows down");
  if (!measured && !flat) against.push("no decay above the noise floor");
  if (measured && measured.rate >= 1) against.push(`distance grows by ${measured.rate.toFixed(3)} a step`);
  if (!decays && way < MOVED * least) against.push("never far from where it ends, in units of its noise");
  const ahead = measured && measured.rate < 1 ? measured.rate ** (size - 1 - measured.window[0]) : 0;
  if (ahead > MOST_AHEAD) against.push(`${(100 * ahead).toFixed(0)} % of the way lies ahead`);
  const goesOn = slope !== undefined && stillGoes(tail, {rate: slope.rate, floor});
  if (goesOn) against.push("goes on at its end, where a decay at this rate would have died away");
  if (starts > 1 && against.length > 0) return {...nothingMoved(size), floor: rest, against};
  const isStill = flat && !declines;
  const onRounding = rest <= RESTING_FLOORS * floor; // which hides what goes on below it
  const calm = onRounding ? CAME_HOME : isStill ? CAME_FAR : CAME_CLOSE;
  const depth = (): Depth => {
    const [came, second] = [way / least, Math.max(...toEnd.slice(1)) / least];
    if (came < calm || second >= DEEP || !calmed(gram, {toEnd, tail, least, floor})) return {came, needed: calm, most: 1};
    return inFewDirections(tail)
      ? {came: second, needed: isStill || rests(tail) ? DEEP : CAME_HOME, most: CALMED_BY_CHANCE}
      : {came, needed: CAME_HOME, most: CALMED_BY_CHANCE};
  };
  const modeP = decays ? fit.p() : 1;
  const held = {seen, tail: tail.size, noise: least, rounded: least <= ROUNDING_FLOORS * floor, startChosen: starts > 1};
  const ofSteps = (): Doubted => {
    if (way < CAME_FAR * least) return {p: 1, unsure: notFarEnough(way / least, CAME_FAR)};
    const {orderP, jumpsP, wanderP} = dyingSteps(gram, {floor, tries: starts});
    if (orderP <= ENOUGH && orderP > MANY_IN_ORDER && jumpsP() > NO_JUMPS) return {p: 1, unsure: A_FEW_JUMPS};
    const inOrder = {p: orderP, unsure: BY_CHANCE};
    const {came, needed, most} = depth();
    const direct =
      came < needed
        ? {p: 1, unsure: notFarEnough(came, needed)}
        : larger({p: wanderP(), unsure: SIZES_WANDER}, {p: heldDirectionsP(gram, held), unsure: ANEW});
    const foreseen = orderP <= ENOUGH && direct.p > Math.min(ENOUGH, most) ? 2 * foreseenP({seen, noise: least}) : 1;
    const found = larger(inOrder, {...direct, p: Math.min(direct.p, foreseen)});
    return found.p > most ? {...found, p: 1} : found;
  };
  const steps = modeP > NO_DOUBT ? ofSteps() : undefined;
  const p = Math.min(1, 2 * Math.min(modeP, steps?.p ?? 1));
  const arrived = measured === undefined || measured.window[1] < size - 1;
  const settled = (isStill || rests(tail)) && arrived ? settledFrom(toEnd, SETTLED_FLOORS * least) : undefined;
  return {
    window: measured?.window ?? [0, size - 1],
    ...(measured && measured.rateCi[0] > LEAST_RATE
      ? {
          rate: measured.rate,
          ...(fit
            ? {...intervalsOf(fit, doubtOf(fit, {floor, fromInitial, last: size - 1})), method: "mode"}
            : {noInterval: MANY_MODES, method: "displacement"})
        }
      : {}), // else gone in a step or two
    settledStep: settled,
    floor: measured?.noise ?? rest,
    spiral: fit?.spiral ?? false,
    spiralPeriod: fit?.spiral ? (2 * Math.PI) / fit.omega : undefined,
    p,
    goesOn,
    against,
    ...(p > ENOUGH ? {unsure: decays && modeP <= steps!.p ? LIKE_A_WALK : steps!.unsure} : {})
  };
}

/** How far a path known by its steps came, and must have come, over the noise of its end; the second state of one whose end is motion, since a first one may lie anywhere. */
interface Depth {
  readonly came: number;
  readonly needed: number;
  /** The largest p that says it came there. */
  readonly most: number;
}

/** A p-value and what it leaves open. */
interface Doubted {
  readonly p: number;
  readonly unsure: string;
}

const larger = (one: Doubted, other: Doubted): Doubted => (other.p > one.p ? other : one);

const notFarEnough = (came: number, needed: number): string => `comes from ${came.toFixed(1)}× the noise of its end; ${needed} needed`;

/** Whether squared steps go on falling from one part to the next. */
const stillDecline = (before: readonly number[], after: readonly number[]): boolean => mean(before) > STILL_DECLINES * mean(after);

/** Whether a path lies still over a part of it: it spreads no further than noise, and its steps do not go on falling. */
function rests(part: Gram): boolean {
  const steps = squaredSteps(part);
  const half = steps.length >> 1;
  return half >= 3 && meanSquaredStep(part, part.size - 2) <= FLAT * mean(steps) && !stillDecline(steps.slice(0, half), steps.slice(half));
}

/**
 * Whether what a path still does at its end is motion that has become less, as a net's that comes near to where it moves on for ever: the way there, until it stays within
 * `SETTLED_FLOORS` × `least` of the end, is rougher than noise like that of the end would make it. What is left by rounding is no motion.
 */
function calmed(gram: Gram, {toEnd, tail, least, floor}: {toEnd: readonly number[]; tail: Gram; least: number; floor: number}): boolean {
  if (least <= ROUNDING_FLOORS * floor) return false;
  const away = toEnd.findLastIndex((distance) => distance > SETTLED_FLOORS * least) + 1;
  const onTheWay = Math.max(LEAST_WAY, Math.min(away, gram.size >> 1));
  return whiteNoise(gram, onTheWay) > CALMED ** 2 * whiteNoise(tail);
}
const LEAST_WAY = 6; // states

/** Whether what a path does at its end has fewer directions than noise that comes anew with every state: it is motion, or noise that remembers, which spreads less in so few states than it does in the long run. */
const inFewDirections = (tail: Gram): boolean => effectiveDimensions(residualOf(tail, constantOf(tail.size))) < MOVES_IN;

type Intervals = Pick<ContractionEvidence, "rateCi" | "oneModeCi" | "directedCi" | "noInterval">;

/** The interval of a mode where it holds, with what another mode may hide in the noise: that makes the rate uncertain, not that the motion slows down. */
function intervalsOf(fit: SingleMode, noInterval: string | undefined): Intervals {
  const {rate, rateCi: directedCi, hidden} = fit;
  if (noInterval !== undefined) return {directedCi, noInterval};
  const most = (1 + directedCi[1]) / 2;
  const wide = byFoundDirections(fit);
  const reaches = directedCi.map((end) => wide * Math.abs(end - rate));
  const hides = hidden();
  const [below, above] = reaches.map((reach) => Math.hypot(reach, hides));
  return {
    directedCi,
    oneModeCi: [Math.max(0, rate - reaches[0]), Math.min(rate + reaches[1], most)],
    rateCi: [Math.max(0, rate - below), Math.min(rate + above, most)]
  };
}

/**
 * How many times the error of a rate is that in known directions, where the mode's own are found from the same states, one for each of its functions of time: they lean towards the noise,
 * which makes the mode look larger by the noise's energy in these functions, and adds noise times noise to what moves the rate (incidental parameters; Neyman and Scott 1948).
 */
function byFoundDirections({energy, noise, omega}: SingleMode): number {
  const functions = omega > 0 && omega < Math.PI ? 2 : 1;
  return energy / Math.max(energy - functions * noise ** 2, energy / MOST_WIDENED);
}

/** Why the interval of a mode does not hold; undefined where it does. */
function doubtOf(
  {window: [from], noise, bent, showsBeside, rateCi: [, high]}: SingleMode,
  {floor, fromInitial, last}: Pick<ContractionOptions, "floor" | "fromInitial"> & {readonly last: number}
): string | undefined {
  if (from > (fromInitial ? FROM_THE_START : 0)) return LATE_MODE;
  if (noise <= ROUNDING_FLOORS * floor) return ROUNDED;
  if (bent || showsBeside()) return BENT;
  return high >= 1 || high ** (last - from) > MOST_AHEAD ? CUT_OFF : undefined;
}

/** Whether a path lies within rounding of one place, or of two that it flips between: as a whole, and no state of it far from where it ends. */
function neverMoved(gram: Gram, floor: number): boolean {
  const {size} = gram;
  const extentOf = (left: Products): number => Math.sqrt(energyOf(left) / size);
  const lies = (left: Products): boolean =>
    extentOf(left) <= RESTING_FLOORS * floor && Math.max(...distancesToTail(left, tailSize(size))) <= CAME_FAR * floor;
  if (gram.values[0] > 2 * size * (FLIPPING_FLOORS * floor) ** 2) return false; // of the energy about the mean two states have half their squared distance, at least
  const around = residualOf(gram, constantOf(size));
  if (lies(around)) return true;
  if (extentOf(around) > FLIPPING_FLOORS * floor) return false;
  return lies(residualOf(gram, orthonormal([sampled(size, () => 1), sampled(size, (t) => (-1) ** t)])));
}

/** Of a path that says nothing. */
export const nothingMoved = (rows: number): ContractionEvidence => ({
  window: [0, rows - 1],
  floor: 0,
  spiral: false,
  p: 1,
  goesOn: false,
  against: []
});

/** s of states h + noise of energy s²: root of half the mean squared distance of all pairs. */
export function meanSpread(window: Gram): number {
  let sum = 0;
  let pairs = 0;
  for (let i = 0; i < window.size; ++i) for (let j = 0; j < i; ++j, ++pairs) sum += squaredDistance(window, i, j);
  return pairs === 0 ? 0 : Math.sqrt(sum / pairs / 2);
}

function settledFrom(distances: readonly number[], within: number): number | undefined {
  let step = distances.length;
  while (step > 0 && distances[step - 1] <= within) --step;
  return step === distances.length ? undefined : step;
}
