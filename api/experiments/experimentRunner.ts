import {errorLine} from "../../capture/errorLine.ts";
import {createChildPool} from "../../capture/service/childPool.ts";
import {machineBytes} from "../../capture/service/sizeBounds.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import type {ExperimentRequest} from "./experiment.ts";

/** What the process of an experiment is told; paths are resolved, so this never comes from a web page. */
export interface ExperimentOrder {
  readonly dir: string;
  readonly request: ExperimentRequest;
}

export interface ExperimentNews {
  readonly finished: number;
  readonly secondsLeft: number | null;
}

export interface ExperimentEnd {
  readonly status: "complete" | "cancelled" | "failed";
  /** One line, for a failed one. */
  readonly error: string | null;
}

interface RunnerOptions {
  /** Cancels: finished prompts stay. A process that does not end by itself is killed. */
  readonly signal: AbortSignal;
  readonly onProgress: (finished: number, secondsLeft: number | null) => void;
}

/** Runs experiments, each in a process of its own, so that whatever ends it the caller lives on. */
interface ExperimentRunner {
  /** Never rejects for what goes wrong in there. */
  run(order: ExperimentOrder, options: RunnerOptions): Promise<ExperimentEnd>;
  close(): Promise<void>;
}

const GRACE_MS = 800; // to the end of a step; finished prompts are on disk already

export function createExperimentRunner({log}: {readonly log?: (line: string) => void} = {}): ExperimentRunner {
  const pool = createChildPool<ExperimentOrder, null, ExperimentNews>(new URL("experimentProcess.ts", import.meta.url), {
    name: "experiment's process",
    single: true,
    log
  });
  return {
    async run(order, {signal, onProgress}) {
      try {
        await pool.run(order, {
          signal,
          graceMs: () => GRACE_MS,
          memoryBytes: machineBytes(),
          onNews: ({finished, secondsLeft}) => onProgress(finished, secondsLeft)
        });
        return {status: "complete", error: null};
      } catch (error) {
        if (signal.aborted) return {status: "cancelled", error: null};
        const isDead = error instanceof Refusal && error.kind === "killed";
        return {status: "failed", error: `${errorLine(error)}${isDead ? "; finished prompts are kept" : ""}`};
      }
    },
    close: () => pool.close()
  };
}
