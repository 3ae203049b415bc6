import {CAPTURE} from "../captures/captureParts.ts";
import {fetchRun, runPlace} from "../captures/fetchRun.ts";
import type {Parts} from "../queue/shared/collectParts.ts";
import {laneName} from "../queue/shared/lanes.ts";
import {throughQueue} from "../queue/shared/throughQueue.ts";
import {workersAt} from "../queue/shared/workersAt.ts";
import {keptTrace, type OpenCensus} from "./censusFolder.ts";
import type {RunCensusOptions} from "./runCensus.ts";
import {censusJob, shardParts} from "./shardOrder.ts";
import {promptSpec} from "./workShard.ts";

interface ThroughWorkersOptions {
  /** The queue's address. */
  readonly queue: string;
  /** The place that workers put runs into; what is worth a look is captured here where it is left out. */
  readonly results?: string;
  readonly signal?: AbortSignal;
  readonly log: (line: string) => void;
}

/** Has a census made by the workers of a queue: its shards, and, where files travel, what is kept of its traces. */
export function throughWorkers(
  census: OpenCensus,
  {queue, results, signal, log}: ThroughWorkersOptions
): Required<Pick<RunCensusOptions, "make" | "keepElsewhere">> {
  return {
    make: (onShard) => throughQueue(queue, {parts: shardParts(census, onShard), signal, log}),
    async keepElsewhere(prompts) {
      if (results === undefined) return false;
      const parts = keptParts(census, prompts, {results, log});
      const {workers} = await workersAt(queue);
      if (!workers.some(({lanes}) => lanes.includes(laneName(parts.lane)))) return false; // none of them was told where files go
      await throughQueue(queue, {parts, signal, log});
      return true;
    }
  };
}

function keptParts(
  {dir, manifest, sources}: OpenCensus,
  prompts: readonly number[],
  {results, log}: {readonly results: string; readonly log: (line: string) => void}
): Parts {
  const job = `kept-${censusJob(manifest)}`;
  return {
    ...{job, kind: CAPTURE, missing: prompts, lane: {...manifest, hash: manifest.model.hash, files: true}},
    orderOf: (prompt) => ({spec: promptSpec(manifest, sources[prompt])}),
    take: async (prompt, answer) => void (await fetchRun(runPlace(results, job, prompt), keptTrace(dir, prompt), {answer, log}))
  };
}
