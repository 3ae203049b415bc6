import {blockProduct} from "./blas.ts";
import {inner} from "./krylov.ts";
import {blocksOf, type Block, type RowSource} from "./rowSource.ts";
import {NotFiniteError} from "./finiteRows.ts";

/** What is known of the rows before a pass. */
export interface Centre {
  /** The mean, or a point near it when it is not known yet. */
  readonly point: Float64Array;
  /** Whether it is the mean itself; otherwise this pass finds it, and the trace. */
  readonly isMean: boolean;
  /** Whether the mean is so far from zero that it must be subtracted before float32 products are made. */
  readonly isFar: boolean;
}

interface PassOptions {
  readonly centre: Centre;
  /** Keep the scores of all rows along the directions, rows numbers for each; defaults to false. */
  readonly scores?: boolean;
  /** All rows once, in any order; defaults to the source's, in order. */
  readonly blocks?: AsyncIterable<Block>;
  /** Told the share of the rows that is done. */
  readonly progress?: (share: number) => void;
  readonly signal?: AbortSignal;
}

/** C = Σ (x − mean)(x − mean)ᵀ over all rows x, applied to some directions. */
interface Pass {
  /** C q for every direction q. */
  readonly images: readonly Float64Array[];
  readonly mean: Float64Array;
  /** Trace of C, when this pass was the one to find it. */
  readonly trace: number | undefined;
  readonly scores: readonly Float32Array[];
}

const FLOAT_ROWS = 2048; // summed in float32 before they are added up in double

/**
 * Applies the covariance, times rows, to a block of directions by reading every row once. Products in float32, and the sums of them in double:
 * what is not finite of finite rows has overflown there.
 */
export async function covariancePass(
  source: RowSource,
  directions: readonly Float64Array[],
  {centre, scores: keepScores = false, blocks, progress, signal}: PassOptions
): Promise<Pass> {
  const {rows, cols} = source;
  const k = directions.length;
  const point = Float32Array.from(centre.point);
  const product = await blockProduct(interleaved(directions), {centre: point, subtract: centre.isFar, sums: !centre.isMean});
  const images = directions.map(() => new Float64Array(cols));
  const columnSums = new Float64Array(cols);
  const scoreSums = new Float64Array(k);
  const scores = Array.from({length: keepScores ? k : 0}, () => new Float32Array(rows));
  let squares = 0;
  let done = 0;
  let pending = 0; // rows whose images are still in float32
  const takeImages = () => {
    const W = product.takeImages();
    for (let i = 0; i < k; ++i) for (let j = 0, at = i * cols, sum = images[i]; j < cols; ++j, ++at) sum[j] += W[at];
    if (!centre.isMean) for (let j = 0, at = k * cols; j < cols; ++j, ++at) columnSums[j] += W[at];
    pending = 0;
  };
  for await (const {start, count, data} of blocks ?? blocksOf(source, {signal})) {
    const {scores: Y, sumOfSquares} = await product.add(data);
    squares += sumOfSquares;
    for (let i = 0; i < k; ++i) {
      for (let r = 0, at = i; r < count; ++r, at += k) scoreSums[i] += Y[at];
      if (keepScores) for (let r = 0, at = i, own = scores[i]; r < count; ++r, at += k) own[start + r] = Y[at];
    }
    if (!scoreSums.every(Number.isFinite) && !data.subarray(0, count * cols).every(Number.isFinite))
      throw new NotFiniteError(`invalid rows ${start} to ${start + count - 1}: not all finite; expected finite numbers`);
    pending += count;
    if (pending >= FLOAT_ROWS) takeImages();
    progress?.((done += count) / rows);
  }
  if (pending > 0) takeImages();
  // Sums are about an origin o, scores y about the point: Σ(x − mean)(x − mean)ᵀq = Σ y (x − o) − (mean − o) Σ y.
  const origin = centre.isFar ? point : new Float64Array(cols);
  const mean = centre.isMean ? centre.point : columnSums.map((sum, j) => sum / rows + origin[j]);
  const offset = mean.map((x, j) => x - origin[j]);
  for (let i = 0; i < k; ++i) {
    for (let j = 0; j < cols; ++j) images[i][j] -= offset[j] * scoreSums[i];
    if (keepScores) for (let r = 0; r < rows; ++r) scores[i][r] -= scoreSums[i] / rows;
  }
  return {images, mean, trace: centre.isMean ? undefined : Math.max(0, squares - rows * inner(offset, offset)), scores};
}

/** Whether the products were beyond float32. */
export const hasOverflown = ({images, trace = 0}: Pass): boolean =>
  !Number.isFinite(trace) || !images.every((image) => image.every(Number.isFinite));

/** The vectors as the columns of a row-major cols × k matrix. */
function interleaved(vectors: readonly Float64Array[]): Float32Array {
  const k = vectors.length;
  const columns = new Float32Array(k * vectors[0].length);
  for (let i = 0; i < k; ++i) for (let j = 0; j < vectors[i].length; ++j) columns[j * k + i] = vectors[i][j];
  return columns;
}
