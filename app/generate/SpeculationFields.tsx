import {NumberField} from "../parts/NumberField.tsx";
import type {FieldsProps} from "./ExitFields.tsx";
import {useGenerateDraft, type GenerateDraft} from "./generateDraft.ts";

/** Drafts by fewer steps, how the prompt is taken up, and what is kept. */
export function SpeculationFields({draft, model, problems}: FieldsProps) {
  const set = (patch: Partial<GenerateDraft>): void => useGenerateDraft.setState(patch);
  const noChat = model?.not_offered.chat;
  return (
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
        <input
          type="checkbox"
          checked={draft.chat}
          disabled={noChat !== undefined && !draft.chat}
          onChange={({target}) => set({chat: target.checked})}
        />{" "}
        Chat template
      </label>
      {(problems.chat ?? noChat) && <p className={problems.chat ? "problem" : "hint"}>{problems.chat ?? `No chat template: ${noChat}.`}</p>}
      <label className="check">
        <input type="checkbox" checked={draft.keep} onChange={({target}) => set({keep: target.checked})} /> Keep the states
      </label>
    </div>
  );
}
