import {matrixOf, rowOf, type Matrix} from "../matrix.ts";
import type {Random} from "../random.ts";
import {halfDistances} from "./blas.ts";
import {neighbourLists, type NeighbourLists} from "./neighbourLists.ts";
import {shortlist, type Neighbours} from "./neighbours.ts";
import {partition} from "./partitionTree.ts";

interface NearOptions {
  /** How many, the row itself included: 2 to 200, of more rows than a leaf has. */
  readonly count: number;
  /** Chooses how the rows are divided; the same numbers give the same bytes. */
  readonly random: Random;
  readonly progress?: (share: number) => void;
  /** Stops between two blocks, with the signal's reason. */
  readonly signal?: AbortSignal;
}

const TREES = 6;
const MOST_ROUNDS = 8;
const FEW_CHANGES = 0.001; // of all entries: another round is then in vain, as in umap-learn
const LEAF_ROWS = 512; // a product of so many rows with one another takes as long as looking for the smallest in it
const SPARE = 4; // further candidates, since the float32 products that pick them lose small differences
const LEAVES_AT_ONCE = 16; // between two looks at the signal
const ROWS_AT_ONCE = 4096;

/**
 * Nearly all nearest neighbours of many rows, in time that grows as rows × log rows: exact ones among the leaves of some random projection
 * trees, and then, round by round, those of each row's neighbours and of whom it is a neighbour (Dong, Moses & Li 2011), until hardly any
 * row finds a nearer one: umap-learn's own search. Deterministic, since nothing but the products leaves this thread.
 */
export async function nearNeighbours(X: Matrix, {count, random, progress, signal}: NearOptions): Promise<Neighbours> {
  const lists = neighbourLists(X, count);
  for (let tree = 0; tree < TREES; ++tree) {
    const leaves = partition(X, {leafRows: LEAF_ROWS, random});
    for (const [at, leaf] of leaves.entries()) {
      if (at % LEAVES_AT_ONCE === 0) await breath(signal);
      await joinLeaf(X, leaf, lists);
    }
    progress?.((tree + 1) / (TREES + MOST_ROUNDS));
  }
  for (let round = 0, changes = Infinity; round < MOST_ROUNDS && changes > FEW_CHANGES * X.rows * lists.size; ++round) {
    changes = 0;
    const join = neighbourJoin(X.rows, lists);
    for (let start = 0; start < X.rows; start += ROWS_AT_ONCE) {
      await breath(signal);
      for (let i = start; i < Math.min(X.rows, start + ROWS_AT_ONCE); ++i) changes += join(i);
    }
    progress?.((TREES + round + 1) / (TREES + MOST_ROUNDS));
  }
  return lists.finished();
}

/** Lets others have their turn, and ends here where the work is not wanted any more. */
async function breath(signal: AbortSignal | undefined): Promise<void> {
  await new Promise(setImmediate);
  signal?.throwIfAborted();
}

/** Offers every row of a leaf its nearest in it. */
async function joinLeaf(X: Matrix, leaf: Int32Array, lists: NeighbourLists): Promise<void> {
  const {data} = gathered(X, leaf);
  const distancesTo = await halfDistances(data, X.cols);
  const block = await distancesTo(data);
  const nearest = shortlist(Math.min(leaf.length, lists.size + 1 + SPARE));
  for (let i = 0; i < leaf.length; ++i) {
    nearest.fill(block.subarray(i * leaf.length, (i + 1) * leaf.length));
    for (const j of nearest.indices) lists.offer(leaf[i], leaf[j]);
  }
}

/** Some rows about the first of them, so that float32 is spent on what tells them apart. */
function gathered(X: Matrix, rows: Int32Array): Matrix {
  const {cols} = X;
  const data = new Float32Array(rows.length * cols);
  const origin = rowOf(X, rows[0]);
  for (let i = 0, at = 0; i < rows.length; ++i) {
    const row = rowOf(X, rows[i]);
    for (let j = 0; j < cols; ++j, ++at) data[at] = row[j] - origin[j];
  }
  return matrixOf(rows.length, cols, data);
}

/** Offers a row the neighbours of its neighbours, each once, where a neighbour is whom it lists or who lists it; says how many it took. */
function neighbourJoin(rows: number, lists: NeighbourLists): (i: number) => number {
  const {indices, size, offer} = lists;
  const reverse = reverseOf(rows, lists);
  const seenBy = new Int32Array(rows).fill(-1);
  const candidates = new Int32Array(4 * size * size);
  return (i) => {
    let count = 0;
    const collect = (values: Int32Array, from: number): void => {
      for (let at = from * size; at < (from + 1) * size; ++at) {
        const k = values[at];
        if (k < 0) break;
        if (seenBy[k] === i) continue;
        seenBy[k] = i;
        candidates[count++] = k;
      }
    };
    seenBy[i] = i;
    collect(indices, i);
    const listed = count;
    collect(reverse, i);
    const own = count;
    for (let at = 0; at < own; ++at) {
      collect(indices, candidates[at]);
      collect(reverse, candidates[at]);
    }
    let changes = 0;
    for (let at = listed; at < count; ++at) if (offer(i, candidates[at])) ++changes;
    return changes;
  };
}

/** For every row the first of those that list it, as many as a list has; −1 where there are fewer. */
function reverseOf(rows: number, {indices, size}: NeighbourLists): Int32Array {
  const reverse = new Int32Array(rows * size).fill(-1);
  const filled = new Uint8Array(rows);
  for (let k = 0; k < size; ++k) {
    for (let i = 0; i < rows; ++i) {
      const j = indices[i * size + k]; // nearest first
      if (filled[j] < size) reverse[j * size + filled[j]++] = i;
    }
  }
  return reverse;
}
