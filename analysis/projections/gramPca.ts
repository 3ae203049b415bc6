import type {Products} from "../patterns/path/residual.ts";
import {leadingEigenpairs} from "./eigenpairs.ts";
import {RANK_TOLERANCE} from "./pca.ts";

export interface GramPca {
  /** Scores of the states along the axes, `[state][component]`; of each axis the largest by absolute value is positive. */
  readonly scores: Float64Array;
  /** Share of the variance along each axis, 0 to 1; 0 beyond the rank. */
  readonly explained: readonly number[];
}

/**
 * PCA of states that are known by their inner products only, seen from any point: the products seen from the mean follow by centring rows and columns (Torgerson 1952, Gower 1966),
 * and their eigenvectors times the roots of the eigenvalues are the scores that the states themselves would have.
 */
export function gramPca({size, values}: Products, {components = 2}: {readonly components?: number} = {}): GramPca {
  const means = Float64Array.from({length: size}, (_, i) => sum(values.subarray(i * size, (i + 1) * size)) / size);
  const all = sum(means) / size;
  const centred = Float64Array.from(values, (value, at) => value - means[Math.floor(at / size)] - means[at % size] + all);
  const spread = Math.max(0, sum(Float64Array.from(means, (_, i) => centred[i * size + i])));
  const scores = new Float64Array(size * components);
  const explained = new Array<number>(components).fill(0);
  const pairs = leadingEigenpairs(centred, Math.min(components, size));
  for (const [k, vector] of pairs.vectors.entries()) {
    if (!(spread > 0 && pairs.values[k] > RANK_TOLERANCE * spread)) break;
    const largest = vector.reduce((most, x) => (Math.abs(x) > Math.abs(most) ? x : most), 0);
    const scale = Math.sign(largest) * Math.sqrt(pairs.values[k]);
    for (let i = 0; i < size; ++i) scores[i * components + k] = vector[i] * scale;
    explained[k] = pairs.values[k] / spread;
  }
  return {scores, explained};
}

const sum = (list: Float64Array): number => list.reduce((total, x) => total + x, 0);
