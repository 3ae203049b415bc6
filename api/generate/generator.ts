import type {GenerationNews, GenerationResult} from "../../capture/generate/generationResult.ts";
import type {GenerateSpec} from "../../capture/generate/generateSpec.ts";
import {createChildPool} from "../../capture/service/childPool.ts";
import {machineBytes} from "../../capture/service/sizeBounds.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import {createFairTurns, type Asker} from "../queue/fairTurns.ts";

/** A process of its own that generates, one text at a time in turns of those who ask, and keeps the model loaded. */
export interface Generator {
  /** Rejects with the generation's own error, with the signal's reason, or as a ChildPool does; `busy` where too many wait. */
  run(spec: GenerateSpec, options: Asker & {readonly onNews: (news: GenerationNews) => void}): Promise<GenerationResult>;
  close(): Promise<void>;
}

const MAX_WAITING = 16;
const GRACE_MS = 800; // to the next step, after that the process is killed and its memory freed

export function createGenerator({log}: {readonly log: (line: string) => void}): Generator {
  const pool = createChildPool<GenerateSpec, GenerationResult, GenerationNews>(new URL("generateProcess.ts", import.meta.url), {
    name: "generation process",
    log
  });
  const turns = createFairTurns({atOnce: 1, what: "generations"});
  let waiting = 0;
  return {
    async run(spec, {onNews, ...asker}) {
      if (waiting >= MAX_WAITING) throw new Refusal(`too many generations: ${MAX_WAITING} wait already`, {kind: "busy"});
      ++waiting;
      try {
        const options = {signal: asker.signal, onNews, memoryBytes: machineBytes(), graceMs: () => GRACE_MS};
        return await turns.take(asker, () => pool.run(spec, options));
      } finally {
        --waiting;
      }
    },
    close: () => pool.close()
  };
}
