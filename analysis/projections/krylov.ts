import {EVD, Matrix as SmallMatrix} from "ml-matrix";

/** A subspace of a symmetric operator C: orthonormal vectors and what C makes of each of them. */
export interface Subspace {
  readonly basis: readonly Float64Array[];
  /** images[i] = C basis[i]. */
  readonly images: readonly Float64Array[];
}

/** The best eigenpairs of C that a subspace holds, largest first (Rayleigh–Ritz). */
export interface RitzPairs {
  readonly values: readonly number[];
  readonly vectors: readonly Float64Array[];
  /** C v − θ v, orthogonal to the subspace. */
  readonly residuals: readonly Float64Array[];
  /** weights[k][i]: how much of basis[i] is in vectors[k]. */
  readonly weights: readonly Float64Array[];
}

const DEPENDENT = 1e-9; // a vector that loses this much to the others points nowhere new

/** Rayleigh–Ritz: the `count` leading eigenpairs of C within the subspace, fewer when it is smaller. */
export function ritzPairs({basis, images}: Subspace, count: number): RitzPairs {
  const n = basis.length;
  const T = SmallMatrix.zeros(n, n);
  const products = basis.map((vector) => inners(images, vector));
  for (let i = 0; i < n; ++i) for (let j = 0; j < n; ++j) T.set(i, j, (products[i][j] + products[j][i]) / 2);
  const evd = new EVD(T, {assumeSymmetric: true});
  const leading = evd.realEigenvalues
    .map((_, i) => i)
    .sort((a, b) => evd.realEigenvalues[b] - evd.realEigenvalues[a])
    .slice(0, count);
  const values = leading.map((i) => evd.realEigenvalues[i]);
  const weights = leading.map((i) => Float64Array.from(evd.eigenvectorMatrix.getColumn(i)));
  const vectors = weights.map((w) => combination(basis, w));
  const residuals = weights.map((w, k) => {
    const image = combination(images, w);
    for (let j = 0; j < image.length; ++j) image[j] -= values[k] * vectors[k][j];
    return image;
  });
  return {values, vectors, residuals, weights};
}

/** The vectors made orthonormal to each other and to `against`; those that point nowhere new are left out. */
export function orthonormalised(vectors: readonly Float64Array[], against: readonly Float64Array[]): Float64Array[] {
  const made: Float64Array[] = [];
  for (const vector of vectors) {
    const fresh = vector.slice(); // the caller may still need the vector
    const first = Math.sqrt(inner(fresh, fresh));
    let [before, after] = [first, 0];
    for (let isOblique = first > 0; isOblique; before = after) {
      const others = [...against, ...made];
      addCombination(
        fresh,
        others,
        inners(others, fresh).map((x) => -x)
      );
      after = Math.sqrt(inner(fresh, fresh));
      isOblique = after < 0.5 * before && after > DEPENDENT * first; // what is left of a vector that lost much is not orthogonal yet (Daniel et al. 1976)
    }
    if (after > DEPENDENT * first) made.push(fresh.map((x) => x / after));
  }
  return made;
}

/** The subspace of the leading Ritz vectors only, images included: a restart that forgets nothing of them. */
export function restarted({images}: Subspace, {vectors, weights}: RitzPairs): Subspace {
  return {basis: vectors, images: weights.map((w) => combination(images, w))};
}

/** Σ wᵢ xᵢ. */
export function combination(vectors: readonly Float64Array[], weights: Float64Array): Float64Array {
  const sum = new Float64Array(vectors[0].length);
  addCombination(sum, vectors, weights);
  return sum;
}

/** xᵀy. */
export const inner = (x: Float64Array, y: Float64Array): number => inners([x], y)[0];

/** xᵢᵀy for every xᵢ. Four at a time, so that four sums wait for each other's additions and y is read once for all of them. */
export function inners(vectors: readonly Float64Array[], y: Float64Array): Float64Array {
  const sums = new Float64Array(vectors.length);
  let i = 0;
  for (; i + 4 <= vectors.length; i += 4) {
    const [a, b, c, d] = [vectors[i], vectors[i + 1], vectors[i + 2], vectors[i + 3]];
    let [p, q, r, s] = [0, 0, 0, 0];
    for (let j = 0; j < y.length; ++j) {
      const value = y[j];
      p += a[j] * value;
      q += b[j] * value;
      r += c[j] * value;
      s += d[j] * value;
    }
    sums.set([p, q, r, s], i);
  }
  for (; i < vectors.length; ++i) {
    const x = vectors[i];
    let sum = 0;
    for (let j = 0; j < y.length; ++j) sum += x[j] * y[j];
    sums[i] = sum;
  }
  return sums;
}

/** sum ← sum + Σ wᵢ xᵢ, four vectors at a time, so that the sum is read and written once for all of them. */
export function addCombination<Vector extends Float32Array | Float64Array>(
  sum: Vector,
  vectors: readonly Vector[],
  weights: Float64Array
): void {
  let i = 0;
  for (; i + 4 <= vectors.length; i += 4) {
    const [a, b, c, d] = [vectors[i], vectors[i + 1], vectors[i + 2], vectors[i + 3]];
    const [p, q, r, s] = weights.subarray(i, i + 4);
    for (let j = 0; j < sum.length; ++j) sum[j] += p * a[j] + q * b[j] + (r * c[j] + s * d[j]);
  }
  for (; i < vectors.length; ++i) {
    const [x, w] = [vectors[i], weights[i]];
    for (let j = 0; j < sum.length; ++j) sum[j] += w * x[j];
  }
}
