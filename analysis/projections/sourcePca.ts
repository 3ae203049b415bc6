import {randomNormal} from "d3-random";
import {matrixOf, type Matrix} from "../matrix.ts";
import type {Random} from "../random.ts";
import {covariancePass, hasOverflown, type Centre} from "./covariancePass.ts";
import {addCombination, combination, inner, orthonormalised, restarted, ritzPairs, type RitzPairs, type Subspace} from "./krylov.ts";
import {checkComponents, RANK_TOLERANCE, signOf, type Pca, type PcaOptions} from "./pca.ts";
import {refinedPairs, type RefinedPairs} from "./refinedPairs.ts";
import {matrixSource, scaledSource, type Block, type RowSource} from "./rowSource.ts";
import {transformSource} from "./transformSource.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

interface SourcePcaOptions extends PcaOptions {
  /** Source of the first guess; the same seed gives the same bytes. */
  readonly random: Random;
  /** Stop once no axis is estimated to be further off than this angle in radians; defaults to 1e-4. */
  readonly tolerance?: number;
  /** How often the source is read at most, a small sample apart; defaults to `mostPasses`. */
  readonly maxPasses?: number;
  /** Further directions that are carried along at least; more of them need fewer passes, each of which takes longer. Defaults to 20. */
  readonly oversampling?: number;
  /** Also give the scores of all rows: without another pass where what that keeps of the passes fits into 640 MiB. Defaults to false. */
  readonly scores?: boolean;
  /** All rows once, in any order, for the first pass: who reads them for something else has them read once for both. Defaults to the source's own. */
  readonly firstRead?: AsyncIterable<Block>;
  /** Told the pass, from 1, and the share of it that is done. */
  readonly progress?: (pass: number, share: number) => void;
  /** Stops between two blocks, with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** A basis fitted by reading the rows a few times, with what is known about its error; the rounding of float32 products, some 1e-7 of the largest variance, comes on top. */
export interface SourcePca extends Pca {
  readonly passes: number;
  /** Bound on the relative error of each variance, from the part of the total variance that the basis has not seen. */
  readonly varianceErrors: readonly number[];
  /**
   * Estimated angle of each axis to the exact one, radians, at most 1: what lies outside of the directions that were tried, as far as the
   * largest variance still unseen can turn it. 1 where two variances are equal, since then any axis in their plane is as good.
   */
  readonly axisErrors: readonly number[];
  /** rows × components, when asked for: exact along the directions that were tried, so that they are off by at most the axis's angle. */
  readonly scores?: Matrix;
}

const MOST_PASSES = 6;
const REREAD_BYTES = 2 ** 31; // what is larger is read from the disk each time, for minutes; its sample's axes, bettered by one pass, are some hundredths of a radian off at most
/** How often a source is read at most, but where something else is asked for: once where it is larger than 2 GiB. */
export const mostPasses = ({rows, cols}: Pick<RowSource, "rows" | "cols">): number => (4 * rows * cols > REREAD_BYTES ? 1 : MOST_PASSES);

const KERNEL_COLUMNS = 16; // matrix products take as long for fewer columns as for this many
const SAMPLE_ROWS = 4096; // the first guess comes from these, so that the first pass already starts close
const SAMPLE_PIECES = 128;
const SCORES_BYTES = 640 * 2 ** 20; // kept of the passes, along all directions tried: of five million rows where there is one pass
/** From so many rows on, the first guess comes from a sample, and one pass already gives good axes. */
export const SAMPLED_ROWS = 2 * SAMPLE_ROWS;
const SAMPLE_PASSES = 3;
const BLOCKS_KEPT = 3; // more of the Krylov space than this is dropped, its best directions excepted
const SHRINKING = 2 ** -84; // of what overflows float32 as it is: 2¹²⁸ at most, so that 2⁴⁰ of its squares do not, and 2⁴⁵ at least, whose do not vanish
const FLOAT_FLOOR = 1e-7; // less than this share of the largest variance is rounding of float32
const FAR = 100; // a squared mean that is this many variances is subtracted before float32 products are made

/**
 * PCA of rows that need not fit in memory: a block Krylov iteration on the covariance (Halko, Martinsson & Tropp 2011; Musco & Musco 2015)
 * from the leading directions of an evenly spaced sample. One pass applies the covariance to a block of directions; Nyström's
 * approximation takes the axes from all that the passes gave, and passes go on until its error is estimated to be small enough.
 * Throws a Refusal for no rows, components outside 1 to cols, and numbers that are not finite. Rows whose products overflow float32, as those of
 * a loop on its way to Infinity, are read again, made smaller.
 */
export async function fitPcaSource(source: RowSource, options: SourcePcaOptions): Promise<SourcePca> {
  try {
    return await fittedPca(source, options);
  } catch (error) {
    if (!(error instanceof OverflowError)) throw error;
    return enlarged(await fittedPca(scaledSource(source, SHRINKING), {...options, firstRead: undefined}), 1 / SHRINKING);
  }
}

/** Products of finite rows that are beyond float32, told once all rows have been read. */
class OverflowError extends Refusal {}

function enlarged({mean, variances, totalVariance, scores, ...pca}: SourcePca, factor: number): SourcePca {
  return {
    ...pca,
    mean: mean.map((x) => factor * x),
    variances: variances.map((variance) => factor ** 2 * variance),
    totalVariance: factor ** 2 * totalVariance,
    scores:
      scores &&
      matrixOf(
        scores.rows,
        scores.cols,
        scores.data.map((score) => factor * score)
      )
  };
}

async function fittedPca(source: RowSource, options: SourcePcaOptions): Promise<SourcePca> {
  const {rows, cols} = source;
  const {components = 2, random, tolerance = 1e-4, maxPasses = mostPasses(source), oversampling = 20, scores = false} = options;
  const {firstRead, progress, signal} = options;
  checkComponents(rows, cols, components);
  if (!(maxPasses >= 1)) throw new Refusal(`invalid maxPasses: ${maxPasses}; expected at least 1`);
  if (!(oversampling >= 0)) throw new Refusal(`invalid oversampling: ${oversampling}; expected at least 0`);
  const width = Math.min(cols, KERNEL_COLUMNS * Math.ceil((components + oversampling) / KERNEL_COLUMNS));
  const inPasses = scores && 4 * rows * width * Math.min(BLOCKS_KEPT, maxPasses) <= SCORES_BYTES;
  const search = {components, width, tolerance, maxPasses, scores: inPasses, firstRead, progress, signal};

  const normal = randomNormal.source(random)();
  const guess = Array.from({length: width}, () => Float64Array.from({length: cols}, () => normal()));
  const first = Float64Array.from((await source.read(0, 1, new Float32Array(cols))).subarray(0, cols));
  const start: Start = {guess, centre: {point: first, isMean: false, isFar: true}};
  const found = await eigenpairsOf(source, {
    ...search,
    ...(rows < SAMPLED_ROWS ? start : await startFrom(await sampleOf(source, signal), start, signal))
  });
  const pca = pcaOf(source, found, components);
  return scores && !inPasses ? {...pca, scores: await transformSource(pca, source, {signal})} : pca;
}

interface Start {
  /** Directions near the leading axes. */
  readonly guess: readonly Float64Array[];
  readonly centre: Centre;
}

/** Some steps of subspace iteration on a sample. */
async function startFrom(sample: Matrix, {guess, centre}: Start, signal?: AbortSignal): Promise<Start> {
  let pass = await covariancePass(matrixSource(sample), orthonormalised(guess, []), {centre, signal});
  if (hasOverflown(pass)) return {guess, centre}; // so will the first pass, which has to read all rows before it may say so
  const trace = pass.trace!; // known once the mean was not
  for (let step = 1; step < SAMPLE_PASSES; ++step) {
    const block = orthonormalised(pass.images, []);
    if (block.length === 0) break; // equal rows
    pass = await covariancePass(matrixSource(sample), block, {centre: {...centre, point: pass.mean, isMean: true}, signal});
  }
  const {mean, images} = pass;
  // Too few directions where the sample's rank is low; the old guess then fills up.
  return {
    guess: orthonormalised([...images, ...guess], []).slice(0, guess.length),
    centre: {point: mean, isMean: false, isFar: sample.rows * inner(mean, mean) > FAR * trace}
  };
}

interface Search extends Start {
  readonly components: number;
  readonly width: number;
  readonly tolerance: number;
  readonly maxPasses: number;
  readonly scores: boolean;
  readonly firstRead?: AsyncIterable<Block>;
  readonly progress?: (pass: number, share: number) => void;
  readonly signal?: AbortSignal;
}

interface Found {
  readonly pairs: RefinedPairs;
  readonly axisErrors: readonly number[];
  readonly mean: Float64Array;
  /** Sum of all eigenvalues. */
  readonly trace: number;
  readonly passes: number;
  /** Scores of all rows along each vector, when asked for. */
  readonly scores: readonly Float32Array[] | undefined;
}

/** The leading eigenpairs of (X − mean)ᵀ(X − mean). */
async function eigenpairsOf(
  source: RowSource,
  {components, width, tolerance, maxPasses, scores, guess, firstRead, progress, signal, ...search}: Search
): Promise<Found> {
  let {centre} = search;
  let trace = 0;
  let subspace: Subspace = {basis: [], images: []};
  let drawn: Float32Array[] = [];
  let block = orthonormalised(guess, []);
  for (let passes = 1; ; ++passes) {
    const directions = block.map(rounded);
    const pass = await covariancePass(source, directions, {
      ...{centre, scores, signal, progress: (share) => progress?.(passes, share)},
      blocks: passes === 1 ? firstRead : undefined
    });
    if (hasOverflown(pass)) throw new OverflowError("invalid rows: their products are beyond float32");
    centre = {...centre, point: pass.mean, isMean: true};
    trace = pass.trace ?? trace;
    subspace = {basis: [...subspace.basis, ...directions], images: [...subspace.images, ...pass.images]};
    drawn = [...drawn, ...pass.scores];
    const ritz = ritzPairs(subspace, subspace.basis.length);
    block = orthonormalised(ritz.residuals.slice(0, width), subspace.basis);
    const pairs = refinedPairs(ritz, block, {count: components, trace});
    const axisErrors = axisErrorsOf(pairs, {dimensions: subspace.basis.length, width});
    if (passes >= maxPasses || block.length === 0 || isConverged(pairs, axisErrors, tolerance))
      return {
        pairs,
        axisErrors,
        mean: pass.mean,
        trace,
        passes,
        scores: drawn.length > 0 ? pairs.weights.map((w) => mixed(drawn, combination(ritz.weights, w))) : undefined
      };
    if (subspace.basis.length >= BLOCKS_KEPT * width) {
      const kept = leadingPairs(ritz, (BLOCKS_KEPT - 1) * width);
      subspace = restarted(subspace, kept);
      drawn = scores ? kept.weights.map((w) => mixed(drawn, w)) : [];
    }
  }
}

const leadingPairs = ({values, vectors, residuals, weights}: RitzPairs, count: number): RitzPairs => ({
  values: values.slice(0, count),
  vectors: vectors.slice(0, count),
  residuals: residuals.slice(0, count),
  weights: weights.slice(0, count)
});

function pcaOf({rows, cols}: RowSource, {pairs, axisErrors, mean, trace, passes, scores: found}: Found, components: number): SourcePca {
  const {values, vectors, outside, rest} = pairs;
  const ceilings = pairs.ceilings();
  const denominator = Math.max(1, rows - 1);
  const axes = new Float32Array(components * cols);
  const variances = new Array<number>(components).fill(0);
  const varianceErrors = new Array<number>(components).fill(0);
  const scores = found && matrixOf(rows, components, new Float32Array(rows * components));
  for (let k = 0; k < values.length; ++k) {
    const value = values[k];
    if (!(value > RANK_TOLERANCE * trace)) break;
    const sign = signOf(vectors[k]);
    for (let j = 0; j < cols; ++j) axes[k * cols + j] = sign * vectors[k][j];
    variances[k] = value / denominator;
    varianceErrors[k] = Math.min(rest * outside[k], ceilings[k] - value) / value; // the residual, and the room below the ceiling
    if (scores) for (let i = 0, own = found[k]; i < rows; ++i) scores.data[i * components + k] = sign * own[i];
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
    scores
  };
}

/**
 * By first-order perturbation: what Nyström's approximation leaves out of C lies outside the subspace, and is taken to be no larger than the
 * eigenvalue after which half a block of its directions is left, since the last block has not been improved upon. It turns an axis towards what was not seen, and towards each other axis.
 */
function axisErrorsOf({values, outside, spectrum, rest}: RefinedPairs, {dimensions, width}: {dimensions: number; width: number}): number[] {
  const unseen = Math.min(rest, Math.max(0, spectrum[Math.max(0, dimensions - Math.ceil(width / 2))]));
  return values.map((value, k) => {
    let squares = (unseen * outside[k]) ** 2 / Math.max(0, value - unseen) ** 2;
    for (const [j, other] of spectrum.entries()) if (j !== k) squares += ((unseen * outside[j] * outside[k]) / (value - other)) ** 2;
    return Number.isNaN(squares) ? 1 : Math.min(1, Math.sqrt(squares)); // 0 / 0: equal variances
  });
}

const isConverged = ({values, outside, rest}: RefinedPairs, axisErrors: readonly number[], tolerance: number): boolean =>
  axisErrors.every((error, k) => error <= tolerance || rest * outside[k] <= FLOAT_FLOOR * values[0]);

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
  addCombination(sum, drawn, weights);
  return sum;
}

// The products see float32, so that the basis must be what they see.
const rounded = (vector: Float64Array): Float64Array => vector.map(Math.fround);
