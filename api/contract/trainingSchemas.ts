import {z} from "zod";
import {MAX_TITLE_CHARACTERS} from "../../capture/bounds.ts";
import {recipeSchema} from "../../capture/train/recipe.ts";
import {logLineSchema} from "../../capture/train/logLine.ts";
import {nameSchema} from "./serverSchemas.ts";

/** POST /api/trainings */
export const trainingRequestSchema = z.strictObject({
  title: z.string().min(1).max(MAX_TITLE_CHARACTERS).optional(),
  recipe: recipeSchema
});

/** A training run as the list shows it. `partial`: it was interrupted and can be gone on with. */
export const trainingSchema = z.object({
  id: nameSchema,
  title: z.string(),
  task: z.string(),
  /** Who asked for it; null where nobody has a name. */
  owner: z.string().nullable(),
  status: z.enum(["queued", "running", "complete", "cancelled", "failed", "partial"]),
  /** Updates done, of how many. */
  finished: z.number().int(),
  updates: z.number().int(),
  seconds_left: z.number().nullable(),
  error: z.string().nullable(),
  created: z.string()
});
export type Training = z.infer<typeof trainingSchema>;

/** `broken` are folders that hold no readable training, with the reason. */
export const trainingListSchema = z.object({
  trainings: z.array(trainingSchema),
  broken: z.array(z.object({id: z.string(), error: z.string()}))
});
export type TrainingList = z.infer<typeof trainingListSchema>;

/** `saves` are the updates at which the probe prompt's trajectories were kept. */
export const trainingDetailsSchema = z.object({training: trainingSchema, recipe: recipeSchema, saves: z.array(z.number().int())});
export type TrainingDetails = z.infer<typeof trainingDetailsSchema>;

const MAX_LINES = 5000; // of a log in one answer

/** GET /api/trainings/:training/log: lines after an update, the oldest first, as many as are asked for. */
export const trainingLogQuerySchema = z.object({
  after: z.coerce.number().int().min(-1).default(-1),
  count: z.coerce.number().int().min(1).max(MAX_LINES).default(MAX_LINES)
});
/** `damage` says which lines cannot be read. */
export const trainingLogSchema = z.object({lines: z.array(logLineSchema), damage: z.array(z.string())});
export type {LogLine} from "../../capture/train/logLine.ts";
export type TrainingLog = z.infer<typeof trainingLogSchema>;

/** GET /api/trainings/:training/probes: the probe's trajectories at every save, in one plane. */
export const trainingProbesSchema = z.object({
  tokens: z.array(z.string()),
  /** States of each trajectory. */
  steps: z.number().int(),
  /** Share of the variance of all states of all saves along each axis of the plane. */
  explained: z.array(z.number()),
  saves: z.array(
    z.object({
      update: z.number().int(),
      /** Two coordinates of each state, [steps][tokens][2]. */
      points: z.array(z.number())
    })
  )
});
export type TrainingProbes = z.infer<typeof trainingProbesSchema>;

/** POST /api/trainings/:training/saves/:update/run: the run with the probe's trajectories at a save. */
export const saveRunSchema = z.object({run: nameSchema});
export type SaveRun = z.infer<typeof saveRunSchema>;

/** GET /api/trainings/:training/report: held against another training where one is named. */
export const trainingReportQuerySchema = z.object({beside: nameSchema.optional()});

/** GET /api/recipes: those that the organisms which ship were trained by. */
export const recipeListSchema = z.object({recipes: z.array(z.object({name: nameSchema, about: z.string(), recipe: recipeSchema}))});
export type RecipeList = z.infer<typeof recipeListSchema>;
