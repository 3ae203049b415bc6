import {wilsonInterval} from "../paths/interval.ts";

/** A share of rows that come in clusters, such as the tokens of one prompt. */
export interface ClusterShare {
  /** NaN without rows. */
  readonly share: number;
  /** 95 % interval. */
  readonly low: number;
  readonly high: number;
  /** Rows that independent draws would need to be as certain; at most the number of rows. */
  readonly effective: number;
}

/** What one cluster brings: its rows, and how many of them count. */
export interface ClusterCount {
  readonly rows: number;
  readonly found: number;
}

/**
 * The share of rows that count, with Wilson's interval over the effective number of rows: the ratio estimator's variance between clusters
 * (Cochran 1977, 11.7) against a binomial's, as Korn and Graubard (1998) propose. Where none or all of them count the clusters show no variance:
 * each then stands for one row, which is the widest that can be.
 */
export function clusterShare(clusters: readonly ClusterCount[]): ClusterShare {
  const rows = sum(clusters, ({rows}) => rows);
  const found = sum(clusters, ({found}) => found);
  const share = found / rows;
  const filled = clusters.filter(({rows}) => rows > 0);
  const effective = found === 0 || found === rows ? filled.length : Math.min(rows, (share * (1 - share)) / varianceOf(filled, share, rows));
  if (rows === 0) return {share, low: 0, high: 1, effective: 0};
  const [low, high] = wilsonInterval(share * effective, effective);
  return {share, low, high, effective};
}

/** With one cluster nothing is known of the variance between them: it is then as if all rows were one. */
function varianceOf(clusters: readonly ClusterCount[], share: number, rows: number): number {
  if (clusters.length < 2) return share * (1 - share);
  const squares = sum(clusters, (one) => (one.found - share * one.rows) ** 2);
  return ((clusters.length / (clusters.length - 1)) * squares) / rows ** 2;
}

const sum = <T>(list: readonly T[], of: (one: T) => number): number => list.reduce((total, one) => total + of(one), 0);
