import {EigenvalueDecomposition, Matrix} from "ml-matrix";
import {Refusal} from "../trace/refusal.ts";

/** A linear map of vectors of one length. */
export type Operator = (vector: Float64Array) => Promise<Float64Array>;

/** Eigenvalues as [re, im], the largest modulus first, with the residual ‖Au − λu‖ of each for its unit eigenvector u. */
export interface Spectrum {
  readonly eigenvalues: readonly (readonly [number, number])[];
  readonly residuals: readonly number[];
}

interface ArnoldiOptions {
  /** Source of uniform numbers for the start vector; required, so that a result can be made twice. */
  readonly random: () => number;
  /** How many eigenvalues; defaults to 8, at most the size. */
  readonly count?: number;
  /** Largest residual, relative to the largest eigenvalue, at which the basis stops to grow; defaults to 1e-6. */
  readonly tolerance?: number;
  /** Most vectors in the basis, and so most applications of the operator; defaults to 200. */
  readonly maxBasis?: number;
}

const CHECK_EVERY = 4; // basis vectors between two looks at the eigenvalues
const BREAKDOWN = 1e-12; // a remainder this small beside the operator's own size is rounding: the basis spans an invariant space

/**
 * Leading eigenvalues of an operator on vectors of `size` numbers, by Arnoldi's iteration: an orthonormal basis of the
 * Krylov space is grown until the eigenvalues of the operator's projection on it have settled (Saad 2011, ch. 6).
 */
export async function leadingEigenvalues(
  apply: Operator,
  size: number,
  {random, count = 8, tolerance = 1e-6, maxBasis = 200}: ArnoldiOptions
): Promise<Spectrum> {
  if (!(count >= 1)) throw new Refusal(`invalid count: ${count}; expected 1 or more`);
  const wanted = Math.min(count, size);
  const limit = Math.min(size, Math.max(maxBasis, wanted + 2));
  const basis: Float64Array[] = [randomUnit(size, random, [])];
  const columns: Float64Array[] = []; // column j of the Hessenberg matrix, entries 0 to j + 1
  let largest = 0;
  for (let j = 0; j < limit; ++j) {
    const image = await apply(basis[j]);
    const column = new Float64Array(j + 2);
    largest = Math.max(largest, norm(image));
    if (!Number.isFinite(largest))
      throw new Refusal("invalid operator: its image is not finite; the model overflows here", {kind: "unusable"});
    for (let pass = 0; pass < 2; ++pass) {
      // twice is enough: one pass loses orthogonality to rounding
      for (let i = 0; i <= j; ++i) {
        const overlap = dot(basis[i], image);
        column[i] += overlap;
        addScaled(image, basis[i], -overlap);
      }
    }
    const rest = norm(image);
    const closed = rest <= BREAKDOWN * largest;
    column[j + 1] = closed ? 0 : rest;
    columns.push(column);
    if (j + 1 === limit) break;
    basis.push(closed ? randomUnit(size, random, basis) : image.map((x) => x / rest));
    const looks = (j + 1 - wanted) % CHECK_EVERY === 0 && j + 1 >= wanted + 2;
    if (looks && settled(ritzPairs(columns), wanted, tolerance)) break;
  }
  const pairs = ritzPairs(columns).slice(0, wanted);
  const residuals: number[] = [];
  for (const pair of pairs) residuals.push(await residualOf(apply, basis, pair));
  return {eigenvalues: pairs.map(({re, im}) => [re, im]), residuals};
}

/** An eigenvalue of the projected operator, its unit eigenvector in the basis, and what the iteration says of its residual. */
interface RitzPair {
  readonly re: number;
  readonly im: number;
  readonly real: readonly number[];
  readonly imaginary: readonly number[];
  readonly estimate: number;
}

function ritzPairs(columns: readonly Float64Array[]): RitzPair[] {
  const m = columns.length;
  const hessenberg = Matrix.zeros(m, m);
  for (let j = 0; j < m; ++j) for (let i = 0; i < Math.min(j + 2, m); ++i) hessenberg.set(i, j, columns[j][i]);
  const {realEigenvalues, imaginaryEigenvalues, eigenvectorMatrix} = new EigenvalueDecomposition(hessenberg, {assumeSymmetric: false});
  const next = columns[m - 1][m];
  return realEigenvalues
    .map((re, j): RitzPair => {
      const im = imaginaryEigenvalues[j];
      // A complex pair's eigenvector is column j ± i · column j + 1, j being the place of the one with positive part.
      const first = im < 0 ? j - 1 : j;
      const real = eigenvectorMatrix.getColumn(first);
      const imaginary = im === 0 ? new Array<number>(m).fill(0) : eigenvectorMatrix.getColumn(first + 1).map((x) => Math.sign(im) * x);
      const length = Math.hypot(...real, ...imaginary) || 1;
      return {
        re,
        im,
        real: real.map((x) => x / length),
        imaginary: imaginary.map((x) => x / length),
        estimate: (next * Math.hypot(real[m - 1], imaginary[m - 1])) / length
      };
    })
    .sort((a, b) => Math.hypot(b.re, b.im) - Math.hypot(a.re, a.im) || b.im - a.im);
}

function settled(pairs: readonly RitzPair[], wanted: number, tolerance: number): boolean {
  const scale = Math.hypot(pairs[0].re, pairs[0].im);
  return pairs.slice(0, wanted).every(({estimate}) => estimate <= tolerance * scale);
}

/** ‖Au − λu‖ computed with the operator itself, so that it holds whatever the iteration has lost to rounding. */
async function residualOf(apply: Operator, basis: readonly Float64Array[], {re, im, real, imaginary}: RitzPair): Promise<number> {
  const x = combination(basis, real);
  const Ax = await apply(x);
  if (im === 0) return norm(Ax.map((value, i) => value - re * x[i])) / norm(x);
  const y = combination(basis, imaginary);
  const Ay = await apply(y);
  const realPart = Ax.map((value, i) => value - re * x[i] + im * y[i]);
  const imaginaryPart = Ay.map((value, i) => value - re * y[i] - im * x[i]);
  return Math.hypot(norm(realPart), norm(imaginaryPart)) / Math.hypot(norm(x), norm(y));
}

function combination(basis: readonly Float64Array[], weights: readonly number[]): Float64Array {
  const sum = new Float64Array(basis[0].length);
  weights.forEach((weight, j) => addScaled(sum, basis[j], weight));
  return sum;
}

/** A random unit vector orthogonal to the basis. */
function randomUnit(size: number, random: () => number, basis: readonly Float64Array[]): Float64Array {
  const vector = Float64Array.from({length: size}, () => random() - 0.5);
  for (let pass = 0; pass < 2; ++pass) for (const other of basis) addScaled(vector, other, -dot(other, vector));
  const length = norm(vector);
  return vector.map((x) => x / length);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; ++i) sum += a[i] * b[i];
  return sum;
}

const norm = (a: Float64Array): number => Math.sqrt(dot(a, a));

function addScaled(target: Float64Array, vector: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; ++i) target[i] += factor * vector[i];
}
