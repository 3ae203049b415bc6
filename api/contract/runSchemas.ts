import {z} from "zod";
import {traceSchema} from "../../capture/trace/schema.ts";
import {MAX_TAGS, MAX_TAG_CHARACTERS, MAX_TITLE_CHARACTERS} from "./choices.ts";
import {nameSchema} from "./serverSchemas.ts";

/** GET /api/runs/:run/labels: how often each label was found among the trajectories of `state`, when the run had `steps_written` steps, and how the run went. */
export const labelCountsSchema = z.object({
  counts: z.record(z.string(), z.number().int()),
  trajectories: z.number().int(),
  /** Largest q that is called a label. */
  alpha: z.number(),
  /** Median distance to the last state, relative to its norm, at up to 32 steps from the first to the last; null where none is finite. */
  course: z.array(z.number().nullable()),
  steps_written: z.number().int(),
  version: z.string()
});
export type LabelCounts = z.infer<typeof labelCountsSchema>;

/** GET /api/runs/:run/patterns/progress, …/metrics/progress and …/near/progress: how many trajectories are done of those whose labels, measures or distances somebody waits for; of 0 where nobody does, or none is done yet. */
export const progressSchema = z.object({
  done: z.number().int(),
  of: z.number().int(),
  /** By the pace so far. */
  seconds_left: z.number().nullable()
});
export type Progress = z.infer<typeof progressSchema>;

/** One line of the runs' list. `live` is true while a capture writes it. */
export const runSummarySchema = z.object({
  id: nameSchema,
  title: z.string(),
  /** Who captured it, on a server that knows names; else null. */
  owner: z.string().nullable(),
  model: z.string(),
  prompt: z.string().nullable(),
  status: z.enum(["complete", "partial"]),
  stopped: z.string().nullable(),
  live: z.boolean(),
  example: z.boolean(),
  steps: z.number().int(),
  steps_written: z.number().int(),
  inits: z.number().int(),
  tokens: z.number().int(),
  width: z.number().int(),
  storage_dtype: z.string(),
  bytes: z.number().int(),
  created: z.string(),
  tags: z.array(z.string())
});
export type RunSummary = z.infer<typeof runSummarySchema>;

/** GET /api/runs: newest first, examples last; `labels` where they are known already, which costs nothing to ask; `broken` are folders that hold no readable trace, with the reason. */
export const runListSchema = z.object({
  runs: z.array(runSummarySchema.extend({labels: labelCountsSchema.nullable()})),
  broken: z.array(z.object({id: z.string(), error: z.string()}))
});
export type RunList = z.infer<typeof runListSchema>;
/** A line of the list, with the labels that are known. */
export type ListedRun = RunList["runs"][number];

/** GET /api/runs/:run: the list's line, the whole trace.json, and what can be read: sites with a step axis, and constants such as `input`. */
export const runSchema = z.object({
  summary: runSummarySchema,
  trace: traceSchema,
  sites: z.array(z.string()),
  constants: z.array(z.string())
});
export type Run = z.infer<typeof runSchema>;

/** PATCH /api/runs/:run: what is left out stays as it is. */
export const runChangeSchema = z.strictObject({
  title: z.string().trim().min(1).max(MAX_TITLE_CHARACTERS).optional(),
  tags: z.array(z.string().trim().min(1).max(MAX_TAG_CHARACTERS)).max(MAX_TAGS).optional()
});
export type RunChange = z.infer<typeof runChangeSchema>;
