/** A published rule that stops the recurrence: a value after every step, and the threshold that ends the loop. */
export interface ExitCriterion {
  readonly name: string;
  readonly formula: string;
  readonly source: string;
  readonly threshold: number;
  /** Whether the loop ends when the value falls below the threshold or when it reaches it. */
  readonly exitWhen: "below" | "reached";
  /** Steps in a row that must pass. */
  readonly consecutive: number;
}

/** The first step at which the rule would have stopped; undefined if it never does. NaN never passes. */
export function exitStep(
  values: ArrayLike<number>,
  {threshold, exitWhen, consecutive}: Pick<ExitCriterion, "threshold" | "exitWhen" | "consecutive">
): number | undefined {
  let passed = 0;
  for (let step = 0; step < values.length; ++step) {
    passed = (exitWhen === "below" ? values[step] < threshold : values[step] >= threshold) ? passed + 1 : 0;
    if (passed >= consecutive) return step;
  }
  return undefined;
}

/** The authors' model file, raven_modeling_minimal.py. */
export const AUTHORS = "seal-rg/recurrent-pretraining at 59e0b69 (Geiping et al. 2025)";
