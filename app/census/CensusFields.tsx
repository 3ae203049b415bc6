import {captureBounds, ends} from "../../api/contract/choices.ts";
import type {ModelSummary} from "../../api/contract/contract.ts";
import {EngineChoices} from "../parts/EngineChoices.tsx";
import {LoopFields} from "../parts/LoopFields.tsx";
import {NumberField} from "../parts/NumberField.tsx";
import {TextField} from "../parts/TextField.tsx";
import {useCensusDraft, type CensusDraft, type CensusProblems} from "./censusDraft.ts";

interface CensusFieldsProps {
  readonly draft: CensusDraft;
  readonly model: ModelSummary | undefined;
  readonly problems: CensusProblems;
}

const set = (patch: Partial<CensusDraft>): void => useCensusDraft.setState(patch);
const FOLDED = ["keep", "sample", "megabytes", "dtype", "device"] as const;

/** How every prompt is run: steps, starts and seed in sight, what is kept and what computes folded away. */
export function CensusFields({draft, model, problems}: CensusFieldsProps) {
  const isWrong = FOLDED.some((field) => problems[field] !== undefined);
  return (
    <>
      <div className="field-grid">
        <LoopFields
          draft={draft}
          model={model}
          problems={problems}
          starts={`of each prompt, ${ends(captureBounds.inits)}`}
          results="rows"
          set={set}
        />
        <TextField
          label="Title"
          value={draft.title}
          problem={problems.title}
          hint="what to call it; may be empty"
          onChange={(title) => set({title})}
        />
      </div>
      <details className="more" open={isWrong || undefined}>
        <summary>Kept traces, engine</summary>
        <div className="field-grid">
          <KeptFields draft={draft} problems={problems} />
          <EngineChoices draft={draft} problems={problems} set={set} />
        </div>
      </details>
    </>
  );
}

type PartProps = Omit<CensusFieldsProps, "model">;

function KeptFields({draft, problems}: PartProps) {
  return (
    <>
      <NumberField
        label="Traces kept"
        value={draft.keep}
        problem={problems.keep}
        hint="prompts with an orbit or a slider, at most"
        onChange={(keep) => set({keep})}
      />
      <NumberField
        label="Sample"
        value={draft.sample}
        problem={problems.sample}
        hint="other prompts whose traces are kept"
        onChange={(sample) => set({sample})}
      />
      <NumberField
        label="Megabytes"
        value={draft.megabytes}
        problem={problems.megabytes}
        hint="of kept traces, at most"
        onChange={(megabytes) => set({megabytes})}
      />
    </>
  );
}
