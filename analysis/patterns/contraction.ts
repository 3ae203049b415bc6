import {fTail, mixtureTail} from "./fTail.ts";
import {squaredDistance, windowOf, type Gram} from "./gram.ts";
import {fitMode, modeEnergy, type Mode} from "./mode.ts";
import {effectiveDimensions, energyOf, residualOf, type Products} from "./residual.ts";
import {modeFunctions, orthonormal, sampled} from "./timeBasis.ts";
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
  readonly against: readonly string[];
}

export interface ContractionOptions {
  /** Rounding floor of one state. */
  readonly floor: number;
}

const TAIL_SHARE = 1 / 4;
const SETTLED_FLOORS = 3; // a state within three floors of the end is indistinguishable from it
const SIGNIFICANT = 1e-4;
const RESTING_FLOORS = 2; // jitter of a state that rests: rounding's own is 1, a flip of one unit in every coordinate 1.73
const FLIPPING_FLOORS = 8; // flips between two rounded values, amplified by a loop; beyond them stands `ZIGZAG` of an orbit
const FLAT = 8; // mean squared distance at far lags over that at lag 1 in a tail that rests; a walk of 16 steps reaches 16
const STILL_DECLINES = 1.6; // squared steps of the third quarter over the fourth, of a path that has not come to rest
const DISPLACEMENT_LAG = 2; // an alternation of signs drops out, and it doubles the signal of a slow decay

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
  const [extent, jitter] = [[], [sampled(size, (t) => (-1) ** t)]].map((flip) => Math.sqrt(energyOf(residualOf(gram, orthonormal([sampled(size, () => 1), ...flip]))) / size));
  const still = extent <= RESTING_FLOORS * floor || (size >= 4 && extent <= FLIPPING_FLOORS * floor && jitter <= RESTING_FLOORS * floor);
  const motionless: ContractionEvidence = {window: [0, size - 1], settledStep: 0, floor: rest, spiral: false, p: 0, against: []};
  if (size < 4) return still ? motionless : {...motionless, settledStep: undefined, p: 1, against: [`${size} states; 4 needed`]};

  const half = windowOf(gram, Math.floor(size / 2));
  const flat = half.size < 3 || meanSquaredStep(half, half.size - 1 - (half.size > 4 ? 1 : 0)) <= FLAT * meanSquaredStep(half, 1);
  const [third, fourth] = [squaredSteps(half).slice(0, half.size >> 1), squaredSteps(half).slice(half.size >> 1)];
  const declines = mean(third) > STILL_DECLINES * mean(fourth);
  const fit = modeFit(gram, floor, toEnd);
  const slope = fit ? undefined : displacementSlope(gram, {declines, floor});
  const measured = fit ?? slope;
  const decays = fit !== undefined && fit.rateCi[1] < 1;
  const p = Math.min(1, 2 * Math.min(stepsDieAway(gram), decays ? fit.p * MODE_STARTS.length : 1));
  const arrived = measured === undefined || measured.window[1] < size - 1;
  const settled = flat && !declines && arrived ? settledFrom(toEnd, SETTLED_FLOORS * least) : undefined;
  const against: string[] = [];
  if (!flat && !declines && !decays) against.push("the last half neither rests nor slows down");
  if (!measured) against.push("no decay above the noise floor");
  else if (measured.rate >= 1) against.push(`distance grows by ${measured.rate.toFixed(3)} a step`);
  if (!decays && Math.max(...toEnd) < 1.5 * least) against.push("never far from where it ends, in units of its noise");
  if (still && (p > SIGNIFICANT || against.length > 0)) return motionless;
  return {
    window: measured?.window ?? [0, size - 1],
    rate: measured?.rate,
    rateCi: measured?.rateCi,
    method: fit ? "mode" : slope ? "displacement" : undefined,
    settledStep: settled,
    floor: measured?.noise ?? rest,
    spiral: fit?.spiral ?? false,
    spiralPeriod: fit?.spiral ? (2 * Math.PI) / fit.omega : undefined,
    p,
    against,
  };
}

const mean = (list: readonly number[]): number => (list.length === 0 ? 0 : list.reduce((sum, x) => sum + x, 0) / list.length);

function squaredSteps(gram: Gram, lag = 1): number[] {
  return Array.from({length: Math.max(0, gram.size - lag)}, (_, t) => squaredDistance(gram, t, t + lag));
}

const meanSquaredStep = (gram: Gram, lag: number): number => mean(squaredSteps(gram, lag));

/** s of states h + noise of energy s²: root of half the mean squared distance of all pairs. */
function meanSpread(window: Gram): number {
  let sum = 0;
  let pairs = 0;
  for (let i = 0; i < window.size; ++i) for (let j = 0; j < i; ++j, ++pairs) sum += squaredDistance(window, i, j);
  return pairs === 0 ? 0 : Math.sqrt(sum / pairs / 2);
}

/** Distance of every state to the mean of the last `count`. */
function distancesToTail({size, values}: Gram, count: number): number[] {
  const first = size - count;
  let own = 0;
  for (let i = first; i < size; ++i) for (let j = first; j < size; ++j) own += values[i * size + j];
  own /= count ** 2;
  return Array.from({length: size}, (_, t) => {
    let cross = 0;
    for (let j = first; j < size; ++j) cross += values[t * size + j];
    return Math.sqrt(Math.max(0, values[t * size + t] - (2 * cross) / count + own));
  });
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
  const smallest = Math.min(...tries.map((k) => {
    const rest = mean(steps.slice(k));
    return rest > 0 ? mixtureTail(mean(steps.slice(0, k)) / rest, k, n - k, dimensions) : mean(steps.slice(0, k)) > 0 ? 0 : 1;
  }));
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

interface Measured {
  readonly rate: number;
  readonly rateCi: readonly [number, number];
  readonly window: readonly [number, number];
  /** Root mean square size of the noise of one state. */
  readonly noise: number;
}

const MODE_STARTS = [0, 1, 2, 4, 8];
const GOOD_FIT = 1.25; // residual per state over the noise, both squared
const GOOD_START = 1.4; // the same over the steps in which the mode is above the noise, where a bend would show
const LEAST_EARLY = 6; // of these steps, at least
const LEAST_ABOVE = 4; // steps above the noise that a start beyond the first must leave
const NEARLY_ALL = 1e-5; // or this share of the energy about the fixed point, where there is hardly any noise
const LEAST_MODE_STATES = 8;
const LEADING = 0.05; // share of the way still ahead; a mode of the last stretch does not speak for the contraction
const RATES_TRIED = [0.5, 0.7, 0.85, 0.95]; // the coarse search
const TURNS_TRIED = 16;
const COARSE = 3; // × what a good fit leaves, and this share of all: the coarse search may leave as much
const COARSE_SHARE = 0.3;
const CLEAR_TURN = 0.15; // turns while the amplitude falls to 1/e that need no second look
const LEAST_TURN = 0.05; // turns while the amplitude falls to 1/e; less is a plain decay

/** One eigenmode from the earliest step on from which it leaves nothing but noise; undefined if there is none. */
function modeFit(gram: Gram, floor: number, toEnd: readonly number[]): ModeFit | undefined {
  let bent: ModeFit | undefined;
  for (const from of MODE_STARTS) {
    if (gram.size - from < LEAST_MODE_STATES || from > gram.size / 2 || toEnd[from] < LEADING * Math.max(...toEnd.slice(1))) return bent;
    const window = windowOf(gram, from);
    const noise = Math.max(whiteNoise(windowOf(gram, from + (window.size >> 1))), floor ** 2);
    const found = bestMode(window, floor ** 2, GOOD_FIT * noise);
    if (!found) continue;
    const {mode, spiral, p, left} = found;
    const free = window.size - 3;
    const small = NEARLY_ALL * (mode.residual + mode.energy);
    if (mode.residual / free > GOOD_FIT * noise && mode.residual > small) continue;
    if (mode.energy < 4 * mode.residual / free || !(mode.rate < 1)) return bent;
    const amplitude = Math.sqrt(mode.energy * (1 - mode.rate ** 2) / (1 - mode.rate ** (2 * window.size)));
    const above = amplitude > Math.sqrt(noise) ? Math.floor(Math.log(Math.sqrt(noise) / amplitude) / Math.log(mode.rate)) : 1;
    if (from > 0 && above < LEAST_ABOVE) return bent;
    const early = Math.min(window.size, Math.max(LEAST_EARLY, above));
    const unexplained = left.values.filter((_, at) => at % (window.size + 1) === 0).slice(0, early).reduce((sum, energy) => sum + energy, 0);
    if (unexplained > GOOD_START * noise * early && unexplained > small) continue;
    const fit: ModeFit = {...mode, spiral, p, noise: Math.sqrt(mode.residual / free), window: [from, Math.min(gram.size - 1, from + Math.max(1, above))]};
    if (!spiral || turnsBeforeGone(mode) > CLEAR_TURN) return fit;
    bent ??= fit; // the bend of the sphere under a long way looks like a slow spiral; a later start tells
  }
  return bent;
}

type ModeFit = Measured & Mode & {readonly spiral: boolean; readonly p: number};

/** Turns while the amplitude falls to 1/e. */
const turnsBeforeGone = ({rate, omega}: Mode): number => omega / (2 * Math.PI) / Math.max(1e-9, -Math.log(Math.min(rate, 0.999999)));

/** Energy per state of white noise, from differences at lag 1, at lag 2 (blind to a flip) or second ones (blind to a drift), whichever sees least of a motion. */
function whiteNoise(window: Gram): number {
  const first = Math.min(meanSquaredStep(window, 1), window.size > 2 ? meanSquaredStep(window, 2) : Infinity) / 2;
  const {size, values} = window;
  let second = 0;
  for (let t = 1; t + 1 < size; ++t) {
    const at = (i: number, j: number): number => values[i * size + j];
    second += at(t - 1, t - 1) + 4 * at(t, t) + at(t + 1, t + 1) - 4 * at(t - 1, t) - 4 * at(t, t + 1) + 2 * at(t - 1, t + 1);
  }
  return size < 3 ? first : Math.min(first, Math.max(0, second) / (size - 2) / 6);
}

/**
 * A decay along one direction, plain or flipping its sign each step, or a turning one where it fits so much better that its extra numbers are paid for; undefined where a coarse search
 * comes nowhere near leaving `allowed` per state.
 */
function bestMode(window: Gram, floor: number, allowed: number): {mode: Mode; spiral: boolean; p: number; left: Products} | undefined {
  const n = window.size;
  const nuisance = orthonormal([sampled(n, () => 1)]);
  const plain = residualOf(window, nuisance);
  const energy = modeEnergy(plain, nuisance);
  let start: [number, number] = [0.9, 0.5];
  let most = -1;
  for (const rate of RATES_TRIED) {
    for (let i = 0; i <= TURNS_TRIED; ++i) {
      const omega = (Math.PI * i) / TURNS_TRIED;
      const taken = energy(rate, omega);
      if (taken > most) [most, start] = [taken, [rate, omega]];
    }
  }
  const total = energyOf(plain);
  if (total - most > COARSE * (n - 3) * allowed + COARSE_SHARE * total) return undefined;
  const shared = {nuisance, floor, rates: [0.2, 1.1]} as const;
  const decay = fitMode(plain, {...shared, omegas: [0, 0], start: [0.8, 0]});
  const flip = fitMode(plain, {...shared, omegas: [Math.PI, Math.PI], start: [0.8, Math.PI]});
  const real = flip.residual < decay.residual ? flip : decay;
  const turning = fitMode(plain, {...shared, omegas: [0.05, Math.PI], start, turn: Math.PI / TURNS_TRIED});
  const afterTurning = residualOf(plain, orthonormal(modeFunctions(n, turning.rate, turning.omega), nuisance));
  const turns = turnsBeforeGone(turning) > LEAST_TURN && secondFunctionP({real, turning, dimensions: effectiveDimensions(afterTurning), free: n - 4}) * n < SIGNIFICANT;
  const mode = turns ? turning : real;
  const spiral = mode !== decay;
  const shape = orthonormal(modeFunctions(n, mode.rate, mode.omega), nuisance);
  const {plainP: p} = walkTest(plain, shape, nuisance, floor);
  return {mode, spiral, p: Math.min(1, p * (spiral ? n * 4 : n)), left: residualOf(plain, shape)};
}

/** P(a second function of time takes up as much more than a real mode | it holds noise as every other function does), for one angle. */
function secondFunctionP({real, turning, dimensions, free}: {real: Mode; turning: Mode; dimensions: number; free: number}): number {
  const ratio = (turning.energy - real.energy) / (turning.residual / free);
  return fTail(Math.max(0, ratio), dimensions, dimensions * free);
}

/**
 * Rate from the slope of ln ‖h_{t+2} − h_t‖ over the leading run in which it is above three times its floor (the median over the last
 * quarter; down to 1.3 times, if fewer than six steps are above three), the floor's energy taken off. Needs no knowledge of the fixed point, and no single mode.
 */
function displacementSlope(gram: Gram, {declines, floor}: {declines: boolean; floor: number}): Measured | undefined {
  const squared = squaredSteps(gram, DISPLACEMENT_LAG);
  if (squared.length < 4) return undefined;
  const last = squared.slice(-Math.max(2, Math.floor(squared.length * TAIL_SHARE))).sort((a, b) => a - b);
  const still = Math.max(last[last.length >> 1], 2 * floor ** 2); // a path that rests on one rounded value moves by less than its rounding
  const leading = (floors: number): number => {
    const end = squared.findIndex((d) => d <= floors ** 2 * still);
    return end < 0 ? squared.length : end;
  };
  let end = Math.max(0, ...FLOORS_TRIED.map(leading).filter((count, i) => count >= LEAST_RUN || i === FLOORS_TRIED.length - 1).slice(0, 1));
  if (end < 4 && !declines) return undefined;
  const moving = end >= 4 ? still : 0; // never clear of its end, which still slows down: a slow decay, whose end is no floor
  if (end < 4) end = squared.length;
  const y = squared.slice(0, end).map((d) => 0.5 * Math.log(Math.max(d - moving, Number.MIN_VALUE)));
  const {slope, error} = lineThrough(y);
  const reach = 1.96 * (1 + 2.5 / Math.max(1, end - 2)) * error;
  return {rate: Math.exp(slope), rateCi: [Math.exp(slope - reach), Math.exp(slope + reach)], window: [0, Math.min(gram.size - 1, end - 1 + DISPLACEMENT_LAG)], noise: Math.sqrt(still / 2)};
}

const FLOORS_TRIED = [3, 2, 1.6, 1.3];
const LEAST_RUN = 6;

function lineThrough(y: readonly number[]): {slope: number; error: number} {
  const n = y.length;
  const [mx, my] = [(n - 1) / 2, mean(y)];
  let [xx, xy] = [0, 0];
  for (let x = 0; x < n; ++x) {
    xx += (x - mx) ** 2;
    xy += (x - mx) * (y[x] - my);
  }
  const slope = xy / xx;
  const rest = y.reduce((sum, value, x) => sum + (value - my - slope * (x - mx)) ** 2, 0);
  return {slope, error: n > 2 ? Math.sqrt(rest / (n - 2) / xx) : Infinity};
}
