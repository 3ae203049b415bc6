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
import {isDrawn} from "./sampler.ts";
import {diffuseDemandSchema} from "./diffuseDemand.ts";
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
  /** How the cache is shared between steps; see cacheStrategy. Defaults to `full`, and to one step's slots where a wavefront is asked for. */
  kv: z.string().max(100).optional(),
  warm_start: z.enum(warmStarts).default("none"),
  /** Drafts of few steps that are verified with all: greedy decoding's tokens, in less time where drafts are right. */
  speculate: z
    .strictObject({draft_steps: wholeIn(generateBounds.draftSteps), lookahead: wholeIn(generateBounds.lookahead)})
    .nullable()
    .default(null),
  /** Diffusion-style decoding: a wavefront of positions at different depths, in place of one token after the other. */
  diffuse: diffuseDemandSchema.nullable().default(null),
  /** Strings that end the text, and are not part of it. */
  stop: z.array(z.string().min(1).max(MAX_STOP_CHARACTERS)).max(MAX_STOP_STRINGS).default([]),
  /** The prompt is what a user says, put into the tokenizer's chat template. */
  chat: z.boolean().default(false),
  title: z.string().max(MAX_TITLE_CHARACTERS).optional()
};

type Options = z.infer<z.ZodObject<typeof generateOptions>>;

/** Combinations that no reference has and no meaning: what clashes, by name, and what is to be done. */
const CLASHES: readonly {readonly of: "speculate" | "diffuse"; readonly with: string; readonly is: (options: Options) => boolean}[] = [
  {of: "speculate", with: "diffuse: drafts are verified in order", is: ({diffuse}) => diffuse !== null},
  {of: "speculate", with: "sample: what is verified is the likeliest token", is: isDrawn},
  {of: "speculate", with: "exit: drafts and verification have their steps", is: ({exit}) => exit !== undefined},
  {of: "speculate", with: "warm_start: a chunk is verified from fresh starts", is: ({warm_start}) => warm_start !== "none"},
  {of: "speculate", with: "prefill each: the prompt is one chunk", is: ({prefill}) => prefill !== "together"},
  {of: "speculate", with: "repetition_penalty: what is verified is the likeliest token", is: (options) => options.repetition_penalty !== 1},
  {of: "diffuse", with: "exit: a wavefront has freeze_strategy", is: ({exit}) => exit !== undefined},
  {of: "diffuse", with: "prefill each: the prompt is one chunk", is: ({prefill}) => prefill !== "together"},
  {of: "diffuse", with: "warm_start normed: a wavefront carries raw states", is: ({warm_start}) => warm_start === "normed"}
];

const noClash = <S extends z.ZodType<Options>>(schema: S): S =>
  schema.superRefine((options, context) => {
    const clash = CLASHES.find((known) => options[known.of] !== null && known.is(options));
    if (clash) context.addIssue({code: "custom", path: [clash.of], message: `not together with ${clash.with}`});
  });

/** One generation, as the process that computes it takes it: paths are resolved. */
export const generateSpecSchema = noClash(
  z
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
);

export type GenerateSpec = z.infer<typeof generateSpecSchema>;
