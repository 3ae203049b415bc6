import {errorLine} from "../../capture/errorLine.ts";
import type {Lease, Queue, Ticket} from "./queue.ts";
import {oneAtATime, type Room} from "./room.ts";

/** Works through a queue from when it is made. */
export interface LineWorker {
  isRunning(id: string): boolean;
  /** Asks an order that runs to end. */
  cancel(id: string): void;
  /** Cancels what runs, and answers when it is over; what waits goes on waiting. */
  close(): Promise<void>;
}

interface LineWorkerParts<O, R> {
  /** Which orders may run at once; defaults to one at a time. */
  readonly room?: Room<O>;
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
  {room = oneAtATime, begun, run, waitsAgain, over, cancelled, log}: LineWorkerParts<O, R>
): LineWorker {
  const running = new Map<string, {readonly lease: Lease<O, R>; readonly abort: AbortController}>();
  const performing = new Set<Promise<void>>();
  const closing = new AbortController();

  async function perform(lease: Lease<O, R>): Promise<void> {
    const {id} = lease;
    if (closing.signal.aborted) return lease.release(); // it was taken at the last moment
    const abort = new AbortController();
    running.set(id, {lease, abort});
    begun(id);
    const end = await run(lease, abort.signal);
    running.delete(id);
    if (closing.signal.aborted && (await waitsAgain(id, end))) return lease.release();
    await lease.finish(end);
    over(id, end);
  }

  const hasRoom = (ticket: Ticket<O>): boolean =>
    room.fits(
      ticket,
      [...running.values()].map(({lease}) => lease)
    );

  async function work(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        const performed = perform(await queue.take(closing.signal, hasRoom)).catch(trouble);
        performing.add(performed);
        void performed.finally(() => {
          performing.delete(performed);
          queue.nudge();
        });
        if (room === oneAtATime) await performed;
      } catch (error) {
        if (closing.signal.aborted) return;
        await trouble(error);
      }
    }
  }

  async function trouble(error: unknown): Promise<void> {
    log(errorLine(error));
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }

  const stopWatching = room.watch?.(() => queue.nudge());
  const working = work();
  return {
    isRunning: (id) => running.has(id),
    cancel: (id) => running.get(id)?.abort.abort(cancelled()),
    async close() {
      closing.abort(new Error("the server is closing"));
      stopWatching?.();
      for (const {abort} of running.values()) abort.abort(cancelled());
      await Promise.all([working, ...performing]);
    }
  };
}
