import {EVD, Matrix as SmallMatrix} from "ml-matrix";
import {combination, inner, inners, type RitzPairs} from "./krylov.ts";

/** Eigenpairs of C that are better than the subspace they come from, largest first, with what is known of their error. */
export interface RefinedPairs {
  readonly values: readonly number[];
  /** Unit vectors. */
  readonly vectors: readonly Float64Array[];
  /** All eigenvalues of the approximation, largest first. */
  readonly spectrum: readonly number[];
  /** How much of the unit vector of each of those lies outside the subspace, 0 to 1. */
  readonly outside: readonly number[];
  /** The numbers, one for each value, that no eigenvalue of C is larger than; asked for once, since it takes a decomposition. */
  readonly ceilings: () => readonly number[];
  /** Trace of C less that of the approximation, and so at least the norm of what is left out. */
  readonly rest: number;
  /** weights[k][i]: the share of the i-th Ritz vector's scores in those of vectors[k]. */
  readonly weights: readonly Float64Array[];
}

interface RefinedPairsOptions {
  /** How many pairs to give, fewer where there are fewer. */
  readonly count: number;
  /** The trace of C. */
  readonly trace: number;
}

const FLOAT_FLOOR = 1e-6; // images of directions with less than this share of the largest eigenvalue are mostly rounding

/**
 * Nyström's approximation of a positive semidefinite C from the images of a subspace, F (KᵀF)⁺ Fᵀ with F = CK: the same pass
 * over the data gives it, and its leading vectors, which lie in the span of the images, are as good as if half a further
 * power step had been made (Halko, Martinsson & Tropp 2011, section 5.5). `images` is an orthonormal basis of what the images have
 * outside the subspace; C = [Θ Rᵀ; R D] in the Ritz vectors and those, and D is replaced by RΘ⁻¹Rᵀ ≤ D.
 */
export function refinedPairs(
  {values, vectors, residuals}: RitzPairs,
  images: readonly Float64Array[],
  {count, trace}: RefinedPairsOptions
): RefinedPairs {
  const [n, size] = [values.length, values.length + images.length];
  const M = SmallMatrix.zeros(size, size);
  const R = images.map((image) => inners(residuals, image));
  const inverse = values.map((value) => (value > FLOAT_FLOOR * values[0] ? 1 / value : 0));
  for (let i = 0; i < n; ++i) M.set(i, i, values[i]);
  for (let a = 0; a < images.length; ++a) {
    for (let i = 0; i < n; ++i) {
      M.set(n + a, i, R[a][i]);
      M.set(i, n + a, R[a][i]);
    }
    for (let b = 0; b <= a; ++b) {
      let sum = 0;
      for (let i = 0; i < n; ++i) sum += R[a][i] * R[b][i] * inverse[i];
      M.set(n + a, n + b, sum);
      M.set(n + b, n + a, sum);
    }
  }
  const evd = new EVD(M, {assumeSymmetric: true});
  const order = descending(evd.realEigenvalues);
  const spectrum = order.map((at) => evd.realEigenvalues[at]);
  const rest = Math.max(0, trace - spectrum.reduce((sum, value) => sum + value, 0));
  const all = order.map((at) => Float64Array.from(evd.eigenvectorMatrix.getColumn(at)));
  const coordinates = all.slice(0, Math.min(count, n));
  return {
    values: spectrum.slice(0, coordinates.length),
    vectors: coordinates.map((x) => combination([...vectors, ...images], x)),
    outside: all.map((x) => Math.min(1, Math.sqrt(inner(x.subarray(n), x.subarray(n))))),
    spectrum,
    ceilings: () => ceilingsOf(M, n, rest).slice(0, coordinates.length),
    rest,
    // Scores are projected on those that the subspace has, as in a randomised singular value decomposition: θ Θ⁻¹ x.
    weights: coordinates.map((x, k) => x.slice(0, n).map((weight, i) => (inverse[i] > 0 ? weight * spectrum[k] * inverse[i] : weight)))
  };
}

/** The eigenvalues with all that was left out, whose norm is at most `rest`, added everywhere outside the subspace: C is no larger than that. */
function ceilingsOf(M: SmallMatrix, n: number, rest: number): number[] {
  const raised = M.clone();
  for (let a = n; a < M.rows; ++a) raised.set(a, a, M.get(a, a) + rest);
  const {realEigenvalues} = new EVD(raised, {assumeSymmetric: true});
  return descending(realEigenvalues).map((at) => Math.max(rest, realEigenvalues[at]));
}

const descending = (values: readonly number[]): number[] => values.map((_, i) => i).sort((a, b) => values[b] - values[a]);
