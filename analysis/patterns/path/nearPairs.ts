import {squaredDistance} from "./gram.ts";
import type {Products} from "./residual.ts";

/** Squared distances of a path's states, [size][size]. */
export interface Distances {
  readonly size: number;
  readonly squared: Float64Array;
}

export function distancesOf(path: Products): Distances {
  const n = path.size;
  const squared = new Float64Array(n * n);
  for (let i = 0; i < n; ++i) for (let j = 0; j < i; ++j) squared[i * n + j] = squared[j * n + i] = squaredDistance(path, i, j);
  return {size: n, squared};
}

export type Pair = readonly [state: number, nearest: number];

/**
 * Every state with the one nearest to it, so many steps `apart` in time or more, both so far from the end. The states before them are counted, too: of what goes to and fro along a line one
 * state does not say which way it goes.
 */
export function nearPairs({size: n, squared}: Distances, {apart, ahead}: {readonly apart: number; readonly ahead: number}): Pair[] {
  const pairs: Pair[] = [];
  for (let t = 1; t + ahead < n; ++t) {
    let [nearest, least] = [-1, Infinity];
    for (let s = 1; s + ahead < n; ++s) {
      if (Math.abs(s - t) < apart) continue;
      const both = squared[s * n + t] + squared[(s - 1) * n + t - 1];
      if (both < least) [nearest, least] = [s, both];
    }
    if (nearest >= 0) pairs.push([t, nearest]);
  }
  return pairs;
}
