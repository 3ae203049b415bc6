import {create} from "zustand";
import type {ModelSummary} from "../../api/contract/contract.ts";
import {captureBounds, diffuseBounds, EXIT_RULES, freezeStrategies, generateBounds, type Bounds} from "../../api/contract/choices.ts";
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
  /** Nothing leaves the strategy to the way of decoding. */
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
  readonly diffuse: boolean;
  readonly innerRecurrence: number;
  readonly headway: number;
  readonly freezeStrategy: (typeof freezeStrategies)[number];
  readonly exitT: number;
  readonly maxWavefront: number;
  readonly emaEmbeds: number;
  readonly noiseMixing: number;
  readonly dampened: boolean;
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
  kv: "",
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
  diffuse: false,
  innerRecurrence: diffuseBounds.innerRecurrence.usual,
  headway: diffuseBounds.headway.usual,
  freezeStrategy: freezeStrategies[0],
  exitT: diffuseBounds.exitT.usual,
  maxWavefront: diffuseBounds.maxWavefront.usual,
  emaEmbeds: diffuseBounds.emaEmbeds.usual,
  noiseMixing: diffuseBounds.stateNoiseMixing.usual,
  dampened: true,
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
  ["lookahead", "Tokens ahead", generateBounds.lookahead, ({speculate}) => speculate],
  ["innerRecurrence", "Inner recurrence", diffuseBounds.innerRecurrence, ({diffuse}) => diffuse],
  ["headway", "Headway", diffuseBounds.headway, ({diffuse}) => diffuse],
  ["exitT", "Freeze below", {...diffuseBounds.exitT, whole: false}, ({diffuse}) => diffuse],
  ["maxWavefront", "Longest wavefront", diffuseBounds.maxWavefront, ({diffuse}) => diffuse],
  ["emaEmbeds", "Momentum of inputs", {...diffuseBounds.emaEmbeds, whole: false}, ({diffuse}) => diffuse],
  ["noiseMixing", "Noise in states", {...diffuseBounds.stateNoiseMixing, whole: false}, ({diffuse}) => diffuse]
];

/** What in a draft the server would refuse, by field: for its numbers, for so many tokens of prompt, and for the model. */
export function generateProblems(
  draft: GenerateDraft,
  tokens: number | undefined,
  model: Pick<ModelSummary, "max_tokens" | "not_offered"> | undefined
): GenerateProblems {
  const problems: GenerateProblems = {...modelProblems(draft, model?.not_offered ?? {})};
  const maxTokens = model?.max_tokens;
  if (draft.prompt === "") problems.prompt = "Prompt: nothing; expected at least one character.";
  for (const [field, name, bounds, counts = () => true] of NUMBERS) {
    const problem = counts(draft) ? boundProblem(draft[field] as number, name, bounds) : undefined;
    if (problem) problems[field] = problem;
  }
  const unread = draft.diffuse ? 0 : 1; // the last token is not taken up, but by a wavefront
  if (tokens !== undefined && maxTokens !== undefined && tokens + draft.maxNew - unread > maxTokens)
    problems.maxNew ??= `New tokens: ${draft.maxNew}, with ${tokens} of prompt; the model takes at most ${maxTokens}.`;
  if (
    draft.speculate &&
    (draft.diffuse ||
      (draft.sample && draft.temperature > 0) ||
      draft.exit ||
      draft.warmStart !== "none" ||
      draft.prefill !== "together" ||
      draft.penalty !== 1)
  )
    problems.speculate =
      "Speculation is greedy, with fresh starts, a prompt taken up together, no exit rule, no repetition penalty and no wavefront.";
  if (draft.diffuse && (draft.exit || draft.warmStart === "normed" || draft.prefill !== "together"))
    problems.diffuse ??= "A wavefront freezes by its own rule: without an exit rule, a normed start, or a prompt that leaves one by one.";
  return problems;
}

/** What the model has not. */
function modelProblems(draft: GenerateDraft, lacking: ModelSummary["not_offered"]): GenerateProblems {
  const isGate = EXIT_RULES.some(({name, reads}) => name === draft.exit && reads === "gate");
  return {
    ...(isGate && lacking.exit_gate && {exit: `Leave the loop by: ${draft.exit}; ${lacking.exit_gate}.`}),
    ...(draft.warmStart === "normed" &&
      lacking.warm_start_normed && {warmStart: `A token starts from: normed; ${lacking.warm_start_normed}.`}),
    ...(draft.chat && lacking.chat && {chat: `Chat template: ${lacking.chat}.`}),
    ...(draft.diffuse && lacking.diffuse && {diffuse: `${lacking.diffuse}.`})
  };
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
    diffuse: draft.diffuse ? diffuseOrder(draft) : null,
    ...(draft.kv !== "" && {kv: draft.kv}),
    ...(!Number.isNaN(steps) && {steps}),
    ...(exit && {exit: Number.isNaN(threshold) ? exit : `${exit}:${threshold}`})
  };
}

const diffuseOrder = (draft: GenerateDraft): GenerateOrder["diffuse"] => ({
  inner_recurrence: draft.innerRecurrence,
  headway: draft.headway,
  freeze_strategy: draft.freezeStrategy,
  exit_t: draft.exitT,
  max_wavefront: draft.maxWavefront,
  ema_embeds: draft.emaEmbeds,
  state_noise_mixing: draft.noiseMixing,
  dampened_state_mixer: draft.dampened,
  sqrt_mixer: false,
  max_diffusion_steps: diffuseBounds.maxDiffusionSteps.usual
});
