import {z} from "zod";

/** A worker of a queue, by its own word within the last seconds. */
export const workerSchema = z.strictObject({
  id: z.string(),
  host: z.string(),
  pid: z.number().int(),
  device: z.string(),
  /** Hashes by name. */
  models: z.record(z.string(), z.string()),
  /** Bytes of the machine. */
  memory: z.number(),
  since: z.string(),
  /** What it does now; null while it waits. */
  shard: z.string().nullable(),
  prompts: z.number().int(),
  heartbeat: z.string()
});
export type WorkerNews = z.infer<typeof workerSchema>;

/** GET /api/workers: the queue that the server's censuses go through, without its password; null where it does them itself. */
export const workerListSchema = z.strictObject({queue: z.string().nullable(), workers: z.array(workerSchema)});
export type WorkerList = z.infer<typeof workerListSchema>;
