/** Natural logarithms of the next-token distribution at one position after each step, `[step][vocabulary]`. */
export interface LogProbabilities {
  readonly steps: number;
  readonly vocabulary: number;
  readonly data: Float32Array;
}

/** The distribution after one step, a view. */
export const distributionAt = ({vocabulary, data}: LogProbabilities, step: number): Float32Array =>
  data.subarray(step * vocabulary, (step + 1) * vocabulary);

/** Log-probabilities over existing numbers; throws a RangeError for a wrong count. */
export function logProbabilitiesOf(steps: number, vocabulary: number, data: Float32Array): LogProbabilities {
  if (!(steps >= 1 && vocabulary >= 1 && data.length === steps * vocabulary))
    throw new RangeError(`invalid log-probabilities: ${data.length} numbers; expected ${steps} × ${vocabulary}`);
  return {steps, vocabulary, data};
}

/** Σ p (ln p − ln q) of two distributions given by their logarithms; 0 ln 0 = 0. */
export function divergence(p: ArrayLike<number>, q: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < p.length; ++i) if (p[i] > -Infinity) sum += Math.exp(p[i]) * (p[i] - q[i]);
  return sum;
}

/** The uniform distribution, by its logarithms. */
export const uniform = (vocabulary: number): Float64Array => new Float64Array(vocabulary).fill(-Math.log(vocabulary));
