import {rowOf, type Matrix} from "../matrix.ts";
import type {Random} from "../random.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

interface TrustOptions {
  /** Chooses the rows that are looked at. */
  readonly random: Random;
  /** k: how many neighbours in the picture are checked, below half the rows; defaults to 15, or to what few rows allow. */
  readonly neighbours?: number;
  /** How many rows are looked at; defaults to 1,000, and at most all. */
  readonly sampleRows?: number;
}

/** How far the neighbourhoods of a picture can be trusted. */
export interface Trust {
  /** 1: the neighbours in the picture are the neighbours in the space; about 0.5 for a picture drawn at random. */
  readonly trustworthiness: number;
  /** Standard error of that figure, since it is from a sample of the rows; 0 when all were looked at. */
  readonly standardError: number;
  readonly neighbours: number;
  /** The rows looked at, ascending. */
  readonly rows: Int32Array;
  /** The trustworthiness of each of those rows; their mean is the figure above. */
  readonly values: Float32Array;
}

/**
 * Trustworthiness of a picture (Venna & Kaski 2001): 1 − 2 / (n k (2n − 3k − 1)) Σᵢ Σⱼ (r(i, j) − k), where j runs over the k
 * nearest rows of i in the picture that are not among its k nearest in the space, and r(i, j) is j's rank there. The outer sum
 * is over a random sample of rows. 1 for fewer than three rows. Throws a Refusal when the row counts differ or k is too large.
 */
export function trustworthiness(space: Matrix, picture: Matrix, {random, neighbours, sampleRows = 1000}: TrustOptions): Trust {
  const n = space.rows;
  if (picture.rows !== n) throw new Refusal(`invalid picture: ${picture.rows} rows; expected ${n}`);
  const most = Math.floor((n - 1) / 2);
  const k = neighbours ?? Math.min(15, most);
  if (n < 3) return {trustworthiness: 1, standardError: 0, neighbours: k, rows: new Int32Array(0), values: new Float32Array(0)};
  if (!(Number.isInteger(k) && k >= 1 && k <= most)) throw new Refusal(`invalid neighbours: ${k}; expected 1 to ${most}`);
  const rows = sampleOf(n, Math.min(n, sampleRows), random);
  const values = Float32Array.from(rows, (i) => 1 - (2 * intrusionOf(space, picture, i, k)) / (k * (2 * n - 3 * k - 1)));
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / Math.max(1, values.length - 1);
  return {
    trustworthiness: mean,
    standardError: Math.sqrt((variance / values.length) * (1 - values.length / n)),
    neighbours: k,
    rows,
    values
  }; // of a sample without replacement
}

/** Σⱼ max(0, r(i, j) − k) over the k nearest rows j in the picture. */
function intrusionOf(space: Matrix, picture: Matrix, i: number, k: number): number {
  const near = nearestOf(squaredDistances(picture, i), i, k);
  const own = rowOf(space, i);
  const distances = near.map((j) => squaredDistance(own, rowOf(space, j)));
  const furthest = Math.max(...distances);
  const ranks = near.map(() => 1);
  const {rows, cols, data} = space;
  for (let l = 0; l < rows; ++l) {
    // Most rows are further than all of those after a few columns, the more so as principal components come first.
    let distance = 0;
    for (let j = 0, at = l * cols; j < cols && distance <= furthest; ) {
      for (const stop = Math.min(cols, j + PIECE); j < stop; ++j, ++at) distance += (data[at] - own[j]) * (data[at] - own[j]);
    }
    if (distance > furthest || l === i) continue;
    for (let at = 0; at < k; ++at) if (distance < distances[at] || (distance === distances[at] && l < near[at])) ranks[at] += 1;
  }
  return ranks.reduce((sum, rank) => sum + Math.max(0, rank - k), 0);
}

const PIECE = 8; // columns between two looks at whether a row is too far already

function squaredDistances({rows, cols, data}: Matrix, i: number): Float64Array {
  const distances = new Float64Array(rows);
  for (let l = 0, at = 0; l < rows; ++l)
    for (let j = i * cols; j < (i + 1) * cols; ++j, ++at) distances[l] += (data[at] - data[j]) * (data[at] - data[j]);
  return distances;
}

function squaredDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; ++j) sum += (a[j] - b[j]) * (a[j] - b[j]);
  return sum;
}

/** The k places with the smallest values, place i left out; ties go to the lower place. */
function nearestOf(values: Float64Array, i: number, k: number): number[] {
  const nearest: number[] = [];
  for (let l = 0; l < values.length; ++l) {
    if (l === i || (nearest.length === k && !(values[l] < values[nearest[k - 1]]))) continue;
    let at = nearest.length;
    while (at > 0 && values[nearest[at - 1]] > values[l]) --at;
    nearest.splice(at, 0, l);
    if (nearest.length > k) nearest.pop();
  }
  return nearest;
}

function sampleOf(n: number, count: number, random: Random): Int32Array {
  const order = Int32Array.from({length: n}, (_, i) => i);
  for (let i = 0; i < count; ++i) {
    const other = i + Math.floor(random() * (n - i));
    [order[i], order[other]] = [order[other], order[i]];
  }
  return order.slice(0, count).sort();
}
