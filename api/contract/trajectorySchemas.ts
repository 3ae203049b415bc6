import {z} from "zod";
import {PATTERNS} from "../../analysis/patterns/labels.ts";
import {wholeTextIn} from "../../capture/boundedNumber.ts";
import {USUAL_ROWS} from "./choices.ts";

const NEAR = 0.1; // a period of 3 is near 2.7 to 3.3

/** One trajectory of a run, with its label and the numbers that are looked for; null where the label does not have the number. */
export const trajectoryRowSchema = z.object({
  init: z.number().int(),
  index: z.number().int(),
  text: z.string(),
  label: z.enum(PATTERNS),
  q: z.number(),
  rate: z.number().nullable(),
  period: z.number().nullable(),
  amplitude: z.number().nullable(),
  /** Radians per step. */
  drift_speed: z.number().nullable(),
  settled_step: z.number().int().nullable()
});
export type TrajectoryRow = z.infer<typeof trajectoryRowSchema>;

const positive = z.coerce.number().positive().max(1e6);
const sought = z.string().max(200);

/** GET /api/trajectories?label=orbit&period=3&text=&model=&from=0&count=100: `near` is how far a period may be from the one asked for, as a share of it; texts are parts, whatever their case. */
export const trajectoryQuerySchema = z.strictObject({
  label: z.enum(PATTERNS).optional(),
  period: positive.optional(),
  near: z.coerce.number().min(0).max(1).default(NEAR),
  text: sought.optional(),
  model: sought.optional(),
  from: wholeTextIn({least: 0, most: 1e9, usual: 0}),
  count: wholeTextIn({least: 1, most: 1000, usual: USUAL_ROWS})
});
export type TrajectoryQuery = z.infer<typeof trajectoryQuerySchema>;

/** Of all runs, newest first; `waiting` runs have no labels yet: GET /api/runs/:run/labels works them out. */
export const trajectoriesSchema = z.object({
  rows: z.array(trajectoryRowSchema.extend({run: z.string(), title: z.string(), model: z.string()})),
  total: z.number().int(),
  runs: z.number().int(),
  waiting: z.number().int()
});
export type Trajectories = z.infer<typeof trajectoriesSchema>;
