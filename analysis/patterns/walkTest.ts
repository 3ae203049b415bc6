import {fTail, mixtureTail} from "./fTail.ts";
import {effectiveDimensions, energyAlong, productsAlong, type Products} from "./residual.ts";
import {orthonormal, sampled, type TimeBasis} from "./timeBasis.ts";

interface WalkTest {
  /** Energy along the shape over the most that a random walk with noise would put there; below 1 or so under the null. */
  readonly ratio: number;
  /** A bound on P(as much | random walk with noise), for this one shape, whatever the covariance. */
  readonly p: number;
  /** The same without the bound's caution: right for noise of one size in ν directions, and for a walk no larger than fitted. */
  readonly plainP: number;
}

const SLOW_MODES = 12; // slow functions beside the shape that tell a walk from a directed motion
const CAUTION = 3; // standard errors by which the walk is taken larger than it was fitted
const FIT_ROUNDS = 6;

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
 */
export function walkTest(plain: Products, shape: TimeBasis, constant: TimeBasis, floor: number): WalkTest {
  const n = plain.size;
  const cosines = Array.from({length: SLOW_MODES + shape.length}, (_, k) =>
    sampled(n, (t) => Math.cos((Math.PI * (k + 1) * (t + 0.5)) / n))
  );
  const slow = orthonormal(cosines.slice(0, n - 1), [...constant, ...shape]).slice(0, Math.min(SLOW_MODES, n - 2 - shape.length));
  if (slow.length < 3) return {ratio: 0, p: 1, plainP: 1};
  const shares = slow.map(walkShare);
  const products = productsAlong(plain, slow);
  const least = Math.max(floor * 0.01, Number.MIN_VALUE);
  const top = slow.reduce((most, _, k) => Math.max(most, products.values[k * (slow.length + 1)]), least); // unit of energy below, so that squares stay in range
  const energies = slow.map((_, k) => Math.max(products.values[k * (slow.length + 1)], least) / top);
  const {walk, noise} = fitted(shares, energies);
  const predicted = shares.map((share) => walk * share + noise);
  const size = slow.length;
  const dimensions = effectiveDimensions({
    size,
    values: products.values.map((g, at) => g / Math.sqrt(predicted[Math.floor(at / size)] * predicted[at % size]))
  });
  const share = shape.reduce((sum, q) => sum + walkShare(q), 0);
  const most =
    walk +
    CAUTION * Math.min(walkError(shares, predicted) / Math.sqrt(dimensions), Math.max(...energies.map((energy, k) => energy / shares[k])));
  const energy = energyAlong(plain, shape) / top;
  const over = (slope: number): number => energy / Math.max(slope * share + noise * shape.length, Number.MIN_VALUE);
  const ratio = over(most);
  return {ratio, p: mixtureTail(ratio, 1, size - 2, dimensions), plainP: fTail(over(walk), dimensions, (size - 2) * dimensions)};
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

/** Energies ≈ walk · share + noise, both ≥ 0: least squares weighted by the prediction's square, repeated (Fisher scoring for χ² energies). */
function fitted(shares: readonly number[], energies: readonly number[]): {walk: number; noise: number} {
  let predicted = energies.map((energy) => energy); // the first weights
  let [walk, noise] = [0, 0];
  for (let round = 0; round < FIT_ROUNDS; ++round) {
    let [cc, c1, one, ce, e1] = [0, 0, 0, 0, 0];
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
  let [cc, c1, one] = [0, 0, 0];
  for (let k = 0; k < shares.length; ++k) {
    const weight = 0.5 / predicted[k] ** 2;
    cc += weight * shares[k] ** 2;
    c1 += weight * shares[k];
    one += weight;
  }
  return Math.sqrt(one / Math.max(cc * one - c1 * c1, Number.MIN_VALUE));
}
