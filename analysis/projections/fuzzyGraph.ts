import type {Neighbours} from "./neighbours.ts";

/** An undirected weighted graph over rows; every pair once, weights in (0, 1]. */
export interface FuzzyGraph {
  readonly rows: number;
  readonly heads: Int32Array;
  readonly tails: Int32Array;
  readonly weights: Float32Array;
}

const BANDWIDTH_TOLERANCE = 1e-5;
const BISECTIONS = 64;
const SMALLEST_BANDWIDTH = 1e-3; // as a share of the mean distance

/**
 * The fuzzy simplicial set of McInnes, Healy & Melville 2018 (UMAP, algorithms 2 and 3), local connectivity 1:
 * membership exp(−(d − ρ) / σ) of a neighbour at distance d, symmetrised as a + b − ab.
 */
export function fuzzyGraph(neighbours: Neighbours): FuzzyGraph {
  const {rows, count, indices} = neighbours;
  const memberships = membershipsOf(neighbours);
  const most = rows * (count - 1);
  const [heads, tails] = [new Int32Array(most), new Int32Array(most)];
  const weights = new Float32Array(most);
  let edges = 0;
  for (let i = 0; i < rows; ++i) {
    for (let at = i * count; at < (i + 1) * count; ++at) {
      const j = indices[at];
      if (j === i) continue;
      const back = membershipOf(neighbours, memberships, j, i);
      if (back !== undefined && j < i) continue; // made where j was the head
      const [a, b] = [memberships[at], back ?? 0];
      if (a + b === 0) continue;
      heads[edges] = i;
      tails[edges] = j;
      weights[edges++] = a + b - a * b;
    }
  }
  return {rows, heads: heads.subarray(0, edges), tails: tails.subarray(0, edges), weights: weights.subarray(0, edges)};
}

/** How much row j counts row i among its own neighbours; undefined when not at all. */
function membershipOf({count, indices}: Neighbours, memberships: Float32Array, j: number, i: number): number | undefined {
  for (let at = j * count; at < (j + 1) * count; ++at) if (indices[at] === i) return memberships[at];
  return undefined;
}

function membershipsOf({rows, count, distances}: Neighbours): Float32Array {
  const memberships = new Float32Array(rows * count);
  const meanDistance = meanOf(distances);
  for (let i = 0; i < rows; ++i) {
    const own = distances.subarray(i * count, (i + 1) * count);
    const nearest = own.find((d) => d > 0) ?? 0;
    const scale = nearest > 0 ? meanOf(own) : meanDistance; // equal rows have no scale of their own
    const bandwidth = Math.max(bandwidthOf(own, nearest), SMALLEST_BANDWIDTH * scale);
    for (let k = 0; k < count; ++k) {
      const beyond = own[k] - nearest;
      memberships[i * count + k] = beyond > 0 ? Math.exp(-beyond / bandwidth) : 1;
    }
  }
  return memberships;
}

/** σ such that the memberships of a row sum to log₂ of their number. */
function bandwidthOf(distances: Float32Array, nearest: number): number {
  const target = Math.log2(distances.length);
  let [low, high, middle] = [0, Infinity, 1];
  for (let round = 0; round < BISECTIONS; ++round) {
    let sum = 0;
    for (let k = 1; k < distances.length; ++k) {
      const beyond = distances[k] - nearest;
      sum += beyond > 0 ? Math.exp(-beyond / middle) : 1;
    }
    if (Math.abs(sum - target) < BANDWIDTH_TOLERANCE) break;
    if (sum > target) high = middle;
    else low = middle;
    middle = high === Infinity ? 2 * middle : (low + high) / 2;
  }
  return middle;
}

function meanOf(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
