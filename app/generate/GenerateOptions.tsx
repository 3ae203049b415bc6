import {ModelChoice} from "../parts/ModelChoice.tsx";
import {NumberField} from "../parts/NumberField.tsx";
import {trainedWith} from "../parts/trainedWith.ts";
import type {ModelOffer} from "../parts/useModels.ts";
import {DiffuseFields} from "./DiffuseFields.tsx";
import {ExitFields} from "./ExitFields.tsx";
import {useGenerateDraft, type GenerateDraft, type GenerateProblems} from "./generateDraft.ts";
import {SamplingFields} from "./SamplingFields.tsx";
import {SpeculationFields} from "./SpeculationFields.tsx";
import {StartFields} from "./StartFields.tsx";

interface GenerateOptionsProps extends ModelOffer {
  readonly draft: GenerateDraft;
  readonly problems: GenerateProblems;
}

/** How tokens are made: length, depth and rule in sight, the rest folded away. */
export function GenerateOptions({draft, models, usable, model, problems}: GenerateOptionsProps) {
  const set = (patch: Partial<GenerateDraft>): void => useGenerateDraft.setState(patch);
  const steps = Number.isNaN(draft.steps) ? (model?.mean_recurrence ?? 0) : draft.steps;
  return (
    <>
      <div className="field-row">
        <ModelChoice models={models} usable={usable} model={model} onChange={(name) => set({model: name})} />
        <NumberField label="New tokens" value={draft.maxNew} problem={problems.maxNew} onChange={(maxNew) => set({maxNew})} />
        <NumberField
          label="Steps"
          value={steps}
          problem={problems.steps}
          hint={trainedWith(model, steps)}
          onChange={(chosen) => set({steps: chosen})}
        />
      </div>
      <ExitFields draft={draft} model={model} problems={problems} />
      <details className="more">
        <summary>Sampling, starts, speculation, diffusion</summary>
        <SamplingFields draft={draft} problems={problems} />
        <StartFields draft={draft} model={model} problems={problems} />
        <SpeculationFields draft={draft} model={model} problems={problems} />
        {problems.speculate && <p className="problem">{problems.speculate}</p>}
        <DiffuseFields draft={draft} problems={problems} refusal={model?.not_offered.diffuse} />
        {problems.diffuse && <p className="problem">{problems.diffuse}</p>}
      </details>
    </>
  );
}
