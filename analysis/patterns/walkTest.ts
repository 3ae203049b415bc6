import {fTail} from "./fTail.ts";
import {effectiveDimensions, energyAlong, energyOf, productsAlong, residualOf, type Products} from "./residual.ts";
import {orthonormal, sampled, type TimeBasis} from "./timeBasis.ts";

export interface WalkTest {
  /** Energy along the shape over what a random walk of the remaining slow motion would put there; about 1 under the null. */
  readonly walkRatio: number;
  /** Energy along the shape, per function, over that of the rest; about 1 under independent noise. */
  readonly noiseRatio: number;
  /** The larger of the p-values against a random walk and against independent noise, for this one shape. */
  readonly p: number;
}

const SLOW_MODES = 8; // slow functions beside the shape that tell a walk from a directed motion
const SEARCHED = 2; // degrees of freedom given up for having chosen the shape

/**
 * Is a motion along a shape in time (orthonormal functions without a constant: a line, an arc, a decay) more than drifting about?
 *
 * Null 1, a random walk: h_{t+1} = h_t + independent steps of any covariance, on or off the sphere. Along a function q of
 * time it has energy c(q) Σ-steps, c(q) = Σₛ (Σ_{t ≥ s} q_t)², which for cosines falls as 1/k²: the first principal component of a walk looks
 * like a slow cosine, and explained variance proves nothing. So the energy along the shape over its c is compared with that of the
 * next eight slow cosines over theirs: F(ν, 6ν), ν the effective dimensions of those eight. Stationary processes, phase-randomised
 * surrogates among them, hold no more in their slow modes than a walk of the same later ones.
 *
 * Null 2, independent noise: every function of time holds the same: F(ν, (n − 3)ν).
 */
export function walkTest(plain: Products, shape: TimeBasis, constant: TimeBasis, floor: number): WalkTest {
  const n = plain.size;
  const energy = energyAlong(plain, shape);
  const rest = residualOf(plain, shape);
  const least = Math.max(floor * 0.01, Number.MIN_VALUE);
  const slow = orthonormal(Array.from({length: SLOW_MODES + shape.length}, (_, k) => sampled(n, (t) => Math.cos((Math.PI * (k + 1) * (t + 0.5)) / n))), [...constant, ...shape]).slice(0, Math.min(SLOW_MODES, n - 2 - shape.length));
  const scaled = slow.map((q) => q.map((x) => x / Math.sqrt(walkShare(q))));
  const products = productsAlong(rest, scaled);
  const walkEnergy = Math.max(energyOf(products) / Math.max(1, slow.length), least);
  const walkRatio = energy / shape.reduce((sum, q) => sum + walkShare(q), 0) / walkEnergy;
  const free = Math.max(1, n - 1 - shape.length);
  const noiseRatio = energy / shape.length / Math.max(energyOf(rest) / free, least);
  const walkDimensions = effectiveDimensions(products);
  const noiseDimensions = effectiveDimensions(rest);
  const p = Math.max(
    fTail(walkRatio, walkDimensions, Math.max(1, slow.length - SEARCHED) * walkDimensions),
    fTail(noiseRatio, noiseDimensions, Math.max(1, free - SEARCHED) * noiseDimensions),
  );
  return {walkRatio, noiseRatio, p};
}

/** c(q) = Σₛ (Σ_{t ≥ s} q_t)²: the energy of a walk of unit steps along q; the sum over s from 1, since where it starts is free. */
function walkShare(q: Float64Array): number {
  let [suffix, share] = [0, 0];
  for (let s = q.length - 1; s >= 1; --s) {
    suffix += q[s];
    share += suffix * suffix;
  }
  return share;
}
