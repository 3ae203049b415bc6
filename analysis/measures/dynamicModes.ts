import {EigenvalueDecomposition, Matrix as Dense} from "ml-matrix";
import type {Matrix} from "../matrix.ts";
import {gramOf} from "../patterns/path/gram.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

interface DynamicModesOptions {
  /** Most modes; defaults to as many as carry more than a hundred-millionth of the largest variance. */
  readonly rank?: number;
}

const LEAST_SHARE = 1e-8; // of the largest singular value squared

/**
 * Eigenvalues [re, im] of dynamic mode decomposition, largest modulus first: of the matrix A that best takes each step of the path h_{t+1} − h_t to the next, in the
 * space of its leading directions (Schmid 2010, Tu et al. 2014). Steps instead of states, since a loop runs about a fixed point that is not zero: an affine map has the
 * eigenvalues of its linear part. |λ| is the decay per step, arg λ the turn. Everything follows from the steps' inner products, so a path of 64 states costs 64³, not width³.
 *
 * It fits noise as readily as dynamics: on rounding noise it returns a made-up oscillation. Read it above the noise floor only, and with fewer modes than steps.
 * A path that does not move has none.
 */
export function dynamicModes(path: Matrix, {rank = Infinity}: DynamicModesOptions = {}): [number, number][] {
  if (!(rank >= 1)) throw new Refusal(`invalid rank: ${rank}; expected at least 1`);
  if (!(path.rows >= 3)) throw new Refusal(`invalid path: ${path.rows} states; expected at least 3`);
  const {size, values} = gramOf(path);
  const at = (i: number, j: number): number => values[i * size + j];
  const count = size - 2; // pairs (step, next step)
  const step = (i: number, j: number): number => at(i + 1, j + 1) - at(i + 1, j) - at(i, j + 1) + at(i, j);
  const before = new Dense(count, count);
  const across = new Dense(count, count);
  for (let i = 0; i < count; ++i) {
    for (let j = 0; j < count; ++j) {
      before.set(i, j, (step(i, j) + step(j, i)) / 2);
      across.set(i, j, step(i, j + 1));
    }
  }
  const {realEigenvalues: variances, eigenvectorMatrix: vectors} = new EigenvalueDecomposition(before, {assumeSymmetric: true});
  const order = variances.map((_, i) => i).sort((a, b) => variances[b] - variances[a]);
  const kept = order.filter((i) => variances[i] > LEAST_SHARE * variances[order[0]] && variances[i] > 0).slice(0, rank);
  if (kept.length === 0) return [];
  // A in the basis of left singular vectors: S⁻¹ Vᵀ (X₁ᵀ X₂) V S⁻¹.
  const scaled = new Dense(count, kept.length);
  kept.forEach((i, column) => {
    for (let row = 0; row < count; ++row) scaled.set(row, column, vectors.get(row, i) / Math.sqrt(variances[i]));
  });
  const reduced = scaled.transpose().mmul(across).mmul(scaled);
  const {realEigenvalues, imaginaryEigenvalues} = new EigenvalueDecomposition(reduced);
  return realEigenvalues
    .map((re, i): [number, number] => [re, imaginaryEigenvalues[i]])
    .sort((a, b) => Math.hypot(...b) - Math.hypot(...a) || b[1] - a[1]);
}
