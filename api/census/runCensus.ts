import {takeLease} from "../../capture/trace/lease.ts";
import type {CensusSummary} from "../contract/censusSchemas.ts";
import {isBucket} from "../files/bucket/bucketAddress.ts";
import {coordinatorFile, doneShards, summaryIn, type OpenCensus} from "./censusFolder.ts";
import {finishCensus, type FinishOptions} from "./finishCensus.ts";
import {workPart} from "./workParts.ts";

export interface RunCensusOptions extends Omit<FinishOptions, "onPrompt"> {
  /** Makes the shards that are missing, and tells of every so many prompts; defaults to one after the other in this process. */
  readonly make?: (onPrompts: (count: number) => void) => Promise<void>;
  readonly onProgress?: (finished: number, secondsLeft: number | null) => void;
}

/**
 * Takes a census to its end, or finds it there. Throws a Refusal where another process is at it; rejects with the signal's reason when it is aborted:
 * finished shards stay.
 */
export async function runCensus(census: OpenCensus, {make, onProgress = () => {}, ...options}: RunCensusOptions): Promise<CensusSummary> {
  const {dir, manifest, sources} = census;
  const lease = isBucket(dir) ? undefined : await takeLease(coordinatorFile(dir), `census in use: ${dir}`); // no lock rests on a bucket: two who end the same census write the same bytes
  try {
    const known = await summaryIn(dir);
    if (known) return known;
    const before = Math.min((await doneShards(dir)).size * manifest.shard, sources.length);
    const begun = performance.now();
    let finished = before;
    onProgress(finished, null);
    const onPrompts = (count: number): void => {
      finished += count;
      const each = (performance.now() - begun) / (finished - before) / 1000;
      onProgress(finished, each * (sources.length - finished));
    };
    if (make) await make(onPrompts);
    else await workPart(census, {part: 1, of: 1}, {...options, onPrompt: () => onPrompts(1)});
    return await finishCensus(census, options);
  } finally {
    await lease?.release();
  }
}
