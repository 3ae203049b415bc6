import {z} from "zod";
import {MAX_TITLE_CHARACTERS} from "../../capture/bounds.ts";
import {evalBounds, evalExports} from "./evalBounds.ts";
import {evalOptions, evalRowSchema, evalSpecSchema, evalSummarySchema, settingSchema, taskSummarySchema} from "./evalSchemas.ts";
import {fileNameSchema, nameSchema} from "./serverSchemas.ts";

/** GET /api/tasks: the tasks that ship. */
export const taskListSchema = z.object({tasks: z.array(taskSummarySchema)});

/** POST /api/evaluations, and /api/evaluations/cost to know before what it will take. */
export const evaluationRequestSchema = z.strictObject({
  model: nameSchema,
  ...evalOptions,
  title: z.string().trim().min(1).max(MAX_TITLE_CHARACTERS).optional(),
  /** The name of a task that ships, or a file that was uploaded. */
  task: z.union([nameSchema, z.strictObject({upload: nameSchema, file: fileNameSchema})]),
  /** Only the first items. */
  limit: z.number().int().min(evalBounds.limit.least).max(evalBounds.limit.most).optional()
});
export type EvaluationRequest = z.infer<typeof evaluationRequestSchema>;

/** An evaluation as the list shows it. `partial`: it was interrupted and can be gone on with. */
export const evaluationSchema = z.object({
  id: nameSchema,
  title: z.string(),
  model: z.string(),
  /** Who asked for it; null where nobody has a name. */
  owner: z.string().nullable(),
  status: z.enum(["queued", "running", "complete", "cancelled", "failed", "partial"]),
  /** Items answered, of how many. */
  finished: z.number().int(),
  items: z.number().int(),
  settings: z.array(settingSchema),
  seconds_left: z.number().nullable(),
  error: z.string().nullable(),
  created: z.string()
});
export type Evaluation = z.infer<typeof evaluationSchema>;

/** `broken` are folders that hold no readable evaluation, with the reason. */
export const evaluationListSchema = z.object({
  evaluations: z.array(evaluationSchema),
  broken: z.array(z.object({id: z.string(), error: z.string()}))
});
export type EvaluationList = z.infer<typeof evaluationListSchema>;

export const evaluationDetailsSchema = z.object({evaluation: evaluationSchema, spec: evalSpecSchema});
export type EvaluationDetails = z.infer<typeof evaluationDetailsSchema>;

/** GET /api/evaluations/:evaluation/summary; `damage` says which results cannot be read: going on answers their items again. */
export const evaluationSummarySchema = z.object({summary: evalSummarySchema, damage: z.array(z.string())});
export type EvaluationSummary = z.infer<typeof evaluationSummarySchema>;

export const evaluationItemsQuerySchema = z.strictObject({
  from: z.coerce.number().int().min(0).default(0),
  count: z.coerce.number().int().min(1).max(2000).default(500)
});
export const evaluationItemsSchema = z.object({items: z.array(evalRowSchema)});

export const evaluationExportQuerySchema = z.strictObject({format: z.enum(evalExports)});
