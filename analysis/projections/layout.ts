import {matrixOf, type Matrix} from "../matrix.ts";
import type {Random} from "../random.ts";
import type {FuzzyGraph} from "./fuzzyGraph.ts";
import {layoutCurve, tabulated, type LayoutCurve} from "./layoutCurve.ts";

interface LayoutOptions {
  /** Where the rows start, rows × dims. Not changed. */
  readonly start: Matrix;
  readonly random: Random;
  /** How closely points may lie, 0 to 3; defaults to 0.1. */
  readonly minDist?: number;
  /** Rounds; defaults to 500 up to 10,000 rows and 200 beyond, as in umap-learn. */
  readonly epochs?: number;
  readonly progress?: (share: number) => void;
}

const NEGATIVE_SAMPLES = 5; // per attraction, as in umap-learn
const LARGEST_MOVE = 4; // of one coordinate, times the learning rate

/**
 * Lays out a fuzzy graph as UMAP does (McInnes, Healy & Melville 2018, algorithm 5): stochastic gradient descent on the
 * cross entropy, attraction along the edges in proportion to their weights, repulsion from rows drawn at random, learning
 * rate falling from 1 to 0. One thread and flat arrays; the same start and random give the same bytes.
 */
export function layoutGraph(
  graph: FuzzyGraph,
  {start, random, minDist = 0.1, epochs = epochsFor(graph.rows), progress}: LayoutOptions
): Matrix {
  const points = start.data.slice();
  const schedule = scheduleOf(graph, epochs);
  const {attraction, repulsion} = layoutCurve({minDist});
  const curve = {attraction: tabulated(attraction), repulsion: tabulated(repulsion)};
  const draw = rowDrawer(graph.rows, random);
  for (let epoch = 0; epoch < epochs; ++epoch) {
    runEpoch(points, start.cols, schedule, curve, draw, {epoch, rate: 1 - epoch / epochs});
    progress?.((epoch + 1) / epochs);
  }
  return matrixOf(start.rows, start.cols, points);
}

const epochsFor = (rows: number): number => (rows <= 10_000 ? 500 : 200);

/** Both directions of every edge that is drawn at all, and when it is drawn next. */
interface Schedule {
  readonly heads: Int32Array;
  readonly tails: Int32Array;
  /** Epochs from one attraction to the next: 1 for the heaviest edge. */
  readonly every: Float32Array;
  readonly next: Float32Array;
  readonly nextNegative: Float32Array;
}

function scheduleOf({heads, tails, weights}: FuzzyGraph, epochs: number): Schedule {
  const heaviest = weights.reduce((max, w) => Math.max(max, w), 0);
  const isDrawn = (weight: number): boolean => weight >= heaviest / epochs;
  const count = 2 * weights.reduce((sum, weight) => sum + Number(isDrawn(weight)), 0);
  const [from, to, every] = [new Int32Array(count), new Int32Array(count), new Float32Array(count)];
  for (let e = 0, at = 0; e < weights.length; ++e) {
    if (!isDrawn(weights[e])) continue;
    for (const [head, tail] of [
      [heads[e], tails[e]],
      [tails[e], heads[e]]
    ]) {
      from[at] = head;
      to[at] = tail;
      every[at++] = heaviest / weights[e];
    }
  }
  return {heads: from, tails: to, every, next: every.slice(), nextNegative: every.map((e) => e / NEGATIVE_SAMPLES)};
}

function runEpoch(
  points: Float32Array,
  dims: number,
  {heads, tails, every, next, nextNegative}: Schedule,
  {attraction, repulsion}: LayoutCurve,
  draw: () => number,
  {epoch, rate}: {epoch: number; rate: number}
): void {
  for (let edge = 0; edge < heads.length; ++edge) {
    if (next[edge] > epoch) continue;
    const head = heads[edge] * dims;
    const tail = tails[edge] * dims;
    const pull = attraction(squaredDistance(points, dims, head, tail));
    for (let d = 0; d < dims; ++d) {
      const move = rate * clipped(pull * (points[head + d] - points[tail + d]));
      points[head + d] += move;
      points[tail + d] -= move;
    }
    next[edge] += every[edge];

    const interval = every[edge] / NEGATIVE_SAMPLES;
    const negatives = Math.floor((epoch - nextNegative[edge]) / interval);
    for (let n = 0; n < negatives; ++n) {
      const other = draw() * dims;
      if (other === head) continue;
      const squared = squaredDistance(points, dims, head, other);
      const push = repulsion(squared);
      for (let d = 0; d < dims; ++d)
        points[head + d] += rate * (squared > 0 ? clipped(push * (points[head + d] - points[other + d])) : LARGEST_MOVE);
    }
    nextNegative[edge] += Math.max(0, negatives) * interval;
  }
}

function squaredDistance(points: Float32Array, dims: number, a: number, b: number): number {
  let sum = 0;
  for (let d = 0; d < dims; ++d) sum += (points[a + d] - points[b + d]) * (points[a + d] - points[b + d]);
  return sum;
}

const clipped = (x: number): number => Math.max(-LARGEST_MOVE, Math.min(LARGEST_MOVE, x));

/** Rows at random by xorshift32: a hundred million of them are drawn, and a Mersenne Twister would take longer than the layout. */
function rowDrawer(rows: number, random: Random): () => number {
  let state = 1 + Math.floor(random() * 0xffff_fffe);
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.floor((state >>> 0) * rows * 2 ** -32);
  };
}
