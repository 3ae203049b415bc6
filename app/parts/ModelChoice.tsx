import {Choice} from "./Choice.tsx";
import {NO_MODEL, type ModelOffer} from "./useModels.ts";

interface ModelChoiceProps extends ModelOffer {
  /** Why it cannot be used here. */
  readonly problem?: string;
  readonly onChange: (name: string) => void;
}

/** The model that runs, and what is known of it, or why there is none. */
export function ModelChoice({models, usable, model, problem, onChange}: ModelChoiceProps) {
  const missing =
    models.status === "failed"
      ? `The models could not be listed: ${models.error.message}`
      : models.status === "ready" && !model
        ? NO_MODEL
        : problem;
  return (
    <Choice
      label="Model"
      value={model?.name ?? ""}
      options={usable.map(({name}) => [name, name] as const)}
      disabled={usable.length === 0}
      problem={missing}
      hint={
        model
          ? `width ${model.width}, at most ${model.max_tokens} tokens, trained with ${model.mean_recurrence} steps`
          : "Looking for models …"
      }
      onChange={onChange}
    />
  );
}
