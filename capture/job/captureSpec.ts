import {z} from "zod";
import {numberIn, wholeIn} from "../boundedNumber.ts";
import {captureBounds, initKinds, MAX_EDITS, MAX_PROMPT_CHARACTERS, MAX_SITES, MAX_TITLE_CHARACTERS} from "../bounds.ts";
import {editSchema} from "../edits/editSchema.ts";
import {engineOptions} from "../engine/engineOptions.ts";
import {storageDtypes} from "../trace/dtype.ts";

/** How initial states are drawn: the reference's truncated normal times `scale`, zeros, or the constant `scale`. */
export const initSpecSchema = z.strictObject({
  kind: z.enum(initKinds).default("normal"),
  scale: numberIn(captureBounds.scale)
});

/** What a capture can be told beside the model and the prompt; the same on the command line, over HTTP and in the service. */
export const captureOptions = {
  title: z.string().max(MAX_TITLE_CHARACTERS).optional(),
  steps: wholeIn(captureBounds.steps),
  inits: wholeIn(captureBounds.inits),
  init: initSpecSchema.default({kind: "normal", scale: captureBounds.scale.usual}),
  seed: wholeIn(captureBounds.seed),
  /** Tokens at the start that see one another in both directions, in a model that was trained so; all of them where none is said. */
  prefix: z.number().int().min(0).optional(),
  /** Sites to keep beside `state`, which is always kept. */
  sites: z.array(z.string().max(100)).max(MAX_SITES).default(["state"]),
  ...engineOptions,
  storage_dtype: z.enum(storageDtypes).default("f32"),
  readout: z
    .strictObject({
      /** One of the model's lenses; its own where none is named. */
      lens: z.string().max(100).optional(),
      top: wholeIn(captureBounds.top)
    })
    .nullable()
    .default({top: captureBounds.top.usual}),
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
