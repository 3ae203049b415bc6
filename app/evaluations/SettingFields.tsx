import {ends, EXIT_RULES, evalBounds} from "../../api/contract/choices.ts";
import type {ModelSummary} from "../../api/contract/contract.ts";
import {offersRule, strategiesOf} from "../parts/offered.ts";
import {EngineChoices} from "../parts/EngineChoices.tsx";
import {NumberField} from "../parts/NumberField.tsx";
import {TextField} from "../parts/TextField.tsx";
import {useEvaluationDraft, type EvaluationDraft, type EvaluationProblems} from "./evaluationDraft.ts";
import {NamesField} from "./NamesField.tsx";

interface FieldsProps {
  readonly draft: EvaluationDraft;
  readonly problems: EvaluationProblems;
}

const set = (patch: Partial<EvaluationDraft>): void => useEvaluationDraft.setState(patch);

/** The ways in which every item is answered, those offered by name that the model has, and of how many items. */
export function SettingFields({draft, problems, model}: FieldsProps & {readonly model: ModelSummary | undefined}) {
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
        offered={EXIT_RULES.filter((rule) => offersRule(model, rule)).map(({name, formula}) => [name, formula])}
        onChange={(exits) => set({exits})}
      />
      <NamesField
        label="Cache strategies"
        value={draft.kv}
        problem={problems.kv}
        hint="each at the largest depth, beside full"
        offered={strategiesOf(model).filter(([name]) => name !== "full")}
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
