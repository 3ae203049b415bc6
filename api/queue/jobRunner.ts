import {errorLine} from "../../capture/errorLine.ts";
import {createChildPool} from "../../capture/service/childPool.ts";
import {CLOSING_GRACE_MS, GRACE_MS} from "../../capture/service/grace.ts";
import {machineBytes} from "../../capture/service/sizeBounds.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

/** What the process of a long job tells: parts whose results are on disk, and how long the others will take. */
export interface JobNews {
  readonly finished: number;
  readonly secondsLeft: number | null;
}

/** How a long job ended. */
export interface JobEnd {
  readonly status: "complete" | "cancelled" | "failed";
  /** One line, for a failed one. */
  readonly error: string | null;
}

interface RunOptions {
  /** Cancels: finished parts stay. A process that does not end by itself is killed. */
  readonly signal: AbortSignal;
  readonly onProgress: (finished: number, secondsLeft: number | null) => void;
}

/** Runs long jobs, each in a process of its own, so that whatever ends it the caller lives on. */
interface JobRunner<O> {
  /** Never rejects for what goes wrong in there. */
  run(order: O, options: RunOptions): Promise<JobEnd>;
  /** Cancels what runs, with more time to its next good place than one that somebody cancels, and answers when it is over. */
  close(): Promise<void>;
}

interface JobRunnerOptions {
  /** What the process is called where its end is told, and its parts, in the plural. */
  readonly name: string;
  readonly parts: string;
  /** Orders at once at most; defaults to 1. */
  readonly processes?: number;
  readonly log?: (line: string) => void;
}

/** Jobs at once whose parts others do: each holds no model. */
export const COORDINATORS = 8;

export function createJobRunner<O>(module: URL, {name, parts, processes, log}: JobRunnerOptions): JobRunner<O> {
  const pool = createChildPool<O, null, JobNews>(module, {name, processes, single: true, log});
  const closing = new AbortController();
  const running = new Set<Promise<JobEnd>>();

  async function perform(order: O, {signal, onProgress}: RunOptions): Promise<JobEnd> {
    const ending = AbortSignal.any([closing.signal, signal]);
    try {
      await pool.run(order, {
        signal: ending,
        graceMs: () => (closing.signal.aborted ? CLOSING_GRACE_MS : GRACE_MS),
        memoryBytes: machineBytes(),
        onNews: ({finished, secondsLeft}) => onProgress(finished, secondsLeft)
      });
      return {status: "complete", error: null};
    } catch (error) {
      if (ending.aborted) return {status: "cancelled", error: null};
      const isDead = error instanceof Refusal && error.kind === "killed";
      return {status: "failed", error: `${errorLine(error)}${isDead ? `; finished ${parts} are kept` : ""}`};
    }
  }

  return {
    run(order, options) {
      const end = perform(order, options).finally(() => running.delete(end));
      running.add(end);
      return end;
    },
    async close() {
      closing.abort(new Error("the server is closing"));
      await Promise.all(running);
      await pool.close();
    }
  };
}
