import {z} from "zod";
import {experimentOptions, experimentPromptSchema} from "../contract/experimentSchemas.ts";

/** What the process of an experiment is told, once; paths are resolved, so this never comes from a web page. */
export const orderSchema = z.object({
  dir: z.string(),
  request: z.object({model: z.string(), prompts: z.array(experimentPromptSchema), title: z.string(), options: z.object(experimentOptions)})
});
export type ExperimentOrder = z.infer<typeof orderSchema>;

/** What it tells. `ended` is the last word: the folder is closed. */
export const reportSchema = z.discriminatedUnion("type", [
  z.object({type: z.literal("progress"), finished: z.number().int(), secondsLeft: z.number().nullable()}),
  z.object({type: z.literal("ended"), status: z.enum(["complete", "cancelled", "failed"]), error: z.string().nullable()})
]);
export type ExperimentReport = z.infer<typeof reportSchema>;
