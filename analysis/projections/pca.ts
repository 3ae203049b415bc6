import {EVD, Matrix as SmallMatrix} from "ml-matrix";
import {dot, matrixOf, rowOf, type Matrix} from "../matrix.ts";

/** A principal component basis. Axes beyond the rank of the data are rows of zeros with variance 0. */
export interface Pca {
  /** Mean of the fitted rows, [cols]. */
  readonly mean: Float32Array;
  /** components × cols; unit rows, largest variance first; the largest entry of each, by absolute value, is positive. */
  readonly axes: Matrix;
  /** Variance along each axis, denominator rows − 1; 0 for a single row. */
  readonly variances: readonly number[];
  /** Share of the total variance along each axis, 0 to 1; all 0 when the rows are equal. */
  readonly explained: readonly number[];
  /** Sum of the variances of all columns. */
  readonly totalVariance: number;
  /** How many rows the basis was fitted on. */
  readonly fittedOn: number;
}

export interface PcaOptions {
  /** How many axes, 1 to the number of columns; defaults to 2. */
  readonly components?: number;
}

/** Axes with less than this share of the total variance are rows of zeros. */
export const RANK_TOLERANCE = 1e-12; // squared rounding errors of float32 input
const EQUAL_TOLERANCE = 1e-24; // below this share of Σ‖x‖² what is left after centring is rounding of the mean, and the rows are equal

/**
 * Exact PCA, in double precision: the Gram form XXᵀ when there are fewer rows than columns, the covariance form XᵀX otherwise.
 * Throws a RangeError for no rows, for components outside 1 to cols, and for numbers that are not finite.
 */
export function fitPca(X: Matrix, {components = 2}: PcaOptions = {}): Pca {
  checkComponents(X.rows, X.cols, components);
  const mean = meanOf(X);
  const centred = centredOf(X, mean);
  const {rows, cols} = X;
  const wide = rows < cols;
  const products = wide ? rowProducts(centred, rows, cols) : columnProducts(centred, rows, cols);
  const spread = products.trace() > EQUAL_TOLERANCE * dot(X.data, X.data) ? products.trace() : 0;
  const {values, vectors} = eigenpairsOf(products, Math.min(components, products.rows));
  const axes = new Float32Array(components * cols);
  const denominator = Math.max(1, rows - 1);
  const variances = new Array<number>(components).fill(0);
  for (let k = 0; k < values.length; ++k) {
    if (!(spread > 0 && values[k] > RANK_TOLERANCE * spread)) break;
    // An eigenvector u of XXᵀ becomes the axis Xᵀu.
    const axis = wide ? combine(centred, vectors[k], rows, cols) : vectors[k];
    axes.set(unit(axis), k * cols);
    variances[k] = values[k] / denominator;
  }
  const totalVariance = spread / denominator;
  return {
    mean: Float32Array.from(mean),
    axes: matrixOf(components, cols, axes),
    variances,
    explained: variances.map((v) => (totalVariance > 0 ? v / totalVariance : 0)),
    totalVariance,
    fittedOn: rows,
  };
}

/** Scores of rows in a basis: (X − mean) · axesᵀ, rows × components. Throws a RangeError when the widths differ. */
export function transform({mean, axes}: Pca, X: Matrix): Matrix {
  if (X.cols !== axes.cols) throw new RangeError(`invalid row width: ${X.cols}; the basis has ${axes.cols} columns`);
  const scores = new Float32Array(X.rows * axes.rows);
  const centred = new Float32Array(X.cols);
  for (let i = 0; i < X.rows; ++i) {
    const row = rowOf(X, i);
    for (let j = 0; j < row.length; ++j) centred[j] = row[j] - mean[j];
    for (let k = 0; k < axes.rows; ++k) scores[i * axes.rows + k] = dot(centred, rowOf(axes, k));
  }
  return matrixOf(X.rows, axes.rows, scores);
}

/** Refuses shapes that PCA has no answer for. */
export function checkComponents(rows: number, cols: number, components: number): void {
  if (!(rows >= 1 && cols >= 1)) throw new RangeError(`invalid matrix: ${rows} × ${cols}; expected at least one row and one column`);
  if (!(Number.isInteger(components) && components >= 1 && components <= cols))
    throw new RangeError(`invalid components: ${components}; expected 1 to ${cols}, the number of columns`);
}

/** 1 or −1. The sign of an axis is arbitrary, so fix it: times this, the largest entry is positive, and two runs draw the same picture. */
export function signOf(axis: Float64Array): number {
  let largest = 0;
  for (let j = 1; j < axis.length; ++j) if (Math.abs(axis[j]) > Math.abs(axis[largest])) largest = j;
  return axis[largest] < 0 ? -1 : 1;
}

function meanOf(X: Matrix): Float64Array {
  const mean = new Float64Array(X.cols);
  for (let i = 0; i < X.rows; ++i) {
    const row = rowOf(X, i);
    let check = 0;
    for (let j = 0; j < row.length; ++j) {
      mean[j] += row[j];
      check += row[j] * 0; // 0 for finite numbers, NaN otherwise
    }
    if (check !== 0) throw new RangeError(`invalid row ${i}: ${row.find((x) => !Number.isFinite(x))}; expected finite numbers`);
  }
  for (let j = 0; j < mean.length; ++j) mean[j] /= X.rows;
  return mean;
}

function centredOf(X: Matrix, mean: Float64Array): Float64Array {
  const centred = new Float64Array(X.data.length);
  for (let i = 0, at = 0; i < X.rows; ++i) for (let j = 0; j < X.cols; ++j, ++at) centred[at] = X.data[at] - mean[j];
  return centred;
}

function rowProducts(data: Float64Array, rows: number, cols: number): SmallMatrix {
  const G = SmallMatrix.zeros(rows, rows);
  for (let i = 0; i < rows; ++i) {
    for (let j = 0; j <= i; ++j) {
      let sum = 0;
      for (let a = i * cols, b = j * cols, end = a + cols; a < end; ++a, ++b) sum += data[a] * data[b];
      G.set(i, j, sum);
      G.set(j, i, sum);
    }
  }
  return G;
}

function columnProducts(data: Float64Array, rows: number, cols: number): SmallMatrix {
  const sums = new Float64Array(cols * cols);
  for (let r = 0; r < rows; ++r) {
    const row = data.subarray(r * cols, (r + 1) * cols);
    for (let i = 0; i < cols; ++i) {
      const x = row[i];
      for (let j = 0, at = i * cols; j <= i; ++j, ++at) sums[at] += x * row[j];
    }
  }
  const C = SmallMatrix.zeros(cols, cols);
  for (let i = 0; i < cols; ++i) {
    for (let j = 0; j <= i; ++j) {
      C.set(i, j, sums[i * cols + j]);
      C.set(j, i, sums[i * cols + j]);
    }
  }
  return C;
}

/** The leading eigenpairs of a symmetric matrix, largest first. */
function eigenpairsOf(S: SmallMatrix, count: number): {values: number[]; vectors: Float64Array[]} {
  const evd = new EVD(S, {assumeSymmetric: true});
  const order = evd.realEigenvalues.map((_, i) => i).sort((a, b) => evd.realEigenvalues[b] - evd.realEigenvalues[a]);
  const leading = order.slice(0, count);
  return {
    values: leading.map((i) => evd.realEigenvalues[i]),
    vectors: leading.map((i) => Float64Array.from(evd.eigenvectorMatrix.getColumn(i))),
  };
}

function combine(data: Float64Array, weights: Float64Array, rows: number, cols: number): Float64Array {
  const sum = new Float64Array(cols);
  for (let i = 0, at = 0; i < rows; ++i) for (let j = 0; j < cols; ++j, ++at) sum[j] += weights[i] * data[at];
  return sum;
}

/** An axis of length 1 with its sign fixed. */
function unit(axis: Float64Array): Float64Array {
  let sum = 0;
  for (const x of axis) sum += x * x;
  const scale = signOf(axis) / Math.sqrt(sum);
  return axis.map((x) => scale * x);
}
