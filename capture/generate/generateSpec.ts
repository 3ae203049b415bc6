import {z} from "zod";
import {numberIn, wholeIn} from "../boundedNumber.ts";
import {
  captureBounds,
  generateBounds,
  MAX_STOP_CHARACTERS,
  MAX_STOP_STRINGS,
  MAX_TITLE_CHARACTERS,
  prefills,
  warmStarts
} from "../bounds.ts";
import {engineOptions} from "../engine/engineOptions.ts";
import {hasOnePrompt, initSpecSchema, ONE_PROMPT, promptOptions} from "../job/captureSpec.ts";

/** What a generation can be told beside the model and the prompt; the same on the command line and over HTTP. */
export const generateOptions = {
  ...engineOptions,
  /** Steps of every token, at most; what the model was trained for where nothing is said. */
  steps: z.number().int().min(captureBounds.steps.least).max(captureBounds.steps.most).optional(),
  max_new: wholeIn(generateBounds.maxNew),
  init: initSpecSchema.default({kind: "normal", scale: captureBounds.scale.usual}),
  seed: wholeIn(captureBounds.seed),
  /** Draw tokens by their probabilities; otherwise the likeliest is taken. */
  sample: z.boolean().default(false),
  temperature: numberIn(generateBounds.temperature),
  top_k: wholeIn(generateBounds.topK),
  top_p: numberIn(generateBounds.topP),
  min_p: numberIn(generateBounds.minP),
  repetition_penalty: numberIn(generateBounds.repetitionPenalty),
  /** An exit rule, alone or with its threshold: `kl`, `kl:5e-4`. */
  exit: z.string().max(100).optional(),
  min_steps: wholeIn(generateBounds.minSteps),
  prefill: z.enum(prefills).default("together"),
  /** How the cache is shared between steps; see cacheStrategy. */
  kv: z.string().max(100).default("full"),
  warm_start: z.enum(warmStarts).default("none"),
  /** Drafts of few steps that are verified with all: greedy decoding's tokens, in less time where drafts are right. */
  speculate: z
    .strictObject({draft_steps: wholeIn(generateBounds.draftSteps), lookahead: wholeIn(generateBounds.lookahead)})
    .nullable()
    .default(null),
  /** Strings that end the text, and are not part of it. */
  stop: z.array(z.string().min(1).max(MAX_STOP_CHARACTERS)).max(MAX_STOP_STRINGS).default([]),
  /** The prompt is what a user says, put into the tokenizer's chat template. */
  chat: z.boolean().default(false),
  title: z.string().max(MAX_TITLE_CHARACTERS).optional()
};

const speculatesAlone = ({speculate, sample, exit, warm_start, prefill}: z.infer<z.ZodObject<typeof generateOptions>>): boolean =>
  speculate === null || (!sample && exit === undefined && warm_start === "none" && prefill === "together");

/** One generation, as the process that computes it takes it: paths are resolved. */
export const generateSpecSchema = z
  .strictObject({
    /** The checkpoint's folder. */
    model: z.string().min(1),
    owner: z.string().max(64).optional(),
    /** The trace folder to make of every position's states; new or empty. None where it is absent. */
    keep: z.string().min(1).optional(),
    ...promptOptions,
    ...generateOptions
  })
  .refine(hasOnePrompt, {message: ONE_PROMPT})
  .refine(({chat, token_ids}) => !(chat && token_ids), {message: "invalid chat: true; token ids are taken as they are", path: ["chat"]})
  .refine(speculatesAlone, {message: "speculation is greedy, with fresh starts and no exit rule", path: ["speculate"]});

export type GenerateSpec = z.infer<typeof generateSpecSchema>;
