import {captureBounds, initKinds} from "../../api/contract/choices.ts";
import type {ModelSummary} from "../../api/contract/contract.ts";
import {boundProblem} from "../parts/boundProblem.ts";
import type {Draft} from "./captureDraft.ts";

export type DraftProblems = Partial<Record<"prompt" | "steps" | "inits" | "seed" | "kind" | "scale" | "top", string>>;

const FIELDS = {steps: "Steps", inits: "Initial states", seed: "Seed", scale: "Scale", top: "Top tokens"} as const;

/** What in a draft the server would refuse, by field: the value and what is allowed. */
export function problemsOf(draft: Draft, model: ModelSummary | undefined, tokens: number | undefined): DraftProblems {
  const {prompt, readout} = draft;
  const problems: DraftProblems = {};
  if (prompt === "") problems.prompt = "Type a prompt: at least one token.";
  else if (model && tokens !== undefined && tokens > model.max_tokens)
    problems.prompt = `${tokens} tokens; this model takes at most ${model.max_tokens}.`;
  for (const field of ["steps", "inits", "seed", "scale", "top"] as const) {
    const problem = boundProblem(draft[field], FIELDS[field], {...captureBounds[field], whole: field !== "scale"});
    if (problem && (field !== "top" || readout)) problems[field] = problem;
  }
  const refusal = model?.not_offered.init_kind;
  if (refusal !== undefined && draft.kind !== initKinds[0]) problems.kind = `Initial state: ${draft.kind}; ${refusal}.`;
  return problems;
}
