import {copied} from "../../kernel/floats.ts";
import type {Products} from "../path/residual.ts";
import {coordinatesAlong} from "../modes/sharpened.ts";
import {quantile, type Weighed} from "../statistics/studentMixture.ts";
import {inner, modeFunctions, orthonormal, sampled, takeAway, type TimeBasis} from "../statistics/timeBasis.ts";

const LEAST_FREE = 8; // degrees of freedom that are left for noise and kicks
const LEAST_KICKS = 1; // variance of ω that kicks bring, over that of noise: fewer are none
const MOST_KICKS = 100; // variance of one kick over that of the noise of a phase: past it noise does not matter
const TO_KICKS = 10; // κ = ρ n² / 10, as a walk of n kicks of variance ρ σ² moves the slope of its line by 6 ρ σ² / 5 n, and noise by 12 σ² / n³
export const KICKED = 0.05; // prior weight of a doubling of κ at κ = 1, over that of no kicks: with a fiftieth of it what kicks beneath the noise do is held by 70 to 85 % of intervals; it grows as the standard deviation of a kick, whose own prior is flat (Gelman 2006)
const STEADIEST = 25; // states; the error beside kicks is widened by the square of these over the window's, as of several windows that one speaks in which the phase looks steadiest
const TAIL = 0.025;
const LEAST_NOISE = 1e-20; // radians², of the phase of an exact cycle: rounding in double precision

/** 95 % intervals of ω less the fitted one. */
interface OmegaDoubt {
  /** Of a loop that may be kicked. */
  readonly kicked: readonly [number, number];
  /** Of one that is not: of noise alone. */
  readonly steady: readonly [number, number];
}

/**
 * The 95 % interval of ω less the fitted one, of a loop that may be kicked itself. Its states, in their plane, are an ellipse run through in even steps, with nuisance, a change of amplitude,
 * and white noise; the phase moves on by a kick at each step, too, so that beneath the noise it is a random walk. To first order this moves a state along the ellipse alone: the states'
 * places along it are a linear model in which a walk is seen through noise, whose likelihood a Kalman filter gives for every ratio of kicks to noise, with all else that was fitted and the size
 * of the noise integrated out (Harville 1974). The ratios have a prior, most of it at none, and ω the mixture of Student's distributions that they leave: it takes in kicks that the noise hides,
 * and is two to four times as wide for it where there are none, which only its `steady` fellow takes for known. Undefined where too little is left to see kicks in.
 */
export function omegaDoubt(plain: Products, omega: number, nuisance: TimeBasis): OmegaDoubt | undefined {
  const model = alongEllipse(plain, omega, nuisance);
  if (plain.size - model.columns.length - 1 < LEAST_FREE) return undefined;
  const lines = kicksTried(plain.size).map((kicks) => {
    const slope = slopeOf(model, (kicks * TO_KICKS) / plain.size ** 2);
    return kicks === 0
      ? {...slope, prior: 1}
      : {...slope, prior: KICKED * Math.sqrt(kicks), error: slope.error * (1 + (STEADIEST / plain.size) ** 2)};
  });
  const most = Math.max(...lines.map(({logLikelihood}) => logLikelihood));
  const mixture = lines.map((line): Weighed => ({...line, weight: line.prior * Math.exp(line.logLikelihood - most)}));
  const [steady] = lines;
  return {kicked: endsOf(mixture), steady: endsOf([{...steady, weight: 1}])};
}

/** The ends of 95 % of a mixture, about 0 at least: what was fitted is in it. */
const endsOf = (mixture: readonly Weighed[]): readonly [number, number] => [
  Math.min(0, quantile(mixture, TAIL)),
  Math.max(0, quantile(mixture, 1 - TAIL))
];

/** κ: none, and doublings. */
const kicksTried = (n: number): number[] => [
  0,
  ...Array.from({length: Math.ceil(Math.log2((MOST_KICKS * n ** 2) / TO_KICKS / LEAST_KICKS)) + 1}, (_, i) => LEAST_KICKS * 2 ** i)
];

interface AlongEllipse {
  /** Distance of each state from its place, along the ellipse, in radians of a state of mean speed. */
  readonly off: Float64Array;
  /** What a radian moves a state by; root mean square 1. */
  readonly speed: Float64Array;
  /** What else was fitted, along the ellipse; orthonormal. */
  readonly columns: TimeBasis;
}

function alongEllipse(plain: Products, omega: number, nuisance: TimeBasis): AlongEllipse {
  const n = plain.size;
  const turning = modeFunctions(n, 1, omega);
  const [cosine, sine] = turning;
  const series = coordinatesAlong(plain, orthonormal(turning, nuisance));
  const axes = coefficients(series, turning, nuisance).map(([a, b]) => ({
    at: sampled(n, (t) => a * cosine[t] + b * sine[t]),
    forward: sampled(n, (t) => b * cosine[t] - a * sine[t])
  }));
  const lengths = sampled(n, (t) => Math.hypot(...axes.map(({forward}) => forward[t])));
  const scale = Math.sqrt(inner(lengths, lengths) / n);
  const along = (of: (axis: number, t: number) => number): Float64Array =>
    sampled(n, (t) => axes.reduce((sum, {forward}, axis) => sum + forward[t] * of(axis, t), 0) / Math.max(lengths[t], Number.MIN_VALUE));
  return {
    off: along((axis, t) => (series[axis][t] - axes[axis].at[t]) / scale),
    speed: lengths.map((length) => length / scale),
    columns: orthonormal([
      ...[...turning, ...nuisance].flatMap((f) => series.map((_, own) => along((axis, t) => (axis === own ? f[t] : 0)))),
      along((axis, t) => (t * axes[axis].at[t]) / scale)
    ])
  };
}

/** Of each series on two functions, beside a nuisance that is in none of the series. */
function coefficients(series: readonly Float64Array[], functions: readonly Float64Array[], nuisance: TimeBasis): [number, number][] {
  const [c, s] = functions.map((f) => {
    const left = copied(f); // the functions are used again
    for (const q of nuisance) takeAway(left, q);
    return left;
  });
  const [cc, cs, ss] = [inner(c, c), inner(c, s), inner(s, s)];
  const determinant = cc * ss - cs * cs;
  return series.map((y) => {
    const [yc, ys] = [inner(y, c), inner(y, s)];
    return [(ss * yc - cs * ys) / determinant, (cc * ys - cs * yc) / determinant];
  });
}

interface Slope {
  /** Radians a step. */
  readonly middle: number;
  readonly error: number;
  readonly free: number;
  /** With all else integrated out, up to a constant. */
  readonly logLikelihood: number;
}

/** The slope of the phase and its error where a kick has `gain` times the variance of the noise. */
function slopeOf({off, speed, columns}: AlongEllipse, gain: number): Slope {
  const n = off.length;
  const time = sampled(n, (t) => t * speed[t]);
  const {whitened, logRoot} = withoutWalk([...columns, time, off], speed, gain);
  const left = whitened[whitened.length - 1];
  let [length, along, logLength] = [1, 0, 0];
  const basis: Float64Array[] = [];
  for (const f of whitened.slice(0, -1)) {
    for (let pass = 0; pass < 2; ++pass) for (const q of basis) takeAway(f, q);
    length = Math.sqrt(inner(f, f));
    const unit = f.map((x) => x / length);
    along = inner(left, unit);
    takeAway(left, unit);
    logLength += Math.log(length);
    basis.push(unit);
  }
  const free = n - basis.length;
  const rest = Math.max(inner(left, left), n * LEAST_NOISE);
  return {
    middle: along / length,
    error: Math.sqrt(rest / free) / length,
    free,
    logLikelihood: -logRoot - logLength - (free / 2) * Math.log(rest)
  };
}

/** Functions of time as a Kalman filter leaves them, white where they were a walk that begins at 0 and moves a state by `speed`, beneath noise of size 1; and half the logarithm of their covariance's determinant. */
function withoutWalk(functions: readonly Float64Array[], speed: Float64Array, gain: number) {
  const n = speed.length;
  const whitened = functions.map(() => new Float64Array(n));
  const walked = new Float64Array(functions.length);
  let [variance, logRoot] = [0, 0];
  for (let t = 0; t < n; ++t) {
    const root = Math.sqrt(speed[t] ** 2 * variance + 1);
    const follows = (variance * speed[t]) / root ** 2;
    logRoot += Math.log(root);
    for (let i = 0; i < functions.length; ++i) {
      const surprise = functions[i][t] - speed[t] * walked[i];
      walked[i] += follows * surprise;
      whitened[i][t] = surprise / root;
    }
    variance += gain - follows * speed[t] * variance;
  }
  return {whitened, logRoot};
}
