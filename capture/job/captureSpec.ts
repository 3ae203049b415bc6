import {z} from "zod";
import {editSchema} from "../edits/editSchema.ts";
import {lenses} from "../engine/choices.ts";
import {engineOptions} from "../engine/engineOptions.ts";
import {storageDtypes} from "../trace/dtype.ts";

export const MAX_STEPS = 4096; // Huginn was trained with 32 on average and is studied to 512
export const MAX_INITS = 1024;
export const MAX_PROMPT_CHARACTERS = 100_000;
export const MAX_SITES = 256; // Huginn has 33
export const MAX_EDITS = 1000;

/** How initial states are drawn: the reference's truncated normal times `scale`, zeros, or the constant `scale`. */
export const initSpecSchema = z.strictObject({
  kind: z.enum(["normal", "zero", "constant"]).default("normal"),
  scale: z.number().min(0).max(1000).default(1)
});

/** What a capture can be told beside the model and the prompt; the same on the command line, over HTTP and in the service. */
export const captureOptions = {
  title: z.string().max(200).optional(),
  steps: z.number().int().min(1).max(MAX_STEPS).default(64),
  inits: z.number().int().min(1).max(MAX_INITS).default(4),
  init: initSpecSchema.default({kind: "normal", scale: 1}),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(0),
  /** Sites to keep beside `state`, which is always kept. */
  sites: z.array(z.string().max(100)).max(MAX_SITES).default(["state"]),
  ...engineOptions,
  storage_dtype: z.enum(storageDtypes).default("f32"),
  readout: z
    .strictObject({lens: z.enum(lenses).default("coda"), top: z.number().int().min(1).max(100).default(5)})
    .nullable()
    .default({lens: "coda", top: 5}),
  /** Changes along the way, in their order. */
  edits: z.array(editSchema).max(MAX_EDITS).default([])
};

/** Exactly one of the two must be there. */
export const promptOptions = {
  prompt: z.string().min(1).max(MAX_PROMPT_CHARACTERS).optional(),
  token_ids: z.array(z.number().int().min(0)).min(1).optional()
};

export const hasOnePrompt = ({prompt, token_ids}: {prompt?: string; token_ids?: number[]}): boolean =>
  (prompt === undefined) !== (token_ids === undefined);
export const ONE_PROMPT = "expected exactly one of prompt and token_ids";

/** One capture, as the capture service takes it: paths are resolved, so this never comes from a web page. */
export const captureSpecSchema = z
  .strictObject({
    /** The checkpoint's folder. */
    model: z.string().min(1),
    /** Who asks, as a server with users knows it. */
    owner: z.string().max(64).optional(),
    /** The trace folder to make; new or empty. */
    dir: z.string().min(1),
    /** A safetensors file with `state` [inits, tokens, width], instead of drawn initial states. */
    init_states: z.string().optional(),
    ...promptOptions,
    ...captureOptions
  })
  .refine(hasOnePrompt, {message: ONE_PROMPT});

export type CaptureSpec = z.infer<typeof captureSpecSchema>;
