import {NumberField} from "../parts/NumberField.tsx";
import {useGenerateDraft, type GenerateDraft, type GenerateProblems} from "./generateDraft.ts";

/** How a token is drawn, and what is held against tokens that were there already. */
export function SamplingFields({draft, problems}: {draft: GenerateDraft; problems: GenerateProblems}) {
  const set = (patch: Partial<GenerateDraft>): void => useGenerateDraft.setState(patch);
  return (
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
  );
}
