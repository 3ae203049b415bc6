import {matrixOf, type Matrix} from "../matrix.ts";
import {blockScores} from "./blas.ts";
import type {Pca} from "./pca.ts";
import {blocksOf, type RowSource} from "./rowSource.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

/** Scores of rows that need not fit in memory, rows × components, by one pass in float32. Throws a Refusal when the widths differ. */
export async function transformSource(
  {mean, axes}: Pca,
  source: RowSource,
  {signal}: {readonly signal?: AbortSignal} = {}
): Promise<Matrix> {
  if (source.cols !== axes.cols) throw new Refusal(`invalid row width: ${source.cols}; the basis has ${axes.cols} columns`);
  const scores = matrixOf(source.rows, axes.rows, new Float32Array(source.rows * axes.rows));
  const scoresOf = await blockScores(axes.data, mean);
  for await (const {start, data} of blocksOf(source, {signal})) scores.data.set(await scoresOf(data), start * axes.rows);
  return scores;
}
