import {dot, matrixOf, rowOf, type Matrix} from "../matrix.ts";
import {leadingEigenpairs} from "./eigenpairs.ts";
import {NotFiniteError} from "./finiteRows.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

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
const EXACT_SIZE = 1024; // some seconds; beyond, the float32 products of fitPcaSource are a hundred times faster
const EQUAL_TOLERANCE = 1e-24; // below this share of Σ‖x‖² what is left after centring is rounding of the mean, and the rows are equal

/**
 * Exact PCA, in double precision: the Gram form XXᵀ when there are fewer rows than columns, the covariance form XᵀX otherwise.
 * Throws a Refusal for no rows, for components outside 1 to cols, for numbers that are not finite, and when both
 * sides are longer than 1024: `fitPcaSource` does those.
 */
export function fitPca(X: Matrix, {components = 2}: PcaOptions = {}): Pca {
  checkComponents(X.rows, X.cols, components);
  const {rows, cols} = X;
  const size = Math.min(rows, cols);
  if (size > EXACT_SIZE)
    throw new Refusal(`invalid matrix: ${rows} × ${cols}; exact PCA takes up to ${EXACT_SIZE} rows or columns, fitPcaSource takes more`);
  const mean = meanOf(X);
  const centred = centredOf(X, mean);
  const wide = rows < cols;
  const products = wide ? rowProducts(centred, rows, cols) : columnProducts(centred, rows, cols);
  const trace = diagonalSum(products, size);
  const spread = trace > EQUAL_TOLERANCE * dot(X.data, X.data) ? trace : 0;
  const {values, vectors} = leadingEigenpairs(products, Math.min(components, size));
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
    fittedOn: rows
  };
}

/** Scores of rows in a basis: (X − mean) · axesᵀ, rows × components. Throws a Refusal when the widths differ. */
export function transform({mean, axes}: Pca, X: Matrix): Matrix {
  if (X.cols !== axes.cols) throw new Refusal(`invalid row width: ${X.cols}; the basis has ${axes.cols} columns`);
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
  if (!(rows >= 1 && cols >= 1)) throw new Refusal(`invalid matrix: ${rows} × ${cols}; expected at least one row and one column`);
  if (!(Number.isInteger(components) && components >= 1 && components <= cols))
    throw new Refusal(`invalid components: ${components}; expected 1 to ${cols}, the number of columns`);
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
    if (check !== 0) throw new NotFiniteError(`invalid row ${i}: ${row.find((x) => !Number.isFinite(x))}; expected finite numbers`);
  }
  for (let j = 0; j < mean.length; ++j) mean[j] /= X.rows;
  return mean;
}

function centredOf(X: Matrix, mean: Float64Array): Float64Array {
  const centred = new Float64Array(X.data.length);
  for (let i = 0, at = 0; i < X.rows; ++i) for (let j = 0; j < X.cols; ++j, ++at) centred[at] = X.data[at] - mean[j];
  return centred;
}

/** XXᵀ, rows × rows. Four rows at a time, since each row read from memory then serves four products. */
function rowProducts(data: Float64Array, rows: number, cols: number): Float64Array {
  const products = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i += 4) {
    const [a, b, c, d] = [0, 1, 2, 3].map((k) => data.subarray(Math.min(i + k, rows - 1) * cols, (Math.min(i + k, rows - 1) + 1) * cols));
    for (let j = 0; j < Math.min(i + 4, rows); ++j) {
      const row = data.subarray(j * cols, (j + 1) * cols);
      let [ab, bb, cb, db] = [0, 0, 0, 0];
      for (let at = 0; at < cols; ++at) {
        const x = row[at];
        ab += a[at] * x;
        bb += b[at] * x;
        cb += c[at] * x;
        db += d[at] * x;
      }
      for (const [k, sum] of [ab, bb, cb, db].entries()) {
        if (i + k >= rows) break;
        products[(i + k) * rows + j] = sum;
        products[j * rows + i + k] = sum;
      }
    }
  }
  return products;
}

/** XᵀX, cols × cols. */
function columnProducts(data: Float64Array, rows: number, cols: number): Float64Array {
  const products = new Float64Array(cols * cols);
  for (let r = 0; r < rows; ++r) {
    const row = data.subarray(r * cols, (r + 1) * cols);
    for (let i = 0; i < cols; ++i) for (let j = 0, x = row[i], at = i * cols; j <= i; ++j, ++at) products[at] += x * row[j];
  }
  for (let i = 0; i < cols; ++i) for (let j = 0; j < i; ++j) products[j * cols + i] = products[i * cols + j];
  return products;
}

function diagonalSum(S: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; ++i) sum += S[i * n + i];
  return sum;
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
