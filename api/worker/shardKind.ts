import {mkdtemp, readFile, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {shardFile} from "../census/censusFolder.ts";
import {shardOrderSchema, type ShardAnswer, type ShardOrder} from "../census/shardOrder.ts";
import {workShard} from "../census/workShard.ts";
import type {WorkKind} from "./kind.ts";

/** A shard of a census, made in a folder of its own, which is gone afterwards. */
export const shardKind: WorkKind<ShardOrder> = {
  schema: shardOrderSchema,
  async work({job, manifest, index, first, sources}, {lane: {dtype, device}, model, keeper, signal, does, onDone}): Promise<ShardAnswer> {
    does(`${manifest.title ?? job} ${index}`);
    const dir = await mkdtemp(join(tmpdir(), "orrery-shard-"));
    const {engine} = manifest;
    try {
      await workShard(
        {dir, manifest},
        {index, first, sources},
        {model, engine: () => keeper.engineFor({model, engine, dtype, device}), signal, onPrompt: onDone}
      );
      return {parquet: (await readFile(shardFile(dir, index))).toString("base64")};
    } finally {
      await rm(dir, {recursive: true, force: true});
    }
  }
};
