import {UMAP} from "umap-js";
import {matrixOf, rowOf, type Matrix} from "../matrix.ts";
import {seededRandom} from "../random.ts";
import {fuzzyGraph} from "./fuzzyGraph.ts";
import {layoutGraph} from "./layout.ts";
import type {Neighbours} from "./neighbours.ts";
import {trustworthiness, type Trust} from "./trustworthiness.ts";

/** Two engines of the same method: umap-js, and our own loop over flat arrays, which is ten times faster. */
export const umapEngines = ["umap-js", "flat"] as const;
export type UmapEngine = (typeof umapEngines)[number];

/** Everything a layout needs; it crosses to a worker thread. */
export interface UmapJob {
  /** The rows, already in few dimensions. */
  readonly rows: Matrix;
  readonly neighbours: Neighbours;
  readonly engine: UmapEngine;
  readonly seed: number;
  readonly dims: number;
  readonly minDist: number;
  readonly trustRows: number;
}

export interface UmapLayout {
  readonly points: Matrix;
  readonly trust: Trust;
}

/** Lays the rows out and measures how far the picture can be trusted. `progress` is told a share, 0 to 1. */
export function umapLayout(job: UmapJob, progress: (share: number) => void): UmapLayout {
  const points = job.engine === "flat" ? flatLayout(job, progress) : umapJsLayout(job, progress);
  const trust = trustworthiness(job.rows, points, {random: seededRandom(job.seed), sampleRows: job.trustRows});
  return {points, trust};
}

function flatLayout({rows, neighbours, seed, dims, minDist}: UmapJob, progress: (share: number) => void): Matrix {
  const random = seededRandom(seed);
  const start = spreadStart(rows, dims, random);
  return layoutGraph(fuzzyGraph(neighbours), {start, random, minDist, progress});
}

const START_RADIUS = 10;
const START_NOISE = 1e-4; // equal rows must be able to part

/** The first columns, which after PCA hold most of the variance, scaled to ±10. */
function spreadStart(rows: Matrix, dims: number, random: () => number): Matrix {
  const shown = Math.min(dims, rows.cols);
  let largest = 0;
  for (let i = 0; i < rows.rows; ++i) for (let d = 0; d < shown; ++d) largest = Math.max(largest, Math.abs(rows.data[i * rows.cols + d]));
  const scale = largest > 0 ? START_RADIUS / largest : 0;
  const data = new Float32Array(rows.rows * dims);
  for (let i = 0, at = 0; i < rows.rows; ++i) {
    for (let d = 0; d < dims; ++d, ++at)
      data[at] = (d < shown ? scale * rows.data[i * rows.cols + d] : 0) + START_NOISE * (2 * random() - 1);
  }
  return matrixOf(rows.rows, dims, data);
}

function umapJsLayout({rows, neighbours, seed, dims, minDist}: UmapJob, progress: (share: number) => void): Matrix {
  const {count, indices, distances} = neighbours;
  const umap = new UMAP({nComponents: dims, nNeighbors: count, minDist, random: seededRandom(seed)});
  const listed = <T extends Int32Array | Float32Array>(values: T) =>
    Array.from({length: rows.rows}, (_, i) => Array.from(values.subarray(i * count, (i + 1) * count)));
  umap.setPrecomputedKNN(listed(indices), listed(distances));
  const epochs = umap.initializeFit(Array.from({length: rows.rows}, (_, i) => Array.from(rowOf(rows, i))));
  for (let epoch = 0; epoch < epochs; ++epoch) {
    umap.step();
    progress((epoch + 1) / epochs);
  }
  return matrixOf(rows.rows, dims, Float32Array.from(umap.getEmbedding().flat()));
}
