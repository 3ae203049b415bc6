import {PATTERNS} from "../../analysis/patterns/labels.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import type {CensusInterim} from "../contract/censusAnswers.ts";
import {doneShards, readManifest, shardFile} from "./censusFolder.ts";
import {labelsOfClaims, type ClaimCells} from "./labelsOfClaims.ts";
import {readRowFile} from "./rowFiles.ts";

const JUDGED = ["claim", "p", "bad_from"];

/** What was read of the census that this process looked at last: a shard does not change once it is there. */
let kept: {readonly key: string; readonly shards: Map<number, readonly ClaimCells[]>} | undefined;

/**
 * The labels of a census's finished shards as if they were all of it: q-values are over the rows that are there, and the census's own, over all rows, come
 * at its end. A shard that cannot be read is not among them; the end of the census names it.
 */
export async function interimCounts(dir: string): Promise<CensusInterim> {
  const {created, prompts, shard} = await readManifest(dir);
  const key = `${dir} ${created} ${prompts.hash}`;
  if (kept?.key !== key) kept = {key, shards: new Map()};
  const {shards} = kept;
  const done = await doneShards(dir);
  for (const index of shards.keys()) if (!done.has(index)) shards.delete(index);
  for (const index of done) {
    const claims = shards.get(index) ?? (await claimsIn(shardFile(dir, index)));
    if (claims) shards.set(index, claims);
  }
  const {labels} = labelsOfClaims([...shards.values()].flat());
  const counts = Object.fromEntries(PATTERNS.map((label) => [label, 0]));
  for (const label of labels) counts[label] += 1;
  const promptsOf = (index: number): number => Math.min(shard, prompts.count - index * shard);
  return {
    prompts: [...shards.keys()].reduce((sum, index) => sum + promptsOf(index), 0),
    of: prompts.count,
    rows: labels.length,
    counts
  };
}

async function claimsIn(path: string): Promise<readonly ClaimCells[] | undefined> {
  return readRowFile(path, JUDGED).then(
    (rows) => rows as unknown as readonly ClaimCells[],
    (error: unknown) => {
      if (error instanceof Refusal) return undefined;
      throw error;
    }
  );
}
