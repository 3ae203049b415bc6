import {z} from "zod";
import {jobSchema} from "./captureSchemas.ts";
import {MAX_REQUEST_PROMPTS, MAX_TITLE_CHARACTERS} from "./choices.ts";
import {experimentOptions, experimentPromptSchema, experimentSpecSchema, promptResultSchema, promptRowSchema} from "./experimentSchemas.ts";
import {nameSchema} from "./serverSchemas.ts";

/** POST /api/experiments. */
export const experimentRequestSchema = z.strictObject({
  model: nameSchema,
  title: z.string().trim().min(1).max(MAX_TITLE_CHARACTERS).optional(),
  prompts: z.array(experimentPromptSchema).min(1).max(MAX_REQUEST_PROMPTS),
  ...experimentOptions
});

/** An experiment as the list shows it. `partial`: it was interrupted and can be gone on with. */
export const experimentSchema = z.object({
  id: nameSchema,
  title: z.string(),
  /** Who asked for it; null where the server knows no names. */
  owner: z.string().nullable(),
  model: z.string(),
  status: z.enum(["queued", "running", "complete", "cancelled", "failed", "partial"]),
  /** Prompts finished, of how many. */
  finished: z.number().int(),
  prompts: z.number().int(),
  steps: z.number().int(),
  inits: z.number().int(),
  seconds_left: z.number().nullable(),
  error: z.string().nullable(),
  created: z.string()
});
export type Experiment = z.infer<typeof experimentSchema>;

/** `broken` are folders that hold no readable experiment, with the reason. */
export const experimentListSchema = z.object({
  experiments: z.array(experimentSchema),
  broken: z.array(z.object({id: z.string(), error: z.string()}))
});
export type ExperimentList = z.infer<typeof experimentListSchema>;

/** `spec` is null while it waits; `summary` (PathsSummary in analysis/paths/summary.ts) until it is complete. */
export const experimentDetailsSchema = z.object({
  experiment: experimentSchema,
  spec: experimentSpecSchema.nullable(),
  summary: z.record(z.string(), z.unknown()).nullable()
});
export type ExperimentDetails = z.infer<typeof experimentDetailsSchema>;

export const experimentResultsQuerySchema = z.strictObject({
  from: z.coerce.number().int().min(0).default(0),
  count: z.coerce.number().int().min(1).max(1000).default(50)
});
/** GET /api/experiments/:experiment/prompts: a line of a table for each. */
export const promptRowsQuerySchema = z.strictObject({
  from: z.coerce.number().int().min(0).default(0),
  count: z.coerce.number().int().min(1).max(2000).default(1000)
});
export const promptRowsSchema = z.object({prompts: z.array(promptRowSchema)});

/** The run that holds a prompt's trajectories; `job` is null where they are there already. */
export const promptRunSchema = z.object({run: nameSchema, job: jobSchema.nullable()});
export type PromptRun = z.infer<typeof promptRunSchema>;

export const experimentResultsSchema = z.object({prompts: z.array(promptResultSchema)});
