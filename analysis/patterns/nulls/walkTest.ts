import {copied} from "../../kernel/floats.ts";
import {scratching} from "../../kernel/memory.ts";
import {mean} from "../path/gram.ts";
import {fTail, mixtureTail} from "../statistics/fTail.ts";
import {perSize} from "../statistics/perSize.ts";
import {effectiveDimensions, energyOf, productsAlong, productsWith, residualOf, type Products} from "../path/residual.ts";
import {inner, modeFunctions, orthonormal, sampled, type TimeBasis} from "../statistics/timeBasis.ts";

interface WalkTest {
  /** Energy along the shape over the most that a random walk with noise would put there; below 1 or so under the null. */
  readonly ratio: number;
  /** A bound on P(as much | random walk with noise), for this one shape, whatever the covariance. */
  readonly p: number;
}

/** What a number format adds to states. */
export interface Rounding {
  /** Energy per state. */
  readonly floor: number;
  /** Dimensions in which it lies. */
  readonly floorDimensions: number;
}

/** Dimensions of what a motion leaves: of rounding, which repeats its error where the state stands still, no fewer than it has. */
export const dimensionsLeft = (left: Products, {floor, floorDimensions}: Rounding): number =>
  Math.max(effectiveDimensions(left), energyOf(left) <= MOST_ROUNDED * floor * left.size ? floorDimensions : 1);

interface WalkOptions extends Pick<Rounding, "floor">, Partial<Pick<Rounding, "floorDimensions">> {
  /** Functions of time that the window is without. */
  readonly constant: TimeBasis;
  /** Angle per step that the walk turns by; defaults to 0. */
  readonly omega?: number;
  /** Share of where it was that it keeps a step; defaults to all. */
  readonly keep?: number;
}

const SLOW_MODES = 12; // slow functions beside the shape that tell a walk from a directed motion
const ALONG_MODES = 24; // the same where only the shape's own directions are looked at, which have one or two numbers for each
const CAUTION = 3; // standard errors by which the walk is taken larger than it was fitted
const FIT_ROUNDS = 6;
export const MOST_ROUNDED = 2.25; // × the energy of rounding, which what moves may bring: it errs less evenly than what rests
const NEXT_MEMORY = 1.5; // × a memory, the next that is tried
const NOISE_OVER_WALK = [Infinity, ...Array.from({length: 12}, (_, j) => 4 ** (1 - j)), 0]; // energy of noise along a function over the walk's largest along any, as tried
const AS_LIKELY = 1; // log-likelihood that a walk may lack of the best one's

/** The slowest cosines of n states, those of a walk's principal components. */
export const slowCosines = perSize((n) =>
  Array.from({length: Math.min(n - 1, ALONG_MODES + 2)}, (_, k) => sampled(n, (t) => Math.cos((Math.PI * (k + 1) * (t + 0.5)) / n)))
);

/**
 * Is a motion along a shape in time (orthonormal functions without a constant: a line, an arc, a decay) more than drifting about?
 *
 * Null: a random walk seen through noise, h_t = Σ_{s ≤ t} steps + noise_t, of any covariance, on or off the sphere; with no noise it is
 * the walk, with no steps independent noise. Along a unit function q of time it has energy a·c(q) + b, where c(q) = Σₛ (Σ_{t ≥ s} q_t)²,
 * which for cosines falls as 1/k²: the first principal component of a walk looks like a slow cosine, and explained variance proves
 * nothing. a and b are fitted (by likelihood, ≥ 0) to the next twelve slow cosines beside the shape, and the energy along the shape is
 * compared with the most that they allow: a is taken three of its standard errors high; the p-value is `mixtureTail`'s with 1 and 10
 * degrees of freedom. Stationary processes, phase-randomised surrogates among them, hold less in
 * their slowest modes than a walk fitted to the later ones, and stay below it.
 *
 * What turns by ω a step is held against a walk that turns along, Re(e^{iωt} · walk): a resonance that noise keeps going, whose amplitude wanders, falls for a while as readily as it
 * rises. Everything is as above seen from a frame that turns by ω, a steady turning (the constant there) taken out first.
 */
export const walkTest = (window: Products, shapes: readonly Float64Array[], options: WalkOptions): WalkTest =>
  scratching(() => {
    const beside = besideShape(window, shapes, options, SLOW_MODES);
    if (!beside) return {ratio: 0, p: 1};
    const {walk, dimensions} = fittedWalk(beside);
    const ratio = walk.over(walk.walk + CAUTION * Math.min(walk.error / Math.sqrt(dimensions), walk.largest));
    return {ratio, p: mixtureTail(ratio, 1, walk.predicted.length - 2, dimensions)};
  });

/**
 * The p-value of `walkTest` without the bound's caution: right for noise of one size in ν directions, and for a walk no larger than fitted; or, where it is more, that of what happens
 * along the shape's own one or two directions alone, in which something may wander that the noise of all others hides.
 */
export const plainWalkP = (window: Products, shapes: readonly Float64Array[], options: WalkOptions): number =>
  scratching(() => {
    const beside = besideShape(window, shapes, options, ALONG_MODES);
    if (!beside) return 1;
    const {walk, dimensions} = fittedWalk(beside);
    const {slow, shape, moved, shared, shares} = beside;
    const along = heldAgainst(energiesAlong(slow, shape, moved), {...shared, shares});
    const free = walk.predicted.length - 2;
    return Math.max(fTail(walk.over(walk.walk), dimensions, free * dimensions), fTail(along.over(along.walk), 1, slow.length - 2));
  });

/**
 * P(as much along a shape | a random walk seen through noise whose steps remember those before, corr(s, s′) = e^(−|s − s′| / τ), for any τ up to `longest` steps): its energies fall as 1/k² down to k of
 * about n / πτ, and as 1/k⁴ from there on, so that what stands out of a walk fitted beyond is its own. Every memory and every size of noise is tried that accounts for the slow functions beside the shape nearly as
 * well as the best of them; p is the largest of theirs, of all directions together and of the shape's own, as in `plainWalkP`.
 */
export const runningWalkP = (window: Products, shapes: readonly Float64Array[], options: WalkOptions, longest: number): number =>
  scratching(() => {
    const beside = besideShape(window, shapes, options, ALONG_MODES);
    if (!beside) return 1;
    const {slow, shape, moved, shared} = beside;
    const {energies, dimensions} = fittedWalk(beside);
    const memories = [0];
    for (let memory = longest; memory >= 1; memory /= NEXT_MEMORY) memories.push(memory);
    const walks = memories.map((memory) => {
      const keep = memory === 0 ? 0 : Math.exp(-1 / memory);
      return {shares: slow.map((q) => runningShare(q, keep)), share: shape.reduce((sum, q) => sum + runningShare(q, keep), 0)};
    });
    const worst = (found: readonly number[], directions: number): number => {
      const tried = walks.flatMap((walk) => NOISE_OVER_WALK.map((ratio) => runningWalk(found, {...shared, ...walk}, ratio)));
      const least = Math.min(...tried.map(({loss}) => loss));
      const most = Math.min(...tried.filter(({loss}) => directions * (loss - least) <= AS_LIKELY).map(({over}) => over));
      return fTail(most, directions, (found.length - 2) * directions);
    };
    return Math.max(worst(energies, dimensions), worst(energiesAlong(slow, shape, moved), 1));
  });

/** The walk of a memory and so much noise beside it whose size suits the slow functions' energies best: minus its log-likelihood in one dimension, and the energy along the shape over what it puts there. */
function runningWalk(
  energies: readonly number[],
  {shares, share, energy, functions, least}: Shape,
  ratio: number
): {loss: number; over: number} {
  const known = shares.slice(0, energies.length);
  const [walk, noise] = ratio === Infinity ? [0, 1] : [1, ratio * Math.max(...known)];
  const predicted = known.map((c) => walk * c + noise);
  const size = energies.reduce((sum, e, k) => sum + Math.max(e, least) / predicted[k], 0) / energies.length;
  const loss = predicted.reduce((sum, e) => sum + Math.log(e * size), 0) / 2;
  return {loss, over: energy / (size * (walk * share + noise * functions))};
}

/** A shape, the slow functions beside it (`most` at most), and what a walk would put along either; undefined where too few functions are left. */
function besideShape(
  window: Products,
  shapes: readonly Float64Array[],
  {constant, floor, floorDimensions = 1, omega = 0, keep = 1}: WalkOptions,
  most: number
) {
  const n = window.size;
  const steady = omega > 0 ? orthonormal(modeFunctions(n, 1, omega), constant) : [];
  const plain = steady.length > 0 ? residualOf(window, steady) : window;
  const still = [...constant, ...steady];
  const shape = steady.length > 0 ? orthonormal(shapes, still) : shapes;
  if (shape.length === 0) return undefined;
  const count = Math.min(n - 1, ALONG_MODES + shape.length);
  const cosines = slowCosines(n).slice(0, count);
  const turning = modeFunctions(n, 1, omega);
  const turned =
    omega > 0
      ? cosines.flatMap((cosine) => turning.map((turn) => sampled(n, (t) => turn[t] * cosine[t]))).slice(0, ALONG_MODES + shape.length)
      : cosines;
  const slow = orthonormal(turned, [...still, ...shape], Math.min(most, n - 2 - shape.length - steady.length));
  if (slow.length < 3) return undefined;
  const moved = shape.map((q) => productsWith(plain, q));
  const shared = {
    share: shape.reduce((sum, q) => sum + walkShare(q, omega, keep), 0),
    energy: shape.reduce((sum, q, i) => sum + inner(q, moved[i]), 0),
    functions: shape.length,
    least: Math.max(floor * 0.01, Number.MIN_VALUE)
  };
  return {plain, slow, shape, moved, shared, rounding: {floor, floorDimensions}, shares: slow.map((q) => walkShare(q, omega, keep))};
}

/** The walk and noise of all directions together, by the slowest twelve functions, and how many directions there are. */
function fittedWalk({plain, slow, shared, shares, rounding}: NonNullable<ReturnType<typeof besideShape>>) {
  const products = productsAlong(plain, slow.slice(0, SLOW_MODES));
  const {size, values} = products;
  const energies: number[] = [];
  for (let k = 0; k < size; ++k) energies.push(values[k * (size + 1)]);
  const walk = heldAgainst(energies, {...shared, shares: shares.slice(0, size)});
  const scaled = copied(values);
  for (let i = 0; i < size; ++i) {
    for (let j = 0; j <= i; ++j) scaled[i * size + j] /= Math.sqrt(walk.predicted[i] * walk.predicted[j]); // the lower half is looked at
  }
  // A state that stands still repeats its rounding's error, so that few vectors of it differ: they do not say in how many dimensions it lies.
  const ofRounding = mean(energies) <= MOST_ROUNDED * rounding.floor;
  return {walk, energies, dimensions: Math.max(effectiveDimensions({size, values: scaled}), ofRounding ? rounding.floorDimensions : 1)};
}

interface Shape {
  /** `walkShare` of every slow function, and of the shape. */
  readonly shares: readonly number[];
  readonly share: number;
  /** Energy along the shape, and how many functions it has. */
  readonly energy: number;
  readonly functions: number;
  readonly least: number;
}

/** A walk and noise fitted to the slow functions' energies, all in units of the largest of these, so that squares stay in range. */
export function heldAgainst(energies: readonly number[], {shares, share, energy, functions, least}: Shape) {
  const unit = Math.max(least, ...energies);
  const inUnits = energies.map((e) => Math.max(e, least) / unit);
  const {walk, noise} = fitted(shares, inUnits);
  const predicted = shares.map((c) => walk * c + noise);
  return {
    walk,
    error: walkError(shares, predicted),
    /** Of the walks that would bring one function's energy alone. */
    largest: Math.max(...inUnits.map((e, k) => e / shares[k])),
    predicted,
    /** Energy along the shape over what a walk of this slope and the noise put there. */
    over: (slope: number): number => energy / unit / Math.max(slope * share + noise * functions, Number.MIN_VALUE)
  };
}

/** Energies of the slow functions along the one or two directions Σ f_t h_t in which the shape moves the state; `moved` is the shape's products with every state. */
function energiesAlong(slow: TimeBasis, [first, second]: TimeBasis, [withFirst, withSecond]: TimeBasis): number[] {
  const [own, shared, other] = second
    ? [inner(first, withFirst), inner(second, withFirst), inner(second, withSecond)]
    : [inner(first, withFirst), 0, 0];
  const determinant = own * other - shared * shared;
  return slow.map((q) => {
    const a = inner(q, withFirst);
    const b = second ? inner(q, withSecond) : 0;
    if (determinant > 1e-9 * own * other) return (other * a * a - 2 * shared * a * b + own * b * b) / determinant;
    return own >= other ? (own > 0 ? (a * a) / own : 0) : other > 0 ? (b * b) / other : 0; // of nothing, a rounding may be below zero
  });
}

/** c(q) = Σₛ |Σ_{t ≥ s} keep^(t − s) q_t e^{iωt}|²: the energy along q of a walk of unit steps that keeps so much of where it was a step; the sum over s from 1, since where it starts is free. */
export function walkShare(q: Float64Array, omega: number, keep = 1): number {
  let real = 0;
  let imaginary = 0;
  let share = 0;
  if (omega === 0) {
    for (let s = q.length - 1; s >= 1; --s) {
      real = keep * real + q[s];
      share += real * real;
    }
    return share;
  }
  for (let s = q.length - 1; s >= 1; --s) {
    real = keep * real + q[s] * Math.cos(omega * s);
    imaginary = keep * imaginary + q[s] * Math.sin(omega * s);
    share += real * real + imaginary * imaginary;
  }
  return share;
}

/** The same of a walk whose steps have a correlation of `keep` with the one before: Σ keep^|s − s′| Q_s Q_s′ with Q_s = Σ_{t ≥ s} q_t, by recurrence. */
function runningShare(q: Float64Array, keep: number): number {
  let [sum, kept, share] = [0, 0, 0];
  for (let s = q.length - 1; s >= 1; --s) {
    sum += q[s];
    kept = keep * kept + sum;
    share += sum * (2 * kept - sum);
  }
  return share;
}

/** Energies ≈ walk · share + noise, both ≥ 0: least squares weighted by the prediction's square, repeated (Fisher scoring for χ² energies). */
function fitted(shares: readonly number[], energies: readonly number[]): {walk: number; noise: number} {
  let predicted = energies.map((energy) => energy); // the first weights
  let walk = 0;
  let noise = 0;
  for (let round = 0; round < FIT_ROUNDS; ++round) {
    let cc = 0;
    let c1 = 0;
    let one = 0;
    let ce = 0;
    let e1 = 0;
    for (let k = 0; k < shares.length; ++k) {
      const weight = 1 / predicted[k] ** 2;
      cc += weight * shares[k] ** 2;
      c1 += weight * shares[k];
      one += weight;
      ce += weight * shares[k] * energies[k];
      e1 += weight * energies[k];
    }
    const determinant = cc * one - c1 * c1;
    [walk, noise] =
      determinant > 1e-12 * cc * one ? [(one * ce - c1 * e1) / determinant, (cc * e1 - c1 * ce) / determinant] : [0, e1 / one];
    if (walk < 0) [walk, noise] = [0, e1 / one];
    if (noise < 0) [walk, noise] = [ce / cc, 0];
    const model = shares.map((share) => walk * share + noise);
    // The first weights favour modes that happen to be small; from then on the model gives them.
    predicted = model.map((value) => Math.max(value, Number.MIN_VALUE));
  }
  const scale = energies.reduce((sum, energy, k) => sum + energy / predicted[k], 0) / energies.length;
  return {walk: walk * scale, noise: noise * scale};
}

/** Standard error of the walk's share, in one dimension: from the Fisher information ½ Σ (c, 1)(c, 1)ᵀ / prediction². */
function walkError(shares: readonly number[], predicted: readonly number[]): number {
  let cc = 0;
  let c1 = 0;
  let one = 0;
  for (let k = 0; k < shares.length; ++k) {
    const weight = 0.5 / predicted[k] ** 2;
    cc += weight * shares[k] ** 2;
    c1 += weight * shares[k];
    one += weight;
  }
  return Math.sqrt(one / Math.max(cc * one - c1 * c1, Number.MIN_VALUE));
}
