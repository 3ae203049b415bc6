import {ends, experimentBounds} from "../../api/contract/choices.ts";
import type {ModelSummary} from "../../api/contract/contract.ts";
import {useExperimentDraft, type ExperimentDraft} from "./experimentDraft.ts";
import type {ExperimentProblems} from "./experimentProblems.ts";
import {Choice} from "../parts/Choice.tsx";
import {EngineChoices} from "../parts/EngineChoices.tsx";
import {LoopFields} from "../parts/LoopFields.tsx";
import {NumberField} from "../parts/NumberField.tsx";
import {TextField} from "../parts/TextField.tsx";

interface ExperimentOptionsProps {
  readonly draft: ExperimentDraft;
  readonly model: ModelSummary | undefined;
  readonly problems: ExperimentProblems;
}

const set = (patch: Partial<ExperimentDraft>): void => useExperimentDraft.setState(patch);

const FOLDED = ["noise", "swaps", "scales", "scaleInits", "constants", "tolerance", "resamples", "dtype", "device"] as const;

/** How the prompts are run: steps, own starts, seed and traces in sight, the other starts and the measuring folded away. */
export function ExperimentOptions({draft, model, problems}: ExperimentOptionsProps) {
  const isWrong = FOLDED.some((field) => problems[field] !== undefined);
  return (
    <>
      <div className="field-grid">
        <LoopFields
          draft={draft}
          model={model}
          problems={problems}
          starts={`own random starts, ${ends(experimentBounds.inits)}`}
          results="results"
          set={set}
        />
      </div>
      <TextField
        label="Keep the traces of prompts"
        value={draft.keep}
        problem={problems.keep}
        hint="by number from 0, joined by commas; the states of the others are not kept"
        onChange={(keep) => set({keep})}
      />
      <details className="more" open={isWrong || undefined}>
        <summary>Other starts, measuring, engine</summary>
        <div className="field-grid">
          <OtherStarts draft={draft} problems={problems} />
          <Measuring draft={draft} problems={problems} />
          <EngineChoices draft={draft} problems={problems} set={set} />
        </div>
      </details>
    </>
  );
}

type PartProps = Omit<ExperimentOptionsProps, "model">;

/** Starts beside the model's own. */
function OtherStarts({draft, problems}: PartProps) {
  return (
    <>
      <NumberField
        label="Noise starts"
        value={draft.noise}
        problem={problems.noise}
        hint="for AA(noise); 0 for none"
        onChange={(noise) => set({noise})}
      />
      <NumberField
        label="Swap starts"
        value={draft.swaps}
        problem={problems.swaps}
        hint="other prompts’ ends, AA(swap)"
        onChange={(swaps) => set({swaps})}
      />
      <TextField
        label="Constants"
        value={draft.constants}
        problem={problems.constants}
        hint="one number everywhere"
        onChange={(constants) => set({constants})}
      />
      <TextField
        label="Scales"
        value={draft.scales}
        problem={problems.scales}
        hint="of the initial state; 0 is zeros"
        onChange={(scales) => set({scales})}
      />
      <NumberField
        label="Starts at each scale"
        value={draft.scaleInits}
        problem={problems.scaleInits}
        hint={ends(experimentBounds.scale_inits)}
        onChange={(scaleInits) => set({scaleInits})}
      />
    </>
  );
}

function Measuring({draft, problems}: PartProps) {
  return (
    <>
      <NumberField
        label="Tolerance"
        value={draft.tolerance}
        step="any"
        problem={problems.tolerance}
        hint="relative; nearer is one place"
        onChange={(tolerance) => set({tolerance})}
      />
      <NumberField
        label="Bootstrap draws"
        value={draft.resamples}
        problem={problems.resamples}
        hint="behind each interval"
        onChange={(resamples) => set({resamples})}
      />
      <Choice
        label="Answers"
        value={draft.answers}
        options={[
          ["every", "decoded at every step"],
          ["last", "at the last step"]
        ]}
        onChange={(answers) => set({answers})}
      />
    </>
  );
}
