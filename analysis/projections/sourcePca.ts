import {randomNormal} from "d3-random";
import {matrixOf, type Matrix} from "../matrix.ts";
import type {Random} from "../random.ts";
import {blockProduct} from "./blas.ts";
import {inner, orthonormalised, restarted, ritzPairs, type RitzPairs, type Subspace} from "./krylov.ts";
import {checkComponents, RANK_TOLERANCE, signOf, type Pca, type PcaOptions} from "./pca.ts";
import {blocksOf, matrixSource, type RowSource} from "./rowSource.ts";

export interface SourcePcaOptions extends PcaOptions {
  /** Source of the first guess; the same seed gives the same bytes. */
  readonly random: Random;
  /** Stop once no axis is estimated to be further off than this angle in radians; defaults to 1e-4. */
  readonly tolerance?: number;
  /** How often the source is read at most, a small sample apart; defaults to 6. */
  readonly maxPasses?: number;
  /** Also give the scores of all rows, without another pass, for rows × 3 (components + 17) numbers of memory at most; defaults to false. */
  readonly scores?: boolean;
  /** Told the pass, from 1, and the share of it that is done. */
  readonly progress?: (pass: number, share: number) => void;
  /** Stops between two blocks, with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** A basis fitted by reading the rows a few times, with what is known about its error. */
export interface SourcePca extends Pca {
  readonly passes: number;
  /** Bound on the relative error of each variance: ‖Cv − θv‖ / θ, the residual of the eigenpair measured over all rows. */
  readonly varianceErrors: readonly number[];
  /**
   * Estimated angle of each axis to the exact one, radians, at most 1: the residual over the gap to the nearest other variance
   * (Davis–Kahan). 1 where two variances are equal, since then any axis in their plane is as good.
   */
  readonly axisErrors: readonly number[];
  /** rows × components, when asked for. */
  readonly scores?: Matrix;
}

const OVERSAMPLING = 17; // further directions that are carried along: they make the leading ones converge faster
const FLOAT_FLOOR = 1e-6; // a residual below this share of the largest variance is rounding of float32
const SAMPLE_ROWS = 2048; // the first guess comes from these, so that the first pass already starts close
const SAMPLE_PIECES = 64;
const SAMPLE_PASSES = 4;
const BLOCKS_KEPT = 3; // more of the Krylov space than this is dropped, its best directions excepted

/**
 * PCA of rows that need not fit in memory: a block Krylov iteration on the covariance (Halko, Martinsson & Tropp 2011; Musco & Musco 2015)
 * from the leading directions of an evenly spaced sample. One pass applies the covariance to a block of directions; passes
 * go on until the residuals are small enough, and the residuals are returned. Products in float32, sums over blocks in double.
 * Throws a RangeError for no rows, components outside 1 to cols, and numbers that are not finite.
 */
export async function fitPcaSource(source: RowSource, options: SourcePcaOptions): Promise<SourcePca> {
  const {rows, cols} = source;
  const {components = 2, random, tolerance = 1e-4, maxPasses = 6, scores = false, progress, signal} = options;
  checkComponents(rows, cols, components);
  if (!(maxPasses >= 1)) throw new RangeError(`invalid maxPasses: ${maxPasses}; expected at least 1`);
  const width = Math.min(cols, components + OVERSAMPLING);
  const search = {components, width, tolerance, maxPasses, signal};

  const normal = randomNormal.source(random)();
  let guess: Float64Array[] = Array.from({length: width}, () => Float64Array.from({length: cols}, () => normal()));
  let shift = new Float32Array(cols);
  if (rows > 4 * SAMPLE_ROWS) {
    const sample = await sampleOf(source, signal);
    const {ritz, mean} = await eigenpairsOf(matrixSource(sample), {...search, guess, shift: sample.data.slice(0, cols), scores: false, tolerance: 1e-2, maxPasses: SAMPLE_PASSES});
    guess = [...ritz.vectors];
    shift = Float32Array.from(mean);
  } else {
    shift.set((await source.read(0, 1, new Float32Array(cols))).subarray(0, cols));
  }
  const found = await eigenpairsOf(source, {...search, guess, shift, scores, progress});
  return pcaOf(source, found, components);
}

interface Search {
  readonly components: number;
  readonly width: number;
  readonly tolerance: number;
  readonly maxPasses: number;
  readonly scores: boolean;
  readonly guess: readonly Float64Array[];
  /** A point near the mean. */
  readonly shift: Float32Array;
  readonly progress?: (pass: number, share: number) => void;
  readonly signal?: AbortSignal;
}

interface Found {
  readonly ritz: RitzPairs;
  readonly axisErrors: readonly number[];
  readonly mean: Float64Array;
  /** Sum of all eigenvalues. */
  readonly trace: number;
  readonly passes: number;
  /** Scores of all rows along each vector of the last subspace; empty unless asked for. */
  readonly drawn: readonly Float32Array[];
}

/** The leading eigenpairs of (X − mean)ᵀ(X − mean). */
async function eigenpairsOf(source: RowSource, search: Search): Promise<Found> {
  const {components, width, tolerance, maxPasses, scores, guess} = search;
  let subspace: Subspace = {basis: [], images: []};
  let drawn: Float32Array[] = [];
  let block = orthonormalised(guess, []).map(rounded);
  let found: Found | undefined;
  for (let passes = 1; passes <= maxPasses && block.length > 0; ++passes) {
    const shift: Float32Array = found ? Float32Array.from(found.mean) : search.shift;
    const pass = await passOver(source, block, shift, {...search, passes});
    subspace = {basis: [...subspace.basis, ...block], images: [...subspace.images, ...pass.images]};
    if (scores) drawn = [...drawn, ...pass.scores];
    const full = subspace.basis.length >= BLOCKS_KEPT * width;
    const ritz = ritzPairs(subspace, full ? (BLOCKS_KEPT - 1) * width : width);
    const {mean, trace} = found ?? pass;
    const axisErrors = axisErrorsOf(ritz, components);
    found = {ritz, axisErrors, mean, trace, passes, drawn};
    if (passes === maxPasses || isConverged(found, tolerance, components)) break;
    block = orthonormalised(ritz.residuals.slice(0, width), subspace.basis).map(rounded);
    if (block.length > 0 && full) {
      subspace = restarted(subspace, ritz);
      drawn = ritz.weights.slice(0, drawn.length).map((w) => mixed(drawn, w));
    }
  }
  return found!; // the guess is random, so that its first block is never empty
}

interface Pass {
  readonly images: readonly Float64Array[];
  readonly mean: Float64Array;
  readonly trace: number;
  readonly scores: readonly Float32Array[];
}

/** Applies the covariance (times rows) to a block of directions, by reading every row once. */
async function passOver(source: RowSource, block: readonly Float64Array[], shift: Float32Array, {passes, scores: keepScores, progress, signal}: Search & {passes: number}): Promise<Pass> {
  const {rows, cols} = source;
  const k = block.length;
  const product = await blockProduct(interleaved(block), shift);
  const sums = Array.from({length: k + 1}, () => new Float64Array(cols));
  const scores = Array.from({length: keepScores ? k : 0}, () => new Float32Array(rows));
  let squares = 0;
  for await (const {start, count, data} of blocksOf(source, {signal})) {
    const {scores: Y, images: W, sumOfSquares} = await product(data);
    if (!Number.isFinite(sumOfSquares)) throw new RangeError(`invalid rows ${start} to ${start + count - 1}: not all finite; expected finite numbers`);
    squares += sumOfSquares;
    for (let i = 0, at = 0; i <= k; ++i) for (let j = 0, sum = sums[i]; j < cols; ++j, ++at) sum[j] += W[at];
    for (let i = 0; i < scores.length; ++i) for (let r = 0; r < count; ++r) scores[i][start + r] = Y[r * k + i];
    progress?.(passes, (start + count) / rows);
  }
  // The sums are about the shift m. With d = mean − m: Σ(x − mean)(x − mean)ᵀ = Σ(x − m)(x − m)ᵀ − rows d dᵀ.
  const d = sums[k].map((sum) => sum / rows);
  const images = sums.slice(0, k);
  for (let i = 0; i < k; ++i) {
    const along = inner(d, block[i]);
    for (let j = 0; j < cols; ++j) images[i][j] -= rows * along * d[j];
    if (keepScores) for (let r = 0; r < rows; ++r) scores[i][r] -= along;
  }
  return {images, mean: d.map((x, j) => x + shift[j]), trace: Math.max(0, squares - rows * inner(d, d)), scores};
}

function pcaOf({rows, cols}: RowSource, {ritz, axisErrors, mean, trace, passes, drawn}: Found, components: number): SourcePca {
  const denominator = Math.max(1, rows - 1);
  const axes = new Float32Array(components * cols);
  const variances = new Array<number>(components).fill(0);
  const varianceErrors = new Array<number>(components).fill(0);
  const scores = drawn.length > 0 ? matrixOf(rows, components, new Float32Array(rows * components)) : undefined;
  for (let k = 0; k < Math.min(components, ritz.values.length); ++k) {
    const value = ritz.values[k];
    if (!(value > RANK_TOLERANCE * trace)) break;
    const sign = signOf(ritz.vectors[k]);
    for (let j = 0; j < cols; ++j) axes[k * cols + j] = sign * ritz.vectors[k][j];
    variances[k] = value / denominator;
    varianceErrors[k] = norm(ritz.residuals[k]) / value;
    if (scores) for (const [i, score] of mixed(drawn, ritz.weights[k]).entries()) scores.data[i * components + k] = sign * score;
  }
  return {
    mean: Float32Array.from(mean),
    axes: matrixOf(components, cols, axes),
    variances,
    explained: variances.map((v) => (trace > 0 ? v / (trace / denominator) : 0)),
    totalVariance: trace / denominator,
    fittedOn: rows,
    passes,
    varianceErrors,
    axisErrors: variances.map((v, k) => (v > 0 ? axisErrors[k] : 0)),
    scores,
  };
}

/** Residual over the gap to the nearest other Ritz value, at most 1. */
function axisErrorsOf({values, residuals}: RitzPairs, components: number): number[] {
  return values.slice(0, components).map((value, k) => {
    const gap = Math.min(Math.abs(value - (values[k - 1] ?? Infinity)), Math.abs(value - (values[k + 1] ?? 0)));
    return gap > 0 ? Math.min(1, norm(residuals[k]) / gap) : 1;
  });
}

function isConverged({ritz: {values, residuals}, axisErrors}: Found, tolerance: number, components: number): boolean {
  return axisErrors.slice(0, components).every((error, k) => error <= tolerance || norm(residuals[k]) <= FLOAT_FLOOR * values[0]);
}

/** About `SAMPLE_ROWS` rows in evenly spaced pieces. */
async function sampleOf(source: RowSource, signal?: AbortSignal): Promise<Matrix> {
  const {rows, cols} = source;
  const count = SAMPLE_ROWS / SAMPLE_PIECES;
  const sample = matrixOf(SAMPLE_ROWS, cols, new Float32Array(SAMPLE_ROWS * cols));
  const buffer = new Float32Array(count * cols);
  for (let piece = 0; piece < SAMPLE_PIECES; ++piece) {
    signal?.throwIfAborted();
    const start = Math.floor((piece * (rows - count)) / (SAMPLE_PIECES - 1));
    sample.data.set((await source.read(start, count, buffer)).subarray(0, count * cols), piece * count * cols);
  }
  return sample;
}

/** Scores along a combination of directions, from the scores along each. */
function mixed(drawn: readonly Float32Array[], weights: Float64Array): Float32Array {
  const sum = new Float32Array(drawn[0].length);
  for (let b = 0; b < drawn.length; ++b) for (let i = 0; i < sum.length; ++i) sum[i] += weights[b] * drawn[b][i];
  return sum;
}

/** The vectors as the columns of a row-major cols × k matrix. */
function interleaved(vectors: readonly Float64Array[]): Float32Array {
  const k = vectors.length;
  const columns = new Float32Array(k * vectors[0].length);
  for (let i = 0; i < k; ++i) for (let j = 0; j < vectors[i].length; ++j) columns[j * k + i] = vectors[i][j];
  return columns;
}

// The products see float32, so that the basis must be what they see.
const rounded = (vector: Float64Array): Float64Array => vector.map(Math.fround);

const norm = (x: Float64Array): number => Math.sqrt(inner(x, x));
