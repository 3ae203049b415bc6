/** A share of items, with its standard error. */
interface Share {
  readonly mean: number;
  /** Sample standard deviation over √n, as lm-evaluation-harness prints it; NaN for fewer than two items. */
  readonly standardError: number;
  readonly n: number;
}

/** The mean of right (true) and wrong (false) answers. NaN without any. */
export function shareOf(right: readonly boolean[]): Share {
  const n = right.length;
  const mean = right.filter(Boolean).length / n;
  return {mean, standardError: n > 1 ? Math.sqrt((mean * (1 - mean)) / (n - 1)) : Number.NaN, n};
}

/** Scores of one multiple-choice item, as lm-evaluation-harness has them. */
interface ChoiceScores {
  /** The choice of the largest log-likelihood is the right one. */
  readonly acc: boolean;
  /** The same with each log-likelihood divided by the choice's length in characters. */
  readonly acc_norm: boolean;
}

/** `logLikelihoods[i]` is Σ ln p of choice i's tokens after the prompt; of equal ones the first is taken. Throws a RangeError for other counts. */
export function choiceScores(logLikelihoods: readonly number[], choices: readonly string[], answer: number): ChoiceScores {
  if (logLikelihoods.length !== choices.length)
    throw new RangeError(`invalid log-likelihoods: ${logLikelihoods.length}; expected ${choices.length}`);
  const normed = logLikelihoods.map((value, i) => value / choices[i].length);
  return {acc: likeliest(logLikelihoods) === answer, acc_norm: likeliest(normed) === answer};
}

const likeliest = (values: readonly number[]): number => values.reduce((best, value, i) => (value > values[best] ? i : best), 0);
