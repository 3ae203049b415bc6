import {clusterShare, type ClusterCount, type ClusterShare} from "./clusterShare.ts";

/** How two shares of clustered rows differ: the other's less the first's. */
interface ShareDifference {
  readonly first: ClusterShare;
  readonly other: ClusterShare;
  /** −1 to 1; NaN where one of them has no rows. */
  readonly difference: number;
  /** 95 % interval. */
  readonly low: number;
  readonly high: number;
}

/**
 * The difference of two shares, with the interval that follows from each one's own (Zou and Donner 2008; for independent binomials it is Newcombe's
 * 1998, number 10). Where the clusters are pairs (`paired`: the same prompts, in the same order), what pairs share cancels: by the correlation of the
 * clusters' deviations from each share.
 */
export function shareDifference(
  first: readonly ClusterCount[],
  other: readonly ClusterCount[],
  {paired}: {readonly paired: boolean}
): ShareDifference {
  const [a, b] = [clusterShare(first), clusterShare(other)];
  const difference = b.share - a.share;
  if (Number.isNaN(difference)) return {first: a, other: b, difference, low: -1, high: 1};
  const correlation = paired ? correlationOf(deviations(first, a.share), deviations(other, b.share)) : 0;
  const half = (x: number, y: number): number => Math.sqrt(Math.max(0, x * x - 2 * correlation * x * y + y * y));
  return {
    first: a,
    other: b,
    difference,
    low: Math.max(-1, difference - half(b.share - b.low, a.high - a.share)),
    high: Math.min(1, difference + half(b.high - b.share, a.share - a.low))
  };
}

const deviations = (clusters: readonly ClusterCount[], share: number): number[] => clusters.map(({rows, found}) => found - share * rows);

/** Of deviations that sum to nothing; 0 where one of the two has none. */
function correlationOf(a: readonly number[], b: readonly number[]): number {
  let [both, ownA, ownB] = [0, 0, 0];
  for (let i = 0; i < a.length; ++i) {
    both += a[i] * b[i];
    ownA += a[i] ** 2;
    ownB += b[i] ** 2;
  }
  return ownA > 0 && ownB > 0 ? both / Math.sqrt(ownA * ownB) : 0;
}
