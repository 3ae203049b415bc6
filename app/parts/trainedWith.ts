import {beyondNote} from "../../api/contract/choices.ts";
import type {ModelSummary} from "../../api/contract/contract.ts";

/** What is said beside the steps of a form: with how many the model was trained, and whether more are asked for. */
export const trainedWith = (model: ModelSummary | undefined, steps: number): string | undefined =>
  model && `trained with ${model.mean_recurrence}${steps > model.mean_recurrence ? beyondNote(model.mean_recurrence, steps, 1) : ""}`;
