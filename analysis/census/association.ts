import {fisherExact, oddsRatio, type TwoByTwo} from "../eval/fisherExact.ts";

/** Counts of one cluster, such as a prompt: rows of the group with the label and without it, then of all others. */
export type ClusterTable = TwoByTwo;

/** How a group of rows goes with a label. */
interface Association {
  /** [[group with label, group without], [others with label, others without]] */
  readonly table: TwoByTwo;
  /** NaN or Infinity where a cell is empty. */
  readonly oddsRatio: number;
  /** 95 % interval that takes rows of one cluster for dependent; undefined for fewer than two clusters. */
  readonly interval?: readonly [number, number];
  /** Fisher's exact test, two-sided; it takes rows for independent. */
  readonly p: number;
}

const Z = 1.959964; // 95 %, two sides
const HALF = 0.5; // Haldane and Anscombe: added to every cell of the interval's table, so that an empty one leaves it finite

/**
 * The odds ratio of a label within a group against all other rows, over tables of clusters. Its interval is exp(log OR ± z s) with the variance s²
 * of log OR between clusters by linearisation, k / (k − 1) Σ (aᵢ/a − bᵢ/b − cᵢ/c + dᵢ/d)² (Binder 1983), but never below Woolf's Σ 1/n.
 */
export function associationOf(clusters: readonly ClusterTable[]): Association {
  const cell = (row: 0 | 1, column: 0 | 1) => clusters.reduce((sum, table) => sum + table[row][column], 0);
  const [a, b, c, d] = [cell(0, 0), cell(0, 1), cell(1, 0), cell(1, 1)];
  const table: TwoByTwo = [
    [a, b],
    [c, d]
  ];
  const found = {table, oddsRatio: oddsRatio(table), p: fisherExact(table)};
  const k = clusters.length;
  if (k < 2) return found;
  const [a1, b1, c1, d1] = [a + HALF, b + HALF, c + HALF, d + HALF];
  const squares = clusters.reduce((sum, [[ai, bi], [ci, di]]) => sum + (ai / a1 - bi / b1 - ci / c1 + di / d1) ** 2, 0);
  const variance = Math.max((k / (k - 1)) * squares, 1 / a1 + 1 / b1 + 1 / c1 + 1 / d1);
  const log = Math.log((a1 * d1) / (b1 * c1));
  const half = Z * Math.sqrt(variance);
  return {...found, interval: [Math.exp(log - half), Math.exp(log + half)]};
}
