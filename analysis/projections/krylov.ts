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
  for (let i = 0; i < n; ++i) {
    for (let j = 0; j <= i; ++j) {
      const value = (inner(basis[i], images[j]) + inner(basis[j], images[i])) / 2;
      T.set(i, j, value);
      T.set(j, i, value);
    }
  }
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
      for (const other of [...against, ...made]) addScaled(fresh, other, -inner(fresh, other));
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
  for (let i = 0; i < vectors.length; ++i) addScaled(sum, vectors[i], weights[i]);
  return sum;
}

/** xᵀy. */
export function inner(x: Float64Array, y: Float64Array): number {
  const whole = x.length - (x.length % 4);
  let [a, b, c, d] = [0, 0, 0, 0]; // four sums, since each addition waits for the one before it
  for (let j = 0; j < whole; j += 4) {
    a += x[j] * y[j];
    b += x[j + 1] * y[j + 1];
    c += x[j + 2] * y[j + 2];
    d += x[j + 3] * y[j + 3];
  }
  for (let j = whole; j < x.length; ++j) a += x[j] * y[j];
  return a + b + (c + d);
}

function addScaled(sum: Float64Array, x: Float64Array, scale: number): void {
  for (let j = 0; j < sum.length; ++j) sum[j] += scale * x[j];
}
