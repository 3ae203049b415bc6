import {z} from "zod";
import {generateOptions} from "../../capture/generate/generateSpec.ts";
import {hasOnePrompt, ONE_PROMPT, promptOptions} from "../../capture/job/captureSpec.ts";
import {nameSchema} from "./serverSchemas.ts";

/** POST /api/generations. Exactly one of `prompt` and `token_ids`. */
export const generateRequestSchema = z
  .strictObject({
    model: nameSchema,
    ...promptOptions,
    ...generateOptions,
    /** Keep every position's states as a run. */
    keep: z.boolean().default(true)
  })
  .refine(hasOnePrompt, {message: ONE_PROMPT});
export type GenerateRequest = z.infer<typeof generateRequestSchema>;

export type {GenerationNews, GenerationResult, MadeToken, ShownRow} from "../../capture/generate/generationResult.ts";
