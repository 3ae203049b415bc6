import {CACHE_STRATEGIES, EXIT_RULES, warmStarts} from "../../api/contract/choices.ts";
import type {ModelSummary} from "../../api/contract/contract.ts";
import {NumberField} from "../parts/NumberField.tsx";
import {OptionList} from "../parts/Select.tsx";
import {TextField} from "../parts/TextField.tsx";
import type {Remote} from "../source/remote.ts";
import {DiffuseFields} from "./DiffuseFields.tsx";
import {useGenerateDraft, type GenerateDraft, type GenerateProblems} from "./generateDraft.ts";

const WARM_NAMES: Readonly<Record<(typeof warmStarts)[number], string>> = {
  none: "fresh noise",
  normed: "the last state, normed",
  raw: "the last state, as it is"
};
/** Strategies that a list can offer: one size of those that take one. */
const STRATEGIES = CACHE_STRATEGIES.map(({name, what}) => [name.replace("{k}", "4"), what] as const);

interface GenerateOptionsProps {
  readonly draft: GenerateDraft;
  readonly models: Remote<readonly ModelSummary[]>;
  readonly usable: readonly ModelSummary[];
  readonly model: ModelSummary | undefined;
  readonly problems: GenerateProblems;
}

/** How tokens are made: length, depth and rule in sight, the rest folded away. */
export function GenerateOptions({draft, models, usable, model, problems}: GenerateOptionsProps) {
  const set = (patch: Partial<GenerateDraft>): void => useGenerateDraft.setState(patch);
  const rule = EXIT_RULES.find(({name}) => name === draft.exit);
  return (
    <>
      <div className="field-row">
        <div className="field">
          <label htmlFor="generate-model">Model</label>
          <select
            id="generate-model"
            value={model?.name ?? ""}
            disabled={usable.length === 0}
            onChange={({target}) => set({model: target.value})}
          >
            {usable.map(({name}) => (
              <option key={name}>{name}</option>
            ))}
          </select>
          <p className={models.status === "failed" || (models.status === "ready" && !model) ? "problem" : "hint"}>
            {models.status === "failed" ? models.error.message : models.status === "ready" && !model ? "There is no usable model." : ""}
          </p>
        </div>
        <NumberField label="New tokens" value={draft.maxNew} problem={problems.maxNew} onChange={(maxNew) => set({maxNew})} />
        <NumberField
          label="Steps"
          value={Number.isNaN(draft.steps) ? (model?.mean_recurrence ?? 32) : draft.steps}
          problem={problems.steps}
          hint={model && `trained with ${model.mean_recurrence} on average`}
          onChange={(steps) => set({steps})}
        />
      </div>
      <div className="field-row">
        <div className="field">
          <label htmlFor="generate-exit">Leave the loop by</label>
          <select id="generate-exit" value={draft.exit} onChange={({target}) => set({exit: target.value, threshold: Number.NaN})}>
            <OptionList options={[["", "no rule: all steps"], ...EXIT_RULES.map(({name}) => [name, name] as const)]} />
          </select>
          <p className="hint">{rule?.formula ?? "every token takes all steps"}</p>
        </div>
        <NumberField
          label="Threshold"
          value={Number.isNaN(draft.threshold) ? (rule?.threshold ?? 0) : draft.threshold}
          step="any"
          disabled={!rule}
          hint={rule && `${rule.exitWhen === "below" ? "leaves below it" : "leaves from it on"}; default ${rule.threshold}`}
          onChange={(threshold) => set({threshold})}
        />
        <div className="field">
          <label htmlFor="generate-kv">Cache</label>
          <select id="generate-kv" value={draft.kv} onChange={({target}) => set({kv: target.value})}>
            <OptionList options={[["", "as decoding has it"], ...STRATEGIES.map(([name]) => [name, name] as const)]} />
          </select>
          <p className="hint">
            {STRATEGIES.find(([name]) => name === draft.kv)?.[1] ??
              (draft.diffuse ? "one step's slots, for all steps of the wavefront" : "full: every step and block has its own keys")}
          </p>
        </div>
      </div>
      <details className="more">
        <summary>Sampling, starts, speculation, diffusion</summary>
        <div className="field-row">
          <label className="check">
            <input type="checkbox" checked={draft.sample} onChange={({target}) => set({sample: target.checked})} /> Draw tokens
          </label>
          <NumberField
            label="Temperature"
            value={draft.temperature}
            step="any"
            disabled={!draft.sample}
            problem={problems.temperature}
            onChange={(temperature) => set({temperature})}
          />
          <NumberField
            label="Top-k"
            value={draft.topK}
            disabled={!draft.sample}
            problem={problems.topK}
            hint="0 keeps all"
            onChange={(topK) => set({topK})}
          />
          <NumberField
            label="Top-p"
            value={draft.topP}
            step="any"
            disabled={!draft.sample}
            problem={problems.topP}
            onChange={(topP) => set({topP})}
          />
          <NumberField
            label="Min-p"
            value={draft.minP}
            step="any"
            disabled={!draft.sample}
            problem={problems.minP}
            onChange={(minP) => set({minP})}
          />
          <NumberField
            label="Repetition penalty"
            value={draft.penalty}
            step="any"
            problem={problems.penalty}
            onChange={(penalty) => set({penalty})}
          />
        </div>
        <div className="field-row">
          <div className="field">
            <label htmlFor="generate-warm">A token starts from</label>
            <select
              id="generate-warm"
              value={draft.warmStart}
              onChange={({target}) => set({warmStart: target.value as GenerateDraft["warmStart"]})}
            >
              <OptionList options={warmStarts.map((kind) => [kind, WARM_NAMES[kind]] as const)} />
            </select>
          </div>
          <NumberField
            label="Seed"
            value={draft.seed}
            problem={problems.seed}
            hint="same seed, same text"
            onChange={(seed) => set({seed})}
          />
          <TextField label="Stop at" value={draft.stop} hint="a text that ends it; \n is a new line" onChange={(stop) => set({stop})} />
        </div>
        <div className="field-row">
          <label className="check">
            <input type="checkbox" checked={draft.speculate} onChange={({target}) => set({speculate: target.checked})} /> Speculate
          </label>
          <NumberField
            label="Draft steps"
            value={draft.draftSteps}
            disabled={!draft.speculate}
            problem={problems.draftSteps}
            onChange={(draftSteps) => set({draftSteps})}
          />
          <NumberField
            label="Tokens ahead"
            value={draft.lookahead}
            disabled={!draft.speculate}
            problem={problems.lookahead}
            onChange={(lookahead) => set({lookahead})}
          />
          <label className="check">
            <input
              type="checkbox"
              checked={draft.prefill === "each"}
              onChange={({target}) => set({prefill: target.checked ? "each" : "together"})}
            />{" "}
            The prompt's tokens leave one by one
          </label>
          <label className="check">
            <input type="checkbox" checked={draft.chat} onChange={({target}) => set({chat: target.checked})} /> Chat template
          </label>
          <label className="check">
            <input type="checkbox" checked={draft.keep} onChange={({target}) => set({keep: target.checked})} /> Keep the states
          </label>
        </div>
        {problems.speculate && <p className="problem">{problems.speculate}</p>}
        <DiffuseFields draft={draft} problems={problems} />
        {problems.diffuse && <p className="problem">{problems.diffuse}</p>}
      </details>
    </>
  );
}
