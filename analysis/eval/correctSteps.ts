/** Where on the way an item was answered right. Steps are those that were tried, rising. */
export interface CorrectSteps {
  readonly first?: number;
  readonly last?: number;
  /** Right at some step and wrong at the last one tried: the model had the answer and lost it. */
  readonly lost: boolean;
}

/** `right[i]` is the item's answer at `steps[i]`. */
export function correctSteps(steps: readonly number[], right: readonly boolean[]): CorrectSteps {
  const at = steps.filter((_, i) => right[i]);
  return {first: at[0], last: at.at(-1), lost: at.length > 0 && !right[right.length - 1]};
}
