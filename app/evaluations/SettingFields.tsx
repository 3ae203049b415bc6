import {evalBounds, type Bounds} from "../../api/contract/choices.ts";
import {EngineChoices} from "../parts/EngineChoices.tsx";
import {NumberField} from "../parts/NumberField.tsx";
import {TextField} from "../parts/TextField.tsx";
import {OFFERED_CACHES, OFFERED_RULES, useEvaluationDraft, type EvaluationDraft, type EvaluationProblems} from "./evaluationDraft.ts";
import {NamesField} from "./NamesField.tsx";

interface FieldsProps {
  readonly draft: EvaluationDraft;
  readonly problems: EvaluationProblems;
}

const set = (patch: Partial<EvaluationDraft>): void => useEvaluationDraft.setState(patch);
const ends = ({least, most}: Bounds): string => `${least} to ${most}`;

/** The ways in which every item is answered, and of how many items. */
export function SettingFields({draft, problems}: FieldsProps) {
  return (
    <>
      <TextField
        label="Depths"
        value={draft.steps}
        problem={problems.steps}
        hint={`steps at which every item is answered, ${ends(evalBounds.steps)}, joined by commas`}
        onChange={(steps) => set({steps})}
      />
      <NamesField
        label="Exit rules"
        value={draft.exits}
        problem={problems.exits}
        hint="each at the largest depth; kl:0.001 sets another threshold"
        offered={OFFERED_RULES}
        onChange={(exits) => set({exits})}
      />
      <NamesField
        label="Cache strategies"
        value={draft.kv}
        problem={problems.kv}
        hint="each at the largest depth, beside full"
        offered={OFFERED_CACHES}
        onChange={(kv) => set({kv})}
      />
      <div className="field-grid">
        <NumberField
          label="Items"
          value={draft.limit}
          problem={problems.limit}
          hint="only the first; empty for all"
          onChange={(limit) => set({limit})}
        />
        <NumberField
          label="Seed"
          value={draft.seed}
          problem={problems.seed}
          hint="of the initial states"
          onChange={(seed) => set({seed})}
        />
        <TextField
          label="Title"
          value={draft.title}
          problem={problems.title}
          hint="what to call it; may be empty"
          onChange={(title) => set({title})}
        />
      </div>
    </>
  );
}

/** How long an answer may be, and what computes it. */
export function EngineFields({draft, problems}: FieldsProps) {
  return (
    <details className="more">
      <summary>Answers and engine</summary>
      <div className="field-grid">
        <NumberField
          label="Tokens of an answer"
          value={draft.maxNew}
          problem={problems.maxNew}
          hint="at most; empty for as many as the right one has"
          onChange={(maxNew) => set({maxNew})}
        />
        <EngineChoices draft={draft} problems={problems} set={set} />
      </div>
    </details>
  );
}
