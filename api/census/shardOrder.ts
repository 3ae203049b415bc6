import {createHash} from "node:crypto";
import {z} from "zod";
import {censusManifestSchema, type CensusManifest} from "../../contract/censusSchemas.ts";

/** What a worker is told: everything that a shard's bytes depend on, so that it needs no folder of the census. */
export const shardOrderSchema = z.strictObject({
  census: z.string(),
  manifest: censusManifestSchema,
  index: z.number().int().min(0),
  first: z.number().int().min(0),
  sources: z.array(z.string()).min(1)
});
export type ShardOrder = z.infer<typeof shardOrderSchema>;

/** A shard's file, as base64: some ten kilobytes for a hundred trajectories. */
export const shardAnswerSchema = z.strictObject({parquet: z.base64()});
export type ShardAnswer = z.infer<typeof shardAnswerSchema>;

/** The same for the same rows: who asks twice finds what is done. */
export const censusId = ({title: _title, owner: _owner, created: _created, model: {hash}, keep: _keep, ...rest}: CensusManifest): string =>
  createHash("sha256")
    .update(JSON.stringify({...rest, hash}))
    .digest("hex")
    .slice(0, 16);

/** A model has a queue for each kind of device, which only workers that have both listen to. */
export const queueName = (hash: string, device: string): string => `orrery-census-${hash.slice(0, 16)}-${device}`;

export const shardJob = (census: string, index: number): string => `${census}-${index}`;

/** There while a census is called off; workers look once a second. */
export const calledOffKey = (census: string): string => `orrery:census-called-off:${census}`;

/** A worker's own word of itself; it fades when the worker is gone. */
export const workerKey = (id: string): string => `orrery:worker:${id}`;

/** How a dead worker is noticed: its lease is renewed for as long as it lives. */
export const LEASE_MS = 15_000;
export const CHECK_MS = 5000;
export const ATTEMPTS = 5;
