import type {ModelSummary} from "../../api/contract/contract.ts";
import {NumberField} from "./NumberField.tsx";
import {trainedWith} from "./trainedWith.ts";

/** How often the loop runs, and from where. */
interface Loop {
  readonly steps: number;
  readonly inits: number;
  readonly seed: number;
}

interface LoopFieldsProps {
  readonly draft: Loop;
  readonly model: ModelSummary | undefined;
  readonly problems: {readonly [field in keyof Loop]?: string};
  /** What the initial states are. */
  readonly starts: string | undefined;
  /** What the same seed gives again: run, rows, results. */
  readonly results: string;
  readonly set: (patch: Partial<Loop>) => void;
}

/** Steps, initial states and seed of what runs the loop. */
export function LoopFields({draft, model, problems, starts, results, set}: LoopFieldsProps) {
  return (
    <>
      <NumberField
        label="Steps"
        value={draft.steps}
        problem={problems.steps}
        hint={trainedWith(model, draft.steps)}
        onChange={(steps) => set({steps})}
      />
      <NumberField label="Initial states" value={draft.inits} problem={problems.inits} hint={starts} onChange={(inits) => set({inits})} />
      <NumberField
        label="Seed"
        value={draft.seed}
        problem={problems.seed}
        hint={`same seed, same ${results}`}
        onChange={(seed) => set({seed})}
      />
    </>
  );
}
