import {fTail} from "./fTail.ts";
import type {Mode} from "./mode.ts";
import {amplitudes} from "./partAmplitudes.ts";
import type {Products} from "./residual.ts";

export const MOST_PARTS = 24;
export const LEAST_PARTS = 5; // fewer say next to nothing about a walk
const LEAST_LENGTH = 4; // steps of a part
const WALKS = Array.from({length: 33}, (_, i) => 10 ** (i / 4 - 4)); // variance that the phase gains over a part, over that of the part's own noise
const UNKNOWN = Math.PI ** 2 / 3; // radians², of a phase that could be any
const LEAST_NOISE = 1e-20; // radians², of the phase of an exact cycle: rounding in double precision
const TAIL = 0.0125; // half of 2.5 %: the window that speaks is the one of several in which the phase looks steadiest
const STEPS = 50; // in which a quantile is sought, at most
const CLOSE = 1e-12; // relative, of two steps that are one
const NEGLIGIBLE = 1e-15; // share of a mixture that moves no quantile
const FAR = 8; // standard errors, beyond which no quantile lies

/**
 * The 95 % interval of ω less the fitted one, for a loop that is kicked itself, so that its phase is a random walk beneath the noise of its states. The phase of each of up to 24
 * parts of a turn or more is a line plus a walk of unknown variance plus noise of known size; the walk's standard deviation is integrated out under a flat prior (Gelman 2006), the
 * line's ends exactly. A walk too small to be seen moves ω as much as the noise does, so the interval of a loop that is not kicked is wider than it need be, and never too narrow.
 * Undefined for fewer than five parts. A flip has no phase: [0, 0].
 */
export function omegaDoubt(plain: Products, {omega, blur}: Mode): readonly [number, number] | undefined {
  if (omega >= Math.PI) return [0, 0];
  const count = Math.min(MOST_PARTS, Math.floor(plain.size / Math.max(LEAST_LENGTH, (2 * Math.PI) / omega)));
  if (count < LEAST_PARTS) return undefined;
  const parts = amplitudes(plain, omega, blur, count);
  const phases = new Float64Array(count);
  let noise = 0;
  for (let i = 0; i < count; ++i) {
    if (i > 0) phases[i] = phases[i - 1] + parts.turn(i - 1, i);
    noise += Math.min(UNKNOWN, parts.selfNoise(i) / Math.max(parts.squared(i), Number.MIN_VALUE) / 2) / count;
  }
  noise = Math.max(noise, LEAST_NOISE);
  const slopes = WALKS.map((walk) => lineThrough(phases, {walk: walk * noise, noise}));
  const most = Math.max(...slopes.map(({logLikelihood}) => logLikelihood));
  const weighed = slopes.map((line, i) => ({...line, weight: Math.sqrt(WALKS[i]) * Math.exp(line.logLikelihood - most)}));
  const perStep = count / plain.size;
  return [quantile(weighed, TAIL) * perStep, quantile(weighed, 1 - TAIL) * perStep];
}

interface Slope {
  /** Radians a part. */
  readonly slope: number;
  readonly error: number;
  /** With the line integrated out, up to a constant. */
  readonly logLikelihood: number;
}

/** Generalised least squares of a line through the mean phases of parts: of a walk that gains the variance `walk` over a part, and `noise` of each. */
function lineThrough(phases: Float64Array, {walk, noise}: {walk: number; noise: number}): Slope {
  const n = phases.length;
  const covariance = (i: number, j: number): number => (i === j ? walk * (i + 1 / 3) + noise : walk * (Math.min(i, j) + 1 / 2));
  const root = cholesky(n, covariance);
  let logDeterminant = 0;
  for (let i = 0; i < n; ++i) logDeterminant += Math.log(root[i * n + i]);
  const [one, time, phase] = [(): number => 1, (i: number): number => i, (i: number): number => phases[i]].map((f) => whitened(root, n, f));
  const [a, b, c] = [dot(one, one), dot(one, time), dot(time, time)];
  const [y1, yt] = [dot(one, phase), dot(time, phase)];
  const determinant = a * c - b * b;
  const [intercept, slope] = [(c * y1 - b * yt) / determinant, (a * yt - b * y1) / determinant];
  const left = Math.max(0, dot(phase, phase) - intercept * y1 - slope * yt);
  return {slope, error: Math.sqrt(a / determinant), logLikelihood: -logDeterminant - Math.log(determinant) / 2 - left / 2};
}

/** The lower triangular root of a covariance, [n][n]. */
function cholesky(n: number, covariance: (i: number, j: number) => number): Float64Array {
  const root = new Float64Array(n * n);
  for (let i = 0; i < n; ++i) {
    for (let j = 0; j <= i; ++j) {
      let sum = covariance(i, j);
      for (let k = 0; k < j; ++k) sum -= root[i * n + k] * root[j * n + k];
      root[i * n + j] = i === j ? Math.sqrt(Math.max(sum, Number.MIN_VALUE)) : sum / root[j * n + j];
    }
  }
  return root;
}

/** root⁻¹ f(0 … n − 1). */
function whitened(root: Float64Array, n: number, f: (i: number) => number): Float64Array {
  const values = new Float64Array(n);
  for (let i = 0; i < n; ++i) {
    let sum = f(i);
    for (let k = 0; k < i; ++k) sum -= root[i * n + k] * values[k];
    values[i] = sum / root[i * n + i];
  }
  return values;
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, i) => sum + x * b[i], 0);

/** Of a mixture of normal distributions: Newton's steps, halvings of the range where one would leave it. */
function quantile(mixture: readonly (Slope & {readonly weight: number})[], share: number): number {
  const total = mixture.reduce((sum, {weight}) => sum + weight, 0);
  let low = Math.min(...mixture.map(({slope, error}) => slope - FAR * error));
  let high = Math.max(...mixture.map(({slope, error}) => slope + FAR * error));
  let x = (low + high) / 2;
  for (let i = 0; i < STEPS; ++i) {
    let [below, density] = [0, 0];
    for (const {slope, error, weight} of mixture) {
      const z = (x - slope) / error;
      if (weight > NEGLIGIBLE * total) below += weight * normalBelow(z);
      density += (weight * Math.exp((-z * z) / 2)) / (error * Math.sqrt(2 * Math.PI));
    }
    if (below < share * total) low = x;
    else high = x;
    const next = x - (below - share * total) / density;
    const to = next > low && next < high ? next : (low + high) / 2;
    if (Math.abs(to - x) <= CLOSE * (Math.abs(x) + Math.abs(to))) return to;
    x = to;
  }
  return x;
}

const MANY = 1e6; // degrees of freedom of an F that is a squared normal number

const normalBelow = (z: number): number => {
  if (Math.abs(z) > FAR) return z > 0 ? 1 : 0;
  const outside = fTail(z * z, 1, MANY) / 2;
  return z > 0 ? 1 - outside : outside;
};
