import {correctSteps, type CorrectSteps} from "../../analysis/eval/correctSteps.ts";
import type {EvalItem, EvalOutcome, EvalRow, EvalSetting, EvalSpec, ItemResult} from "../contract/evalSchemas.ts";
import {choiceName} from "./answerItem.ts";
import {isDepth} from "./settingsOf.ts";

/** Where an item was right, over the depths alone. */
export function correctOf(settings: readonly EvalSetting[], outcomes: readonly Pick<EvalOutcome, "right">[]): CorrectSteps {
  const depths = settings.flatMap((setting, i) => (isDepth(setting) ? [i] : []));
  return correctSteps(
    depths.map((i) => settings[i].steps),
    depths.map((i) => outcomes[i].right)
  );
}

/** A result with its item: a row of the table. */
export function evalRow({settings}: EvalSpec, item: EvalItem, result: ItemResult): EvalRow {
  const {first, last, lost} = correctOf(settings, result.outcomes);
  return {
    ...result,
    id: item.id ?? null,
    prompt: item.prompt,
    answer: item.kind === "text" ? item.answer : choiceName(item, item.answer),
    first_correct: first ?? null,
    last_correct: last ?? null,
    lost
  };
}
