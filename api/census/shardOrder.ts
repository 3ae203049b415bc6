import {createHash} from "node:crypto";
import {z} from "zod";
import {censusManifestSchema, type CensusManifest} from "../contract/censusSchemas.ts";
import {replaceIn} from "../files/places.ts";
import type {Parts} from "../queue/shared/collectParts.ts";
import {doneShards, shardFile, shardsOf, type OpenCensus} from "./censusFolder.ts";
import {shardAt} from "./workShard.ts";

export const SHARD = "shard";

/** What a worker is told: everything that a shard's bytes depend on, so that it needs no folder of the census. */
export const shardOrderSchema = z.strictObject({
  job: z.string(),
  manifest: censusManifestSchema,
  index: z.number().int().min(0),
  first: z.number().int().min(0),
  sources: z.array(z.string()).min(1)
});
export type ShardOrder = z.infer<typeof shardOrderSchema>;

/** A shard's file, as base64: some ten kilobytes for a hundred trajectories. */
const shardAnswerSchema = z.strictObject({parquet: z.base64()});
export type ShardAnswer = z.infer<typeof shardAnswerSchema>;

/** The same for the same rows: who asks twice finds what is done. */
export const censusJob = ({title: _title, owner: _owner, created: _created, model: {hash}, keep: _keep, ...rest}: CensusManifest): string =>
  createHash("sha256")
    .update(JSON.stringify({...rest, hash}))
    .digest("hex")
    .slice(0, 16);

/** The shards of a census that are missing, as parts of a job for the workers of a queue; calls `onShard` with the number of prompts of every one that came. */
export async function shardParts(census: OpenCensus, onShard: (prompts: number) => void = () => {}): Promise<Parts> {
  const {dir, manifest} = census;
  const done = await doneShards(dir);
  return {
    job: `census-${censusJob(manifest)}`,
    kind: SHARD,
    lane: {...manifest, hash: manifest.model.hash},
    missing: Array.from({length: shardsOf(manifest)}, (_, i) => i).filter((i) => !done.has(i)),
    orderOf(index) {
      const {first, sources} = shardAt(census, index);
      return {manifest, first, sources: [...sources]};
    },
    async take(index, answer) {
      const {parquet} = shardAnswerSchema.parse(answer);
      await replaceIn(shardFile(dir, index), Buffer.from(parquet, "base64"));
      onShard(shardAt(census, index).sources.length);
    }
  };
}
