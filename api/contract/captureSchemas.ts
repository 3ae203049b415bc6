import {z} from "zod";
import {ONE_PROMPT, captureOptions, hasOnePrompt, promptOptions} from "../../capture/job/captureSpec.ts";
import {nameSchema} from "./serverSchemas.ts";

/** POST /api/captures. Exactly one of `prompt` and `token_ids`. */
export const captureRequestSchema = z
  .strictObject({model: nameSchema, ...promptOptions, ...captureOptions})
  .refine(hasOnePrompt, {message: ONE_PROMPT});

export type CaptureRequest = z.infer<typeof captureRequestSchema>;

/** A capture as the queue sees it. `run` is the run's name, there from the start; the run can be read once `step` is 0. */
export const jobSchema = z.object({
  id: nameSchema,
  run: nameSchema,
  title: z.string(),
  /** Who asked for it; null where the server knows no names. */
  owner: z.string().nullable(),
  model: z.string(),
  status: z.enum(["queued", "loading", "running", "complete", "cancelled", "failed"]),
  /** Steps on disk and steps asked for; −1 before the initial state is written. */
  step: z.number().int(),
  steps: z.number().int(),
  /** Place in the queue, 0 for the one that runs; null when it is over. */
  position: z.number().int().nullable(),
  /** Seconds until the end, by the steps so far; null while nothing is known. */
  seconds_left: z.number().nullable(),
  error: z.string().nullable(),
  created: z.string(),
  /** What was asked for, to capture it again. */
  request: captureRequestSchema
});
export type Job = z.infer<typeof jobSchema>;
export const jobListSchema = z.object({jobs: z.array(jobSchema)});

/** PATCH /api/captures/:job: its new place among those that wait, 1 for the next to run. */
export const jobChangeSchema = z.strictObject({position: z.number().int().min(1)});
