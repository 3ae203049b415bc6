import {displacementSlope} from "./displacementSlope.ts";
import {mixtureTail} from "./fTail.ts";
import {distancesToTail, form, mean, squaredDistance, squaredSteps, windowOf, type Gram} from "./gram.ts";
import {effectiveDimensions, energyOf, residualOf, type Products} from "./residual.ts";
import {LEAST_RATE, singleMode, whiteNoise} from "./singleMode.ts";
import {tangentPlanes} from "./tangentPlane.ts";
import {inner, orthonormal, sampled} from "./timeBasis.ts";
import {walkTest} from "./walkTest.ts";

/** What a path says for and against coming to rest. */
export interface ContractionEvidence {
  /** Steps whose motion is above the floor: the only ones that the rate is taken from. */
  readonly window: readonly [number, number];
  /** Distance to the fixed point kept per step; undefined where nothing above the floor decays. */
  readonly rate?: number;
  readonly rateCi?: readonly [number, number];
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
}

export interface ContractionOptions {
  /** Rounding floor of one state. */
  readonly floor: number;
}

export const TAIL_SHARE = 1 / 4;
export const SETTLED_FLOORS = 3; // a state within three floors of the end is indistinguishable from it
const SIGNIFICANT = 1e-4;
export const RESTING_FLOORS = 2; // jitter of a state that rests: rounding's own is 1, a flip of one unit in every coordinate 1.73
const FLIPPING_FLOORS = 8; // flips between two rounded values, amplified by a loop; beyond them stands `ZIGZAG` of an orbit
const FLAT = 8; // mean squared distance at far lags over that at lag 1 in a tail that rests; a walk of 16 steps reaches 16
const FAR = 10; // × the spread of the last half
const WANDERS = 0.01; // largest p of an end that goes one way
const CLEAR_SPEED = 4; // × its noise
const HELD = 0.3; // of the squared speed
const SURPLUS = 3; // × what a decay leaves of it
const STILL_DECLINES = 1.6; // squared steps of the third quarter over the fourth, of a path that has not come to rest

/**
 * Tests whether the steps of a path die away and measures how fast. Null for the p-value: steps of one distribution from beginning to end,
 * as in independent noise, a walk, or any stationary process. The mean energy of the first k steps (k = 1, 2, 4, 8, half) is compared with
 * that of the rest (`mixtureTail`), the smallest p multiplied by the number of tries. A single decaying mode is also put to `walkTest`.
 */
export function contractionOf(gram: Gram, {floor}: ContractionOptions): ContractionEvidence {
  const {size} = gram;
  const tail = windowOf(gram, size - Math.max(Math.min(4, size), Math.floor(size * TAIL_SHARE)));
  const rest = meanSpread(tail);
  const least = Math.max(rest, floor, Number.MIN_VALUE);
  const toEnd = distancesToTail(gram, tail.size);
  const [extent, jitter] = [[], [sampled(size, (t) => (-1) ** t)]].map((flip) =>
    Math.sqrt(energyOf(residualOf(gram, orthonormal([sampled(size, () => 1), ...flip]))) / size)
  );
  const still = extent <= RESTING_FLOORS * floor || (size >= 4 && extent <= FLIPPING_FLOORS * floor && jitter <= RESTING_FLOORS * floor);
  const motionless: ContractionEvidence = {
    window: [0, size - 1],
    settledStep: 0,
    floor: rest,
    spiral: false,
    p: 0,
    goesOn: false,
    against: []
  };
  if (size < 4) return still ? motionless : {...motionless, settledStep: undefined, p: 1, against: [`${size} states; 4 needed`]};

  const half = windowOf(gram, Math.floor(size / 2));
  const flat = half.size < 3 || mean(squaredSteps(half, half.size - 1 - (half.size > 4 ? 1 : 0))) <= FLAT * mean(squaredSteps(half));
  const [third, fourth] = [squaredSteps(half).slice(0, half.size >> 1), squaredSteps(half).slice(half.size >> 1)];
  const declines = mean(third) > STILL_DECLINES * mean(fourth);
  const planes = tangentPlanes(gram, tail.size);
  const fit = singleMode(gram, {floor, tail: tail.size, planes});
  const slope = fit ? undefined : displacementSlope(planes[0] ?? gram, {declines, floor, tail: tail.size});
  const measured = fit ?? slope;
  const decays = fit?.falls === true;
  const dyingSteps = stepsDieAway(gram);
  const p = Math.min(1, 2 * Math.min(dyingSteps, decays ? fit.p : 1));
  const arrived = measured === undefined || measured.window[1] < size - 1;
  const settled = flat && !declines && arrived ? settledFrom(toEnd, SETTLED_FLOORS * least) : undefined;
  const against: string[] = [];
  const farAway = Math.max(...toEnd) > FAR * meanSpread(half); // where a walk never began
  if (!flat && !declines && !decays && !(slope && farAway)) against.push("the last half neither rests nor slows down");
  if (!measured && !(flat && dyingSteps < SIGNIFICANT)) against.push("no decay above the noise floor");
  if (measured && measured.rate >= 1) against.push(`distance grows by ${measured.rate.toFixed(3)} a step`);
  if (!decays && Math.max(...toEnd) < 1.5 * least) against.push("never far from where it ends, in units of its noise");
  const goesOn =
    slope !== undefined && directed(tail, floor) && speedHolds(tail, {rate: slope.rate, noise: Math.max(whiteNoise(tail), floor ** 2)});
  if (goesOn) against.push("goes on at its end, where a decay at this rate would have died away");
  if (still && (p > SIGNIFICANT || against.length > 0)) return motionless;
  return {
    window: measured?.window ?? [0, size - 1],
    ...(measured && measured.rateCi[0] > LEAST_RATE
      ? {rate: measured.rate, rateCi: measured.rateCi, method: fit ? "mode" : "displacement"}
      : {}), // else gone in a step or two
    settledStep: settled,
    floor: measured?.noise ?? rest,
    spiral: fit?.spiral ?? false,
    spiralPeriod: fit?.spiral ? (2 * Math.PI) / fit.omega : undefined,
    p,
    goesOn,
    against
  };
}

/**
 * Whether the second half of the end of a path is nearly as fast as the first, clear of its noise, though a decay at `rate` would be far slower: squared lengths of the
 * least-squares velocities, beside which a flip from step to step may stand, freed of noise.
 */
function speedHolds(tail: Gram, {rate, noise}: {rate: number; noise: number}): boolean {
  const half = tail.size >> 1;
  if (half < 4) return false;
  const [first, second] = [0, tail.size - half].map((start) => {
    const within = (f: (t: number) => number) => sampled(tail.size, (t) => (t >= start && t < start + half ? f(t) : 0));
    const time = within((t) => t);
    const [direction] = orthonormal([time], orthonormal([within(() => 1), within((t) => (-1) ** t)]));
    const unit = inner(direction, time) ** 2;
    return {speed: (form(tail, direction) - noise) / unit, blur: noise / unit};
  });
  return (
    second.speed > CLEAR_SPEED * second.blur &&
    second.speed > HELD * first.speed &&
    second.speed > SURPLUS * rate ** (2 * (tail.size - half)) * first.speed
  );
}

/** Whether a path goes one way, more than wandering does: a loop that is kicked wanders about its fixed point and never lies still. */
function directed(path: Gram, floor: number): boolean {
  const constant = orthonormal([sampled(path.size, () => 1)]);
  return walkTest(residualOf(path, constant), orthonormal([sampled(path.size, (t) => t)], constant), constant, floor ** 2).p < WANDERS;
}

/** s of states h + noise of energy s²: root of half the mean squared distance of all pairs. */
function meanSpread(window: Gram): number {
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

function stepsDieAway(gram: Gram): number {
  const steps = squaredSteps(gram);
  const n = steps.length;
  if (n < 4) return 1;
  const dimensions = effectiveDimensions(increments(gram));
  const tries = [...new Set([1, 2, 4, 8, n >> 1])].filter((k) => k <= n / 2);
  const smallest = Math.min(
    ...tries.map((k) => {
      const rest = mean(steps.slice(k));
      return rest > 0 ? mixtureTail(mean(steps.slice(0, k)) / rest, k, n - k, dimensions) : mean(steps.slice(0, k)) > 0 ? 0 : 1;
    })
  );
  return Math.min(1, smallest * tries.length);
}

/** Products of the steps h_{t+1} − h_t. */
function increments({size, values}: Gram): Products {
  const n = size - 1;
  const steps = new Float64Array(n * n);
  const at = (i: number, j: number): number => values[i * size + j];
  for (let i = 0; i < n; ++i) for (let j = 0; j < n; ++j) steps[i * n + j] = at(i + 1, j + 1) - at(i + 1, j) - at(i, j + 1) + at(i, j);
  return {size: n, values: steps};
}
