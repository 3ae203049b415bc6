import {errorLine} from "../../capture/errorLine.ts";
import type {Lease, Queue} from "./queue.ts";

/** Works through a queue, one order at a time, from when it is made. */
export interface LineWorker {
  isRunning(id: string): boolean;
  /** Asks an order that runs to end. */
  cancel(id: string): void;
  /** Cancels what runs, and answers when it is over; what waits goes on waiting. */
  close(): Promise<void>;
}

interface LineWorkerParts<O, R> {
  /** An order begins. */
  readonly begun: (id: string) => void;
  /** What becomes of it; does not reject. */
  readonly run: (lease: Lease<O, R>, signal: AbortSignal) => Promise<R>;
  /** Whether one that ended because this closes waits for the next process. */
  readonly waitsAgain: (id: string, end: R) => boolean | Promise<boolean>;
  /** An order is over, and the queue knows. */
  readonly over: (id: string, end: R) => void;
  /** Why an order's signal aborts. */
  readonly cancelled: () => unknown;
  /** Takes what goes wrong with the queue itself. */
  readonly log: (line: string) => void;
}

const RETRY_MS = 1000; // after the queue itself failed, as on a disk that does not answer

export function startLineWorker<O, R>(
  queue: Queue<O, R>,
  {begun, run, waitsAgain, over, cancelled, log}: LineWorkerParts<O, R>
): LineWorker {
  const running = new Map<string, AbortController>();
  const closing = new AbortController();

  async function perform(lease: Lease<O, R>): Promise<void> {
    const {id} = lease;
    const abort = new AbortController();
    running.set(id, abort);
    begun(id);
    const end = await run(lease, abort.signal);
    running.delete(id);
    if (closing.signal.aborted && (await waitsAgain(id, end))) return lease.release();
    await lease.finish(end);
    over(id, end);
  }

  async function work(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        await perform(await queue.take(closing.signal));
      } catch (error) {
        if (closing.signal.aborted) return;
        log(errorLine(error));
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  const working = work();
  return {
    isRunning: (id) => running.has(id),
    cancel: (id) => running.get(id)?.abort(cancelled()),
    async close() {
      closing.abort(new Error("the server is closing"));
      for (const abort of running.values()) abort.abort(cancelled());
      await working;
    }
  };
}
