import {Matrix, QrDecomposition} from "ml-matrix";
import {uniformFloat64} from "pure-rand/distribution/uniformFloat64";
import {xoroshiro128plus} from "pure-rand/generator/xoroshiro128plus";
import type {Engine} from "../engine/engine.ts";
import {Refusal} from "../trace/refusal.ts";

interface LyapunovOptions {
  /** What every step is given, [tokens, width]. */
  readonly input: Float32Array;
  readonly steps: number;
  /** Tokens at the start that see one another in both directions; defaults to none. */
  readonly prefix?: number;
  /** Seed of the first directions. */
  readonly seed: number;
  /** How many exponents; defaults to 8. */
  readonly count?: number;
  /** Steps at the start whose growth is not counted, while the directions turn into the leading ones; defaults to 0. */
  readonly skip?: number;
}

/**
 * The leading Lyapunov exponents along a run from `state` [tokens, width], natural logarithm per step, largest first: how
 * fast small differences in the whole sequence's state grow (above 0) or shrink along the leading directions. Directions
 * are carried by exact Jacobian-vector products and made orthonormal by QR at every step (Benettin et al. 1980).
 */
export async function lyapunovExponents(
  engine: Engine,
  state: Float32Array,
  {input, steps, prefix, seed, count = 8, skip = 0}: LyapunovOptions
): Promise<number[]> {
  const {carriedWidth: width} = engine.model;
  const tokens = state.length / width;
  if (!(steps > skip && skip >= 0)) throw new Refusal(`invalid steps: ${steps}; expected more than the ${skip} skipped`);
  const kept = Math.min(count, state.length);
  const generator = xoroshiro128plus(seed);
  let directions = orthonormal(
    new Matrix(Array.from({length: state.length}, () => Array.from({length: kept}, () => uniformFloat64(generator) - 0.5)))
  ).directions;
  let current = state;
  const growth = new Float64Array(kept);
  for (let step = 0; step < steps; ++step) {
    const {next, tangent} = await engine.jvp(repeated(current, kept), repeated(input, kept), flattened(directions), {
      inits: kept,
      tokens,
      prefix
    });
    if (!tangent.every(Number.isFinite))
      throw new Refusal(`invalid path: the derivative at step ${step} is not finite; the model overflows there`, {kind: "unusable"});
    const factored = orthonormal(columnsOf(tangent, kept));
    directions = factored.directions;
    if (step >= skip) factored.stretch.forEach((factor, i) => (growth[i] += Math.log(factor)));
    current = next.slice(0, state.length);
  }
  return Array.from(growth, (sum) => sum / (steps - skip)).sort((a, b) => b - a);
}

function orthonormal(columns: Matrix): {readonly directions: Matrix; readonly stretch: readonly number[]} {
  const qr = new QrDecomposition(columns);
  const triangle = qr.upperTriangularMatrix;
  return {directions: qr.orthogonalMatrix, stretch: Array.from({length: columns.columns}, (_, i) => Math.abs(triangle.get(i, i)))};
}

function repeated(values: Float32Array, times: number): Float32Array {
  const all = new Float32Array(times * values.length);
  for (let i = 0; i < times; ++i) all.set(values, i * values.length);
  return all;
}

/** Directions one after the other, as a batch of tangents. */
function flattened(directions: Matrix): Float32Array {
  const all = new Float32Array(directions.rows * directions.columns);
  for (let j = 0; j < directions.columns; ++j)
    for (let i = 0; i < directions.rows; ++i) all[j * directions.rows + i] = directions.get(i, j);
  return all;
}

function columnsOf(batch: Float32Array, count: number): Matrix {
  const rows = batch.length / count;
  const columns = new Matrix(rows, count);
  for (let j = 0; j < count; ++j) for (let i = 0; i < rows; ++i) columns.set(i, j, batch[j * rows + i]);
  return columns;
}
