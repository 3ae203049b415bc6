/** A share of items, with its standard error. */
interface Share {
  readonly mean: number;
  /** Sample standard deviation over √n, √(p(1 − p)/(n − 1)) for right and wrong: `mean_stderr` of lm-evaluation-harness; NaN for fewer than two items. */
  readonly standardError: number;
  readonly n: number;
}

/** The mean of right (true) and wrong (false) answers. NaN without any. */
export function shareOf(right: readonly boolean[]): Share {
  const n = right.length;
  const mean = right.filter(Boolean).length / n;
  return {mean, standardError: n > 1 ? Math.sqrt((mean * (1 - mean)) / (n - 1)) : Number.NaN, n};
}

/** Scores of one multiple-choice item, as lm-evaluation-harness has them (`ConfigurableTask.process_results`). */
interface ChoiceScores {
  /** The choice of the largest log-likelihood is the right one. */
  readonly acc: boolean;
  /** The same with each log-likelihood divided by the choice's length in characters, as Python counts them: code points. */
  readonly acc_norm: boolean;
  /** The same, divided by its length in bytes of UTF-8. */
  readonly acc_bytes: boolean;
}

/**
 * `logLikelihoods[i]` is Σ ln p of choice i's tokens after the prompt, `choices[i]` its text without the delimiter that parts it from the prompt;
 * of equal ones the first is taken, as numpy's argmax does. Throws a RangeError for other counts.
 */
export function choiceScores(logLikelihoods: readonly number[], choices: readonly string[], answer: number): ChoiceScores {
  if (logLikelihoods.length !== choices.length)
    throw new RangeError(`invalid log-likelihoods: ${logLikelihoods.length}; expected ${choices.length}`);
  const isRight = (lengthOf: (choice: string) => number): boolean =>
    likeliest(logLikelihoods.map((value, i) => value / lengthOf(choices[i]))) === answer;
  return {
    acc: isRight(() => 1),
    acc_norm: isRight((choice) => [...choice].length),
    acc_bytes: isRight((choice) => new TextEncoder().encode(choice).length)
  };
}

/** Index of the largest value, the first of equal ones. */
export const likeliest = (values: readonly number[]): number => values.reduce((best, value, i) => (value > values[best] ? i : best), 0);
