import {z} from "zod";

/** A worker of a queue, by its own word within the last seconds. */
export const workerSchema = z.strictObject({
  id: z.string(),
  host: z.string(),
  pid: z.number().int(),
  devices: z.array(z.string()),
  /** Hashes by name. */
  models: z.record(z.string(), z.string()),
  /** Bytes that it may take; a model that needs more is not worked with. */
  memory: z.number(),
  /** The lines that it looks into: by model, number format and device. */
  lanes: z.array(z.string()),
  /** Where it puts the files of runs; null where it takes none. */
  results: z.string().nullable(),
  since: z.string(),
  /** What it does now; null while it waits. */
  task: z.string().nullable(),
  /** Prompts, items and runs that it did. */
  done: z.number().int(),
  heartbeat: z.string()
});
export type WorkerNews = z.infer<typeof workerSchema>;

/** GET /api/workers: the queue that the server's work goes through, without its password; null where it does them itself. */
export const workerListSchema = z.strictObject({queue: z.string().nullable(), workers: z.array(workerSchema)});
export type WorkerList = z.infer<typeof workerListSchema>;
