import {create} from "zustand";
import {captureBounds, generateBounds, type Bounds} from "../../api/contract/choices.ts";
import {boundProblem} from "../parts/boundProblem.ts";
import type {GenerateOrder} from "../source/Source.ts";

/** What the form holds; kept while another page is looked at. */
export interface GenerateDraft {
  readonly model: string;
  readonly prompt: string;
  readonly maxNew: number;
  /** NaN leaves the steps to the model. */
  readonly steps: number;
  readonly seed: number;
  /** Name of an exit rule, or nothing. */
  readonly exit: string;
  /** NaN leaves the threshold to the rule. */
  readonly threshold: number;
  readonly prefill: GenerateOrder["prefill"];
  readonly kv: string;
  readonly warmStart: GenerateOrder["warm_start"];
  readonly sample: boolean;
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
  readonly minP: number;
  readonly penalty: number;
  readonly speculate: boolean;
  readonly draftSteps: number;
  readonly lookahead: number;
  readonly stop: string;
  readonly chat: boolean;
  readonly keep: boolean;
}

export const useGenerateDraft = create<GenerateDraft>()(() => ({
  model: "",
  prompt: "",
  maxNew: generateBounds.maxNew.usual,
  steps: Number.NaN,
  seed: captureBounds.seed.usual,
  exit: "",
  threshold: Number.NaN,
  prefill: "together",
  kv: "full",
  warmStart: "none",
  sample: false,
  temperature: generateBounds.temperature.usual,
  topK: generateBounds.topK.usual,
  topP: generateBounds.topP.usual,
  minP: generateBounds.minP.usual,
  penalty: generateBounds.repetitionPenalty.usual,
  speculate: false,
  draftSteps: generateBounds.draftSteps.usual,
  lookahead: generateBounds.lookahead.usual,
  stop: "",
  chat: false,
  keep: true
}));

export type GenerateProblems = Partial<Record<keyof GenerateDraft, string>>;

/** Numbers of the form: the field, what the page calls it, its bounds, and whether it counts only where something else is set. */
const NUMBERS: readonly (readonly [
  keyof GenerateDraft,
  string,
  Bounds & {readonly whole?: boolean},
  ((draft: GenerateDraft) => boolean)?
])[] = [
  ["maxNew", "New tokens", generateBounds.maxNew],
  ["seed", "Seed", captureBounds.seed],
  ["steps", "Steps", captureBounds.steps, ({steps}) => !Number.isNaN(steps)],
  ["temperature", "Temperature", {...generateBounds.temperature, whole: false}, ({sample}) => sample],
  ["topK", "Top-k", generateBounds.topK, ({sample}) => sample],
  ["topP", "Top-p", {...generateBounds.topP, whole: false}, ({sample}) => sample],
  ["minP", "Min-p", {...generateBounds.minP, whole: false}, ({sample}) => sample],
  ["penalty", "Repetition penalty", {...generateBounds.repetitionPenalty, whole: false}],
  ["draftSteps", "Draft steps", generateBounds.draftSteps, ({speculate}) => speculate],
  ["lookahead", "Tokens ahead", generateBounds.lookahead, ({speculate}) => speculate]
];

/** What in a draft the server would refuse, by field. */
export function generateProblems(draft: GenerateDraft, tokens: number | undefined, maxTokens: number | undefined): GenerateProblems {
  const problems: GenerateProblems = {};
  if (draft.prompt === "") problems.prompt = "Prompt: nothing; expected at least one character.";
  for (const [field, name, bounds, counts = () => true] of NUMBERS) {
    const problem = counts(draft) ? boundProblem(draft[field] as number, name, bounds) : undefined;
    if (problem) problems[field] = problem;
  }
  if (tokens !== undefined && maxTokens !== undefined && tokens + draft.maxNew - 1 > maxTokens)
    problems.maxNew ??= `New tokens: ${draft.maxNew}, with ${tokens} of prompt; the model takes at most ${maxTokens}.`;
  if (draft.speculate && (draft.sample || draft.exit || draft.warmStart !== "none" || draft.prefill !== "together"))
    problems.speculate = "Speculation is greedy, with fresh starts, a prompt taken up together and no exit rule.";
  return problems;
}

/** What a draft asks for. */
export function generateOrder(draft: GenerateDraft): GenerateOrder {
  const {exit, threshold, steps, stop, speculate, draftSteps, lookahead} = draft;
  return {
    model: draft.model,
    prompt: draft.prompt,
    max_new: draft.maxNew,
    seed: draft.seed,
    prefill: draft.prefill,
    kv: draft.kv,
    warm_start: draft.warmStart,
    sample: draft.sample,
    temperature: draft.temperature,
    top_k: draft.topK,
    top_p: draft.topP,
    min_p: draft.minP,
    repetition_penalty: draft.penalty,
    chat: draft.chat,
    keep: draft.keep,
    stop: stop === "" ? [] : [stop.replaceAll("\\n", "\n")],
    speculate: speculate ? {draft_steps: draftSteps, lookahead} : null,
    ...(!Number.isNaN(steps) && {steps}),
    ...(exit && {exit: Number.isNaN(threshold) ? exit : `${exit}:${threshold}`})
  };
}
