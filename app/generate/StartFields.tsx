import {warmStarts} from "../../api/contract/choices.ts";
import {Choice} from "../parts/Choice.tsx";
import {NumberField} from "../parts/NumberField.tsx";
import {TextField} from "../parts/TextField.tsx";
import type {FieldsProps} from "./ExitFields.tsx";
import {useGenerateDraft, type GenerateDraft} from "./generateDraft.ts";

const WARM_NAMES: Readonly<Record<(typeof warmStarts)[number], string>> = {
  none: "the model’s own start",
  normed: "the last state, normed",
  raw: "the last state, as it is"
};

/** What a token's loop starts from, the seed, and where the text ends. */
export function StartFields({draft, model, problems}: FieldsProps) {
  const set = (patch: Partial<GenerateDraft>): void => useGenerateDraft.setState(patch);
  const refusal = model?.not_offered.warm_start_normed;
  const kinds = warmStarts.filter((kind) => kind !== "normed" || refusal === undefined || draft.warmStart === kind);
  return (
    <div className="field-row">
      <Choice
        label="A token starts from"
        value={draft.warmStart ?? warmStarts[0]}
        options={kinds.map((kind) => [kind, WARM_NAMES[kind]] as const)}
        problem={problems.warmStart}
        hint={refusal}
        onChange={(warmStart) => set({warmStart})}
      />
      <NumberField label="Seed" value={draft.seed} problem={problems.seed} hint="same seed, same text" onChange={(seed) => set({seed})} />
      <TextField label="Stop at" value={draft.stop} hint="a text that ends it; \n is a new line" onChange={(stop) => set({stop})} />
    </div>
  );
}
