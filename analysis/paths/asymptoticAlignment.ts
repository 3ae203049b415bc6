import {dot, norm} from "../matrix.ts";
import {stateAt, type States} from "../states.ts";
import {bootstrapInterval, drawsOf, type BootstrapOptions} from "./bootstrap.ts";
import type {Interval} from "./interval.ts";

/** An AA score of one token, or of a sequence. */
export interface AlignmentScore {
  /** Mean cosine between the final states of the references and those of the other starts, −1 to 1. */
  readonly mean: number;
  /** 95 %, bootstrap over starts on both sides; undefined with fewer than two on the sides that vary. */
  readonly interval?: Interval;
  /** Share of the starts whose mean cosine to the references is above 0.9. */
  readonly above: number;
  /** Starts compared with the references. */
  readonly count: number;
}

/** A cosine above this counts as path-independent in the published tables. */
export const ALIGNED_ABOVE = 0.9;

/**
 * Asymptotic alignment (Anil et al. 2022, arXiv:2211.09961): mean over references i and starts m of cos(zᵢ, yₘ), zᵢ the final state from the
 * model's own initial states and yₘ the final state on the same input from elsewhere (noise with the input's spread, or another
 * input's final state). Their score is this of the flattened state, with one reference; per token it is the form used for language
 * models. `last` is the final step, `[start][token][width]`. Undefined where either side is empty.
 */
export function alignmentScore(
  last: States,
  token: number,
  references: readonly number[],
  others: readonly number[],
  options: BootstrapOptions
): AlignmentScore | undefined {
  if (references.length === 0 || others.length === 0) return undefined;
  const cosines = cosinesOf(last, token, references, others);
  const rowMeans = others.map(
    (_, m) => cosines.subarray(m * references.length, (m + 1) * references.length).reduce((sum, c) => sum + c, 0) / references.length
  );
  return {
    mean: rowMeans.reduce((sum, c) => sum + c, 0) / others.length,
    interval: others.length < 2 ? undefined : crossInterval(cosines, others.length, references.length, options),
    above: rowMeans.filter((c) => c > ALIGNED_ABOVE).length / others.length,
    count: others.length
  };
}

/** Pairwise cosines of final states among the model's own starts. */
export interface FinalCosine {
  readonly mean: number;
  readonly least: number;
  readonly interval?: Interval;
}

/** Mean and least cosine between the final states of different starts; undefined for fewer than two starts. */
export function finalCosine(last: States, token: number, starts: readonly number[], options: BootstrapOptions): FinalCosine | undefined {
  const n = starts.length;
  if (n < 2) return undefined;
  const cosines = cosinesOf(last, token, starts, starts);
  let [sum, least] = [0, 1];
  for (let i = 0; i < n; ++i) {
    for (let j = 0; j < i; ++j) {
      sum += cosines[i * n + j];
      least = Math.min(least, cosines[i * n + j]);
    }
  }
  const pairMean = (draws: ArrayLike<number>): number => {
    let [total, weights] = [0, 0];
    for (let i = 0; i < n; ++i) {
      for (let j = 0; j < i; ++j) {
        total += draws[i] * draws[j] * cosines[i * n + j];
        weights += draws[i] * draws[j];
      }
    }
    return total / weights;
  };
  return {
    mean: sum / ((n * (n - 1)) / 2),
    least,
    interval: n < 3 ? undefined : bootstrapInterval((random) => pairMean(drawsOf(n, random)), options)
  };
}

/** cos(reference, other), layout `[other][reference]`; 1 between two zero states, 0 between a zero state and another. */
function cosinesOf(last: States, token: number, references: readonly number[], others: readonly number[]): Float64Array {
  const state = (start: number) => stateAt(last, last.steps - 1, token, start);
  const lengths = new Map([...references, ...others].map((start) => [start, norm(state(start))]));
  const cosines = new Float64Array(references.length * others.length);
  let at = 0;
  for (const other of others) {
    for (const reference of references) {
      const product = lengths.get(reference)! * lengths.get(other)!;
      cosines[at++] =
        product > 0
          ? Math.max(-1, Math.min(1, dot(state(reference), state(other)) / product))
          : Number(lengths.get(reference) === lengths.get(other));
    }
  }
  return cosines;
}

function crossInterval(cosines: Float64Array, rows: number, columns: number, options: BootstrapOptions): Interval | undefined {
  return bootstrapInterval((random) => {
    const [rowDraws, columnDraws] = [drawsOf(rows, random), drawsOf(columns, random)];
    let sum = 0;
    for (let m = 0, at = 0; m < rows; ++m) for (let i = 0; i < columns; ++i, ++at) sum += rowDraws[m] * columnDraws[i] * cosines[at];
    return sum / (rows * columns);
  }, options);
}
