import {CACHE_STRATEGIES, type EXIT_RULES} from "../../api/contract/choices.ts";
import type {ModelSummary} from "../../api/contract/contract.ts";

const USUAL_SIZE = 4; // slots of a compressed cache, where the model's step fits it

/** Cache strategies that a form can offer, each with what it does: of those that take a size one that the model's step fits. */
export function strategiesOf(
  model: Pick<ModelSummary, "step_attentions"> | undefined
): readonly (readonly [name: string, about: string])[] {
  const attentions = model?.step_attentions ?? USUAL_SIZE;
  const fits = attentions > 0 && (USUAL_SIZE % attentions === 0 || attentions % USUAL_SIZE === 0);
  return CACHE_STRATEGIES.map(({name, what}) => [name.replace("{k}", String(fits ? USUAL_SIZE : attentions)), what] as const);
}

/** Whether the model has what a rule reads. */
export const offersRule = (model: Pick<ModelSummary, "not_offered"> | undefined, {reads}: (typeof EXIT_RULES)[number]): boolean =>
  reads !== "gate" || model?.not_offered.exit_gate === undefined;
