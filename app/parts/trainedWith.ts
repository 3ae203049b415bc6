import {isBeyond} from "../../api/contract/choices.ts";
import type {ModelSummary} from "../../api/contract/contract.ts";

/** What is said beside the steps of a form: with how many the model was trained, and whether more are asked for. */
export function trainedWith(model: ModelSummary | undefined, steps: number): string | undefined {
  if (!model) return undefined;
  const {mean_recurrence: trained} = model;
  return `trained with ${trained}${isBeyond(trained, steps) ? `; from step ${trained + 1} on beyond them` : ""}`;
}
