import {fTail} from "./fTail.ts";
import {squaredNorm, windowOf, type Gram} from "./gram.ts";
import {fitMode, highest, type Mode} from "./mode.ts";
import {effectiveDimensions, energyAlong, energyOf, residualOf, type Products} from "./residual.ts";
import {inner, modeFunctions, orthonormal, sampled} from "./timeBasis.ts";
import {windowStarts} from "./windows.ts";

/** What a path says for and against moving steadily in one direction. */
export interface DriftEvidence {
  readonly window: readonly [number, number];
  /** Radians per step, seen from the origin. */
  readonly speed: number;
  /** Speed in the last third of the window over that in the first. */
  readonly steadiness: number;
  /** Net displacement over the length of the fitted arc; 1 for a straight line. */
  readonly straightness: number;
  /** Angle of the fitted arc, radians; 0 for a straight line. */
  readonly arc: number;
  /** The arc is centred on the origin. */
  readonly greatCircle: boolean;
  /** Root mean square distance per state from the fitted arc. */
  readonly noise: number;
  /** Energy of the motion over what a random walk of the residual's size would show. */
  readonly walkRatio: number;
  /** Motion h = c + z rateᵗ: below 1 it slows down. */
  readonly mode: Mode;
  readonly p: number;
  readonly against: readonly string[];
  /** The motion is directed, and its slowing down is resolved. */
  readonly slowing: boolean;
}

const LEAST_RATIO = 10; // F in the null has mean 1 and, in one dimension and 6 others, exceeds 10 in 2 % of paths
const WALK_MODES = 8; // slow modes beyond the motion that tell a walk from a line
const STEADY = 0.75; // least speed at the end relative to the beginning, and its inverse
const STRAIGHT = 0.9; // least chord over arc of a slider off a great circle
const CENTRED = 0.9; // least radius of the arc over the states' norm on a great circle
const STILL_SPEED = 0.995; // rates from here on count as not slowing down
const SURE_SPEED = 0.98; // least lower end of the rate's interval
const LINE_PREFERENCE = 6; // log-likelihood an arc must gain over a line, per its extra number

export interface DriftOptions {
  readonly floor: number;
}

/**
 * Looks for a steady drift that lasts to the end of the path: the first window of `windowStarts` in which nothing speaks
 * against it, else the one with the best p. Two shapes are fitted, a line and an arc of a circle of at most three turns.
 *
 * Null: a random walk, h_{t+1} = h_t + independent steps, in any number of dimensions and with any covariance, whose cosine modes fall off as
 * 1/k² (its first principal component looks like a slow cosine, which is why explained variance proves nothing). The motion's energy is
 * compared with that of the next eight modes, each times k²: F(ν, 6ν) or so under the walk; far below it under independent noise
 * or any stationary process, whose slow modes hold no more than the others. A slider's residual is flat noise, so its ratio grows as steps³.
 */
export function driftOf(gram: Gram, {floor}: DriftOptions): DriftEvidence | undefined {
  const starts = windowStarts(gram.size);
  let best: DriftEvidence | undefined;
  let slowing: DriftEvidence | undefined;
  for (const from of starts) {
    const window = windowOf(gram, from);
    if (window.size < 6) continue;
    const found = judged(from, window, floor, starts.length);
    if (found.against.length === 0 && !(slowing && found.mode.rateCi[0] <= slowing.mode.rate)) return found;
    if (found.slowing && !slowing) slowing = found;
    if (!best || found.p < best.p) best = found;
  }
  return slowing ?? best;
}

function judged(from: number, window: Gram, floor: number, attempts: number): DriftEvidence {
  const n = window.size;
  const constant = orthonormal([sampled(n, () => 1)]);
  const plain = residualOf(window, constant);
  const total = energyOf(plain);
  const line = orthonormal([sampled(n, (t) => t)], constant);
  const lineRest = Math.max(total - energyAlong(plain, line), n * floor ** 2, Number.MIN_VALUE);
  const arcBasis = (theta: number) => orthonormal(modeFunctions(n, 1, theta), constant);
  const theta = highest((x) => energyAlong(plain, arcBasis(x)), (0.2 / n), (2 * Math.PI * 3) / n);
  const arcRest = Math.max(total - energyAlong(plain, arcBasis(theta)), n * floor ** 2, Number.MIN_VALUE);
  const rest0 = residualOf(plain, arcBasis(theta));
  const dims0 = effectiveDimensions(rest0);
  const curved = ((n - 3) / 2) * dims0 * Math.log(lineRest / arcRest) > LINE_PREFERENCE;
  const shape = curved ? arcBasis(theta) : line;
  const rest = residualOf(plain, shape);
  const dimensions = effectiveDimensions(rest);
  const noise = Math.max(energyOf(rest), n * floor ** 2) / Math.max(1, n - 1 - shape.length);
  const {ratio, modes} = walkRatio(rest, energyAlong(plain, shape), shape.length, [...constant, ...shape], floor ** 2);
  const p = Math.min(1, fTail(ratio, dimensions, Math.max(1, modes - 2) * dimensions) * attempts);
  const radius = Math.sqrt(meanSquaredNorm(window));
  const mode = fitMode(window, {nuisance: constant, floor: floor ** 2, rates: [0.5, 1.15], omegas: [0, 0], start: [0.999, 0]});
  const speeds = thirds(plain, noise);
  const steadiness = speeds[2] / Math.max(speeds[0], Number.MIN_VALUE);
  const size = curved ? Math.sqrt(energyAlong(plain, shape) / n) : 0;
  const arc = curved ? theta * (n - 1) : 0;
  const straightness = arc === 0 ? 1 : Math.abs(Math.sin(arc / 2) / (arc / 2));
  const circleRadius = curved ? arcRadius(plain, theta, constant) : 0;
  const greatCircle = curved && circleRadius > CENTRED * radius && circleRadius < radius / CENTRED;
  const slope = Math.sqrt(Math.max(0, energyAlong(plain, line) - noise) / inner(centredTime(n), centredTime(n)));
  const speed = curved ? (theta * circleRadius) / (radius || 1) : slope / (radius || 1);
  const against: string[] = [];
  if (ratio < LEAST_RATIO) against.push(`motion ${ratio.toFixed(1)}× that of a random walk; ${LEAST_RATIO} needed`);
  const slowing = mode.rateCi[1] < 1 && (1 - mode.rate) * n > 0.05 && ratio >= LEAST_RATIO && mode.residual <= 1.5 * Math.min(lineRest, arcRest) && !greatCircle;
  if (!greatCircle && slowing && mode.rate < STILL_SPEED) against.push(`slows down by ${mode.rate.toFixed(4)} a step`);
  else if (!greatCircle && !(mode.rate >= STILL_SPEED && mode.rateCi[0] >= SURE_SPEED)) against.push(`steady speed not resolved: rate ${mode.rate.toFixed(3)}, ${mode.rateCi[0].toFixed(3)} to ${mode.rateCi[1].toFixed(3)}`);
  if (!(steadiness > STEADY && steadiness < 1 / STEADY)) against.push(`speed changes ${steadiness.toFixed(2)}-fold between the first and the last third`);
  if (straightness < STRAIGHT && !greatCircle) against.push(`net displacement ${straightness.toFixed(2)} of the arc, which is not a great circle`);
  if (Math.sqrt(energyAlong(plain, shape) / n) < 2 * floor) against.push("motion within the rounding floor");
  return {
    window: [from, from + n - 1],
    speed,
    steadiness,
    straightness,
    arc,
    greatCircle,
    noise: Math.sqrt(noise),
    walkRatio: ratio,
    mode,
    p,
    against,
    slowing: slowing && size >= 0,
  };
}

/** Energy of the motion over the mean k²-weighted energy of the slow cosine modes that follow it. */
function walkRatio(rest: Products, energy: number, used: number, basis: readonly Float64Array[], floor: number): {ratio: number; modes: number} {
  const n = rest.size;
  const last = Math.min(used + WALK_MODES, n - 2);
  const taken = [...basis];
  let weighted = 0;
  let modes = 0;
  for (let k = 1; k <= last; ++k) {
    const [mode] = orthonormal([sampled(n, (t) => Math.cos((Math.PI * k * (t + 0.5)) / n))], taken);
    if (!mode) continue;
    taken.push(mode);
    if (k <= used) continue;
    weighted += k * k * Math.max(energyAlong(rest, [mode]), floor * 0.01);
    ++modes;
  }
  const expected = used === 1 ? 1 : 1 + 1 / 4;
  return {ratio: energy / expected / Math.max(weighted / Math.max(1, modes), Number.MIN_VALUE), modes};
}

const centredTime = (n: number): Float64Array => sampled(n, (t) => t - (n - 1) / 2);

/** Lengths of the least-squares velocities in three equal parts of a window, freed of noise. */
function thirds(plain: Products, noise: number): number[] {
  const n = plain.size;
  return [0, 1, 2].map((part) => {
    const [start, end] = [Math.floor((part * n) / 3), Math.floor(((part + 1) * n) / 3)];
    const middle = (start + end - 1) / 2;
    const weights = sampled(n, (t) => (t >= start && t < end ? t - middle : 0));
    const spread = inner(weights, weights);
    const energy = energyAlong(plain, [weights]) / spread ** 2 - noise / spread;
    return Math.sqrt(Math.max(0, energy));
  });
}

/** Radius of the fitted circle: root mean square of the two axes' lengths, z cos θt + w sin θt, by least squares. */
function arcRadius(plain: Products, theta: number, constant: readonly Float64Array[]): number {
  const n = plain.size;
  const [c] = orthonormal([sampled(n, (t) => Math.cos(theta * t))], [...constant, ...orthonormal([sampled(n, (t) => Math.sin(theta * t))], constant)]);
  const [s] = orthonormal([sampled(n, (t) => Math.sin(theta * t))], [...constant, ...orthonormal([sampled(n, (t) => Math.cos(theta * t))], constant)]);
  if (!c || !s) return 0;
  const axis = (dual: Float64Array, f: Float64Array): number => energyAlong(plain, [dual]) / inner(dual, f) ** 2;
  return Math.sqrt((axis(c, sampled(n, (t) => Math.cos(theta * t))) + axis(s, sampled(n, (t) => Math.sin(theta * t)))) / 2);
}

function meanSquaredNorm(window: Gram): number {
  let sum = 0;
  for (let t = 0; t < window.size; ++t) sum += squaredNorm(window, t);
  return sum / window.size;
}
