import type {ModelSummary} from "../../api/contract/contract.ts";
import type {Remote} from "../source/remote.ts";
import {useEvaluationDraft} from "./evaluationDraft.ts";

interface ModelFieldProps {
  readonly models: Remote<readonly ModelSummary[]>;
  /** Those that can be run. */
  readonly usable: readonly ModelSummary[];
  readonly model: ModelSummary | undefined;
}

/** The model that answers, and what is known of it. */
export function ModelField({models, usable, model}: ModelFieldProps) {
  return (
    <div className="field">
      <label htmlFor="evaluation-model">Model</label>
      <select
        id="evaluation-model"
        value={model?.name ?? ""}
        disabled={usable.length === 0}
        aria-describedby="evaluation-model-about"
        onChange={({target}) => useEvaluationDraft.setState({model: target.value})}
      >
        {usable.map(({name}) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <p id="evaluation-model-about" className={models.status === "loading" || model ? "hint" : "problem"}>
        {models.status === "loading"
          ? "Looking for models …"
          : models.status === "failed"
            ? `The models could not be listed: ${models.error.message}`
            : model
              ? `width ${model.width}, at most ${model.max_tokens} tokens, trained with ${model.mean_recurrence} steps on average`
              : "There is no usable model: start the server with --models DIR."}
      </p>
    </div>
  );
}
