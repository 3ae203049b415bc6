import type {GenerationNews, GenerationResult} from "../../capture/generate/generationResult.ts";
import type {GenerateSpec} from "../../capture/generate/generateSpec.ts";
import {createChildPool} from "../../capture/service/childPool.ts";
import {CLOSING_GRACE_MS, GRACE_MS} from "../../capture/service/grace.ts";
import {machineBytes} from "../../capture/service/sizeBounds.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import {createFairTurns, type Asker} from "../queue/fairTurns.ts";

/** A process of its own that generates, one text at a time in turns of those who ask, and keeps the model loaded. */
export interface Generator {
  /** Rejects with the generation's own error, with the signal's reason, or as a ChildPool does; `busy` where too many wait. */
  run(spec: GenerateSpec, options: Asker & {readonly onNews: (news: GenerationNews) => void}): Promise<GenerationResult>;
  /** Ends what runs at its next step, its states kept as of one that is cancelled. */
  close(): Promise<void>;
}

const MAX_WAITING = 16;

export function createGenerator({log}: {readonly log: (line: string) => void}): Generator {
  const pool = createChildPool<GenerateSpec, GenerationResult, GenerationNews>(new URL("generateProcess.ts", import.meta.url), {
    name: "generation process",
    log
  });
  const turns = createFairTurns({atOnce: 1, what: "generations"});
  const closing = new AbortController();
  let running: Promise<unknown> | undefined; // one at a time
  let waiting = 0;

  function generate(
    spec: GenerateSpec,
    signal: AbortSignal | undefined,
    onNews: (news: GenerationNews) => void
  ): Promise<GenerationResult> {
    const ending = AbortSignal.any([closing.signal, ...(signal ? [signal] : [])]);
    const graceMs = () => (closing.signal.aborted ? CLOSING_GRACE_MS : GRACE_MS);
    const result = pool.run(spec, {signal: ending, onNews, memoryBytes: machineBytes(), graceMs});
    running = result.catch(() => {});
    return result;
  }

  return {
    async run(spec, {onNews, ...asker}) {
      if (waiting >= MAX_WAITING) throw new Refusal(`too many generations: ${MAX_WAITING} wait already`, {kind: "busy"});
      ++waiting;
      try {
        return await turns.take(asker, () => generate(spec, asker.signal, onNews));
      } finally {
        --waiting;
      }
    },
    async close() {
      closing.abort(new Refusal("the server is closing", {kind: "closing"}));
      await running;
      await pool.close();
    }
  };
}
