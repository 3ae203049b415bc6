import {Worker} from "node:worker_threads";
import {matrixOf, type Matrix} from "../matrix.ts";
import {seededRandom} from "../random.ts";
import {nearNeighbours} from "./nearNeighbours.ts";
import {nearestNeighbours, type Neighbours} from "./neighbours.ts";
import type {RowSource} from "./rowSource.ts";
import {fitPcaSource, SAMPLED_ROWS} from "./sourcePca.ts";
import {trustworthiness, type Trust} from "./trustworthiness.ts";
import type {UmapEngine, UmapJob, UmapLayout} from "./umapLayout.ts";
import type {UmapMessage} from "./umapWorker.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

export interface UmapOptions {
  /** A 32-bit whole number; the same rows, options and seed give the same bytes. */
  readonly seed: number;
  /** Neighbours of a row, itself included, 2 to 200; defaults to 15, and is at most one less than the rows. */
  readonly neighbours?: number;
  /** How closely points may lie, 0 to less than 3; defaults to 0.1. */
  readonly minDist?: number;
  /** 2 or 3; defaults to 2. */
  readonly dims?: number;
  /** Defaults to umap-js up to 1,000 rows and to the flat arrays beyond. */
  readonly engine?: UmapEngine;
  /** How many rows the trustworthiness is measured on; defaults to 1,000. */
  readonly trustRows?: number;
  /** Told a share of all the work, 0 to 1, never falling. */
  readonly progress?: (share: number) => void;
  /** Ends the work, the worker thread included, with the signal's reason. */
  readonly signal?: AbortSignal;
}

interface UmapPicture {
  /** rows × dims. */
  readonly points: Matrix;
  /** How far the neighbourhoods of the picture can be trusted, against the reduced rows. */
  readonly trust: Trust;
  /** Neighbours per row that were used. */
  readonly neighbours: number;
  /** Share of them that are the nearest indeed: 1 where the search is exact, else measured on some rows. */
  readonly neighbourRecall: number;
  /** `pca` for fewer than five rows, of which UMAP has no picture. */
  readonly engine: UmapEngine | "pca";
  /** Columns after the reduction by PCA, and the share of the variance that they hold. */
  readonly reducedTo: number;
  readonly reducedShare: number;
}

const REDUCED_COLS = 50;
const REDUCED_TOLERANCE = 0.3; // radians: neighbours see all columns together, so that their share of the variance counts, not each axis
const LARGE_VARIANCE = 2 ** 100; // a row can lie some thousand deviations away, and a square of that is within float32 yet
const FEWEST_ROWS = 5;
const EXACT_ROWS = 16_384; // a second of products; beyond, an exact search grows as the square of the rows
const RECALL_ROWS = 200; // of which the share of true neighbours is known within two percent
const BYTES_PER_ROW = 3600; // reduction, neighbours, graph and schedule of 15 neighbours together, as measured

/** The most states that UMAP takes: what fits in 4 GB. */
export const MOST_UMAP_ROWS = 1_000_000;
const SMALL_ROWS = 1000; // where umap-js takes about as long as starting its thread
const SHARES = {reduction: 0.1, neighbours: 0.2}; // of the progress; the layout has the rest

/**
 * UMAP (McInnes, Healy & Melville 2018) of rows that need not fit in memory: PCA to 50 columns, nearest neighbours, then
 * the layout and its trustworthiness in a worker thread. Any number of rows up to MOST_UMAP_ROWS and any duplicates have an answer.
 * Throws a Refusal for options outside their ranges, no rows, too many, and numbers that are not finite.
 */
export async function umapProjection(source: RowSource, options: UmapOptions): Promise<UmapPicture> {
  const {seed, neighbours = 15, minDist = 0.1, dims = 2, trustRows = 1000, progress, signal} = options;
  if (!Number.isInteger(seed)) throw new Refusal(`invalid seed: ${seed}; expected a whole number`);
  if (!(Number.isInteger(neighbours) && neighbours >= 2 && neighbours <= 200))
    throw new Refusal(`invalid neighbours: ${neighbours}; expected 2 to 200`);
  if (!(minDist >= 0 && minDist < 3)) throw new Refusal(`invalid minDist: ${minDist}; expected 0 to less than 3`);
  if (dims !== 2 && dims !== 3) throw new Refusal(`invalid dims: ${dims}; expected 2 or 3`);
  refuseManyRows(source.rows);
  signal?.throwIfAborted();

  const thread = startLayoutThread(); // now, so that it is up when the neighbours are there
  try {
    const {rows, share: reducedShare} = await reducedRows(source, {seed, progress, signal});
    const reduction = {reducedTo: rows.cols, reducedShare};
    if (rows.rows < FEWEST_ROWS) {
      const points = firstColumns(rows, dims);
      progress?.(1);
      return {
        points,
        trust: trustworthiness(rows, points, {random: seededRandom(seed)}),
        neighbours: 0,
        neighbourRecall: 1,
        engine: "pca",
        ...reduction
      };
    }
    const count = Math.min(neighbours, rows.rows - 1);
    const {found, recall} = await neighboursOf(rows, {
      count,
      seed,
      signal,
      progress: (share) => progress?.(SHARES.reduction + SHARES.neighbours * share)
    });
    const engine = options.engine ?? (rows.rows <= SMALL_ROWS ? "umap-js" : "flat");
    const done = SHARES.reduction + SHARES.neighbours;
    const layout = await layoutIn(
      thread,
      {rows, neighbours: found, engine, seed, dims, minDist, trustRows},
      {signal, progress: (share) => progress?.(done + (1 - done) * share)}
    );
    progress?.(1);
    return {...layout, neighbours: count, neighbourRecall: recall, engine, ...reduction};
  } finally {
    void thread.worker.terminate(); // it computes in plain JavaScript, so that this is safe at any time
  }
}

/** Throws a Refusal for more rows than UMAP takes. */
export function refuseManyRows(rows: number): void {
  if (rows > MOST_UMAP_ROWS)
    throw new Refusal(
      `too many states for UMAP: ${rows}, which would take ${gigabytes(rows)} GB of memory; at most ${MOST_UMAP_ROWS}, in ${gigabytes(MOST_UMAP_ROWS)} GB; PCA takes any number`
    );
}

const gigabytes = (rows: number): string => ((rows * BYTES_PER_ROW) / 1e9).toFixed(1);

interface Watched {
  readonly progress?: (share: number) => void;
  readonly signal?: AbortSignal;
}

/** The rows' leading 50 principal scores, largest variance first; of rows whose squared distances could be beyond float32 in a unit in which they are not, since UMAP asks for none. */
export async function reducedRows(
  source: RowSource,
  {seed, progress, signal}: Watched & {readonly seed: number}
): Promise<{rows: Matrix; share: number}> {
  const components = Math.min(REDUCED_COLS, source.cols);
  const pca = await fitPcaSource(source, {
    components,
    random: seededRandom(seed),
    tolerance: REDUCED_TOLERANCE,
    maxPasses: source.rows < SAMPLED_ROWS ? 2 : 1,
    oversampling: 10,
    scores: true,
    signal
  });
  progress?.(SHARES.reduction);
  const rows = pca.scores!;
  if (pca.totalVariance > LARGE_VARIANCE) rows.data.forEach((score, at) => (rows.data[at] = score / Math.sqrt(pca.totalVariance)));
  return {rows, share: pca.explained.reduce((sum, share) => sum + share, 0)};
}

/** Exact neighbours where that is quick, else nearly all of them, and the share that was found. */
async function neighboursOf(
  rows: Matrix,
  {count, seed, progress, signal}: Watched & {readonly count: number; readonly seed: number}
): Promise<{found: Neighbours; recall: number}> {
  if (rows.rows <= EXACT_ROWS) return {found: await nearestNeighbours(rows, {count, progress, signal}), recall: 1};
  const found = await nearNeighbours(rows, {count, random: seededRandom(seed), progress, signal});
  return {found, recall: await recallOf(rows, found, signal)};
}

/** The share of evenly spaced rows' neighbours that lie no further than the last of the true ones. */
async function recallOf(rows: Matrix, {count, distances}: Neighbours, signal?: AbortSignal): Promise<number> {
  const of = Int32Array.from({length: RECALL_ROWS}, (_, at) => Math.floor((at * rows.rows) / RECALL_ROWS));
  const exact = await nearestNeighbours(rows, {count, of, signal});
  let near = 0;
  for (const [at, i] of of.entries())
    for (let k = 1; k < count; ++k) near += Number(distances[i * count + k] <= exact.distances[(at + 1) * count - 1]);
  return near / (RECALL_ROWS * (count - 1));
}

/** The first columns, with columns of zeros where there are fewer. */
function firstColumns({rows, cols, data}: Matrix, count: number): Matrix {
  const first = new Float32Array(rows * count);
  for (let i = 0; i < rows; ++i) for (let j = 0; j < Math.min(cols, count); ++j) first[i * count + j] = data[i * cols + j];
  return matrixOf(rows, count, first);
}

interface LayoutThread {
  readonly worker: Worker;
  /** Rejects when the thread fails or ends. */
  readonly failed: Promise<never>;
}

function startLayoutThread(): LayoutThread {
  const worker = new Worker(new URL("umapBoot.mjs", import.meta.url), {execArgv: []});
  const failed = new Promise<never>((_, reject) => {
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`layout thread ended with status ${code}`)));
  });
  failed.catch(() => undefined); // reported where it is awaited, and of no effect after an answer
  return {worker, failed};
}

function layoutIn({worker, failed}: LayoutThread, job: UmapJob, {progress, signal}: Watched): Promise<UmapLayout> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = () => reject(signal!.reason);
    const settled = () => signal?.removeEventListener("abort", stop);
    signal?.addEventListener("abort", stop, {once: true});
    failed.catch((error: unknown) => {
      settled();
      reject(error);
    });
    worker.on("message", (message: UmapMessage) => {
      if ("share" in message) return progress?.(message.share);
      settled();
      resolve(message.layout);
    });
    worker.postMessage(job, [job.neighbours.indices.buffer, job.neighbours.distances.buffer] as ArrayBuffer[]);
  });
}
