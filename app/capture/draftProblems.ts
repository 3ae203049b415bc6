import type {ModelSummary} from "../../api/contract/contract.ts";
import type {Draft} from "./captureDraft.ts";

export type DraftProblems = Partial<Record<"prompt" | "steps" | "inits" | "seed" | "scale" | "top", string>>;

const MAX_STEPS = 4096; // the server's own limits, said before it has to
const MAX_INITS = 1024;
const MAX_SEED = 2 ** 31 - 1;
const MAX_SCALE = 1000;
const MAX_TOP = 100;

/** What in a draft the server would refuse, by field: the value and what is allowed. */
export function problemsOf(
  {prompt, steps, inits, seed, scale, top, readout}: Draft,
  model: ModelSummary | undefined,
  tokens: number | undefined
): DraftProblems {
  const problems: DraftProblems = {};
  if (prompt === "") problems.prompt = "Type a prompt: at least one token.";
  else if (model && tokens !== undefined && tokens > model.max_tokens)
    problems.prompt = `${tokens} tokens; this model takes at most ${model.max_tokens}.`;
  if (!isCount(steps, 1, MAX_STEPS)) problems.steps = `Steps: ${shown(steps)}; expected 1 to ${MAX_STEPS}.`;
  if (!isCount(inits, 1, MAX_INITS)) problems.inits = `Initial states: ${shown(inits)}; expected 1 to ${MAX_INITS}.`;
  if (!isCount(seed, 0, MAX_SEED)) problems.seed = `Seed: ${shown(seed)}; expected 0 to ${MAX_SEED}.`;
  if (!(scale >= 0 && scale <= MAX_SCALE)) problems.scale = `Scale: ${shown(scale)}; expected 0 to ${MAX_SCALE}.`;
  if (readout && !isCount(top, 1, MAX_TOP)) problems.top = `Top tokens: ${shown(top)}; expected 1 to ${MAX_TOP}.`;
  return problems;
}

const isCount = (value: number, low: number, high: number): boolean => Number.isInteger(value) && value >= low && value <= high;
const shown = (value: number): string => (Number.isNaN(value) ? "nothing" : String(value));
