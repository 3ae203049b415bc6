import {CACHE_STRATEGIES, EXIT_RULES} from "../../api/contract/choices.ts";
import type {ModelSummary} from "../../api/contract/contract.ts";
import {Choice} from "../parts/Choice.tsx";
import {NumberField} from "../parts/NumberField.tsx";
import {useGenerateDraft, type GenerateDraft, type GenerateProblems} from "./generateDraft.ts";

export interface FieldsProps {
  readonly draft: GenerateDraft;
  readonly model: ModelSummary | undefined;
  readonly problems: GenerateProblems;
}

const set = (patch: Partial<GenerateDraft>): void => useGenerateDraft.setState(patch);

const USUAL_SIZE = 4; // slots of a compressed cache, where the model's step fits it

/** The rule by which a token leaves the loop, and how the cache is shared: what the model has. */
export function ExitFields({draft, model, problems}: FieldsProps) {
  const rule = EXIT_RULES.find(({name}) => name === draft.exit);
  const noGate = model?.not_offered.exit_gate;
  const rules = EXIT_RULES.filter(({name, reads}) => reads !== "gate" || noGate === undefined || name === draft.exit);
  const strategies = strategiesOf(model?.step_attentions ?? USUAL_SIZE);
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

/** Strategies that a list can offer: of those that take a size one that the model's step fits. */
function strategiesOf(attentions: number): readonly (readonly [string, string])[] {
  const fits = attentions > 0 && (USUAL_SIZE % attentions === 0 || attentions % USUAL_SIZE === 0);
  return CACHE_STRATEGIES.map(({name, what}) => [name.replace("{k}", String(fits ? USUAL_SIZE : attentions)), what] as const);
}
