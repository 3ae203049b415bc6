import {rowOf, type Matrix} from "../matrix.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

/** Rows that need not fit in memory: a trace on disk, or a matrix. */
export interface RowSource {
  readonly rows: number;
  readonly cols: number;
  /**
   * Rows `start` to `start + count` (not included) as row-major float32. `into` has room for them and may be filled and
   * returned, so that a long pass allocates nothing; what is returned is only valid until `into` is used again.
   */
  read(start: number, count: number, into: Float32Array): Promise<Float32Array>;
}

/** The rows of a matrix, without a copy. */
export const matrixSource = ({rows, cols, data}: Matrix): RowSource => ({
  rows,
  cols,
  read: async (start, count) => data.subarray(start * cols, (start + count) * cols)
});

/** The rows times a factor, which rounds nothing where it is a power of two. */
export const scaledSource = (source: RowSource, factor: number): RowSource => ({
  ...source,
  async read(start, count, into) {
    const data = await source.read(start, count, into);
    for (let at = 0; at < count * source.cols; ++at) into[at] = factor * data[at];
    return into.subarray(0, count * source.cols);
  }
});

/** Some rows that follow one another. */
export interface Block {
  readonly start: number;
  readonly count: number;
  /** Valid until the next block is asked for. */
  readonly data: Float32Array;
}

interface BlockOptions {
  readonly blockRows?: number;
  /** Stops between two blocks, with the signal's reason. */
  readonly signal?: AbortSignal;
}

const BLOCK_BYTES = 8 << 20; // two of them stay in the last-level cache between reading and the products, and long enough for threads and disk

/** How many rows make a block of the size that passes work with. */
export const blockRowsOf = (cols: number): number => Math.max(1, Math.floor(BLOCK_BYTES / (4 * cols)));

/** All rows in order. The next block is read while the caller works on this one. */
export async function* blocksOf(
  source: RowSource,
  {blockRows = blockRowsOf(source.cols), signal}: BlockOptions = {}
): AsyncGenerator<Block> {
  const size = Math.min(blockRows, source.rows);
  const buffers = [new Float32Array(size * source.cols), new Float32Array(size * source.cols)];
  const read = (start: number, turn: number): Promise<Float32Array> => {
    const reading = source.read(start, Math.min(size, source.rows - start), buffers[turn % 2]);
    reading.catch(() => undefined); // reported where it is awaited, even when the caller fails first
    return reading;
  };
  let next = read(0, 0);
  for (let start = 0, turn = 1; start < source.rows; start += size, ++turn) {
    signal?.throwIfAborted();
    const data = await next;
    const following = start + size;
    if (following < source.rows) next = read(following, turn);
    yield {start, count: data.length / source.cols, data};
  }
}

const MOST_MEANS = 2 ** 28; // a gibibyte of float32

interface CentredSourceOptions {
  /** How many trajectories take turns: inits × tokens, for rows in the order `[step][init][token]`. */
  readonly paths: number;
  readonly signal?: AbortSignal;
}

/**
 * The rows with every trajectory moved to the mean of those of its states that are finite. Costs one pass now, and paths × cols numbers of memory.
 * Throws a Refusal when the rows are not whole steps.
 */
export async function centredSource(source: RowSource, {paths, signal}: CentredSourceOptions): Promise<RowSource> {
  const {rows, cols} = source;
  if (!(paths >= 1 && rows % paths === 0)) throw new Refusal(`invalid paths: ${paths}; expected a divisor of ${rows} rows`);
  if (paths * cols > MOST_MEANS)
    throw new Refusal(
      `too many trajectories to centre: ${paths} of width ${cols}, whose means take ${paths * cols} numbers; expected at most ${MOST_MEANS}, so fit on all`
    );
  const means = {rows: paths, cols, data: new Float32Array(paths * cols)};
  const steps = rows / paths;
  const bad = new Int32Array(paths); // steps of a trajectory that are not finite
  for await (const {start, count, data} of blocksOf(source, {signal})) {
    for (let i = 0; i < count; ++i) {
      const path = (start + i) % paths;
      const row = data.subarray(i * cols, (i + 1) * cols);
      if (!row.every(Number.isFinite)) ++bad[path];
      else for (let j = 0, mean = rowOf(means, path); j < cols; ++j) mean[j] += row[j] / steps;
    }
  }
  for (const [path, count] of bad.entries())
    if (count > 0) for (let j = 0, mean = rowOf(means, path); j < cols; ++j) mean[j] *= steps / Math.max(1, steps - count);
  return {
    rows,
    cols,
    async read(start, count, into) {
      const data = await source.read(start, count, into);
      for (let i = 0, at = 0; i < count; ++i) {
        const mean = rowOf(means, (start + i) % paths);
        for (let j = 0; j < cols; ++j, ++at) into[at] = data[at] - mean[j];
      }
      return into.subarray(0, count * cols);
    }
  };
}
