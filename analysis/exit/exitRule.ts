/** What a rule looks at after a step. */
export interface ExitMoment {
  /** 0 for the start, which rules that compare states see first. */
  readonly step: number;
  /** The raw state, `[position][width]`: one position for a token on its own, all of them for a prompt that iterates together. */
  readonly state: Float32Array;
  readonly width: number;
  /** Natural logarithms of the next-token distribution at the last position `[vocab]`; asked for by rules that read `logprobs`, from step 1. */
  readonly logprobs?: ArrayLike<number>;
  /** The model's own exit gate λ of this step at the last position, 0 to 1; where the family has one, from step 1. */
  readonly gate?: number;
}

/**
 * A published rule that stops the recurrence. `start` begins a token (or a prompt) and gives a function that sees one moment after another,
 * in order, and answers the rule's value; NaN where it has none yet, which never passes.
 */
export interface ExitRule {
  readonly name: string;
  readonly formula: string;
  readonly source: string;
  /** What a moment must hold. */
  readonly reads: "state" | "logprobs" | "gate";
  /** The default. */
  readonly threshold: number;
  /** Whether the loop ends when the value falls below the threshold or when it reaches it. */
  readonly exitWhen: "below" | "reached";
  /** Steps in a row that must pass. */
  readonly consecutive: number;
  /** Where the model was made to run on: every step is still taken and kept in the cache, and leaving only chooses which one is read. */
  readonly runsOn?: true;
  start(): (moment: ExitMoment) => number;
}

/** A rule at work on one token: sees moments, tells the value and whether the loop ends here. */
export type ExitWatch = (moment: ExitMoment) => {readonly value: number; readonly exit: boolean};

/** Begins to watch; the threshold defaults to the rule's own. */
export function watchExit(rule: ExitRule, threshold: number = rule.threshold): ExitWatch {
  const measure = rule.start();
  const leaves = passing(rule, threshold);
  return (moment) => {
    const value = measure(moment);
    return {value, exit: leaves(value)};
  };
}

/** Sees a rule's values in their order, and says whether the loop ends at each; NaN never passes. */
export function passing(
  {exitWhen, consecutive}: Pick<ExitRule, "exitWhen" | "consecutive">,
  threshold: number
): (value: number) => boolean {
  let passed = 0;
  return (value) => {
    passed = (exitWhen === "below" ? value < threshold : value >= threshold) ? passed + 1 : 0;
    return passed >= consecutive;
  };
}

/** The authors' model file, raven_modeling_minimal.py. */
export const AUTHORS = "seal-rg/recurrent-pretraining at 59e0b69 (Geiping et al. 2025)";
