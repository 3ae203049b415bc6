import {EXIT_RULES} from "../../api/contract/choices.ts";
import type {ModelSummary} from "../../api/contract/contract.ts";
import {offersRule, strategiesOf} from "../parts/offered.ts";
import {Choice} from "../parts/Choice.tsx";
import {NumberField} from "../parts/NumberField.tsx";
import {useGenerateDraft, type GenerateDraft, type GenerateProblems} from "./generateDraft.ts";

export interface FieldsProps {
  readonly draft: GenerateDraft;
  readonly model: ModelSummary | undefined;
  readonly problems: GenerateProblems;
}

const set = (patch: Partial<GenerateDraft>): void => useGenerateDraft.setState(patch);

/** The rule by which a token leaves the loop, and how the cache is shared: what the model has. */
export function ExitFields({draft, model, problems}: FieldsProps) {
  const rule = EXIT_RULES.find(({name}) => name === draft.exit);
  const rules = EXIT_RULES.filter((known) => offersRule(model, known) || known.name === draft.exit);
  const strategies = strategiesOf(model);
  const kvHint = draft.diffuse ? "one step's slots, for all steps of the wavefront" : "full: every step and block has its own keys";
  return (
    <div className="field-row">
      <Choice
        label="Leave the loop by"
        value={draft.exit}
        options={[["", "no rule: all steps"], ...rules.map(({name}) => [name, name] as const)]}
        problem={problems.exit}
        hint={rule?.formula ?? "every token takes all steps"}
        onChange={(exit) => set({exit, threshold: Number.NaN})}
      />
      <NumberField
        label="Threshold"
        value={Number.isNaN(draft.threshold) ? (rule?.threshold ?? 0) : draft.threshold}
        step="any"
        disabled={!rule}
        hint={rule && `${rule.exitWhen === "below" ? "leaves below it" : "leaves from it on"}; default ${rule.threshold}`}
        onChange={(threshold) => set({threshold})}
      />
      <Choice
        label="Cache"
        value={draft.kv}
        options={[["", "as decoding has it"], ...strategies.map(([name]) => [name, name] as const)]}
        hint={strategies.find(([name]) => name === draft.kv)?.[1] ?? kvHint}
        onChange={(kv) => set({kv})}
      />
    </div>
  );
}
