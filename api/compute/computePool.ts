import {Worker} from "node:worker_threads";
import type {Computation} from "./compute.ts";

/** Threads for analyses. */
export interface ComputePool {
  /** The answer's bytes. Rejects with the computation's own error, or with the signal's reason; a computation that runs is then ended. */
  run(dir: string, computation: Computation, options?: {readonly signal?: AbortSignal}): Promise<Uint8Array>;
  close(): Promise<void>;
}

interface Task {
  readonly dir: string;
  readonly computation: Computation;
  readonly signal?: AbortSignal;
  readonly resolve: (bytes: Uint8Array) => void;
  readonly reject: (error: unknown) => void;
}

/** `threads` computations at once at most; defaults to 2, so that a long one does not stop the short ones. */
export function createComputePool({threads = 2}: {readonly threads?: number} = {}): ComputePool {
  const idle: Worker[] = [];
  const all = new Set<Worker>();
  const waiting: Task[] = [];
  let closed = false;

  function next(): void {
    while (waiting.length > 0 && (idle.length > 0 || all.size < threads)) {
      const task = waiting.shift()!;
      if (task.signal?.aborted) task.reject(task.signal.reason);
      else perform(task, idle.pop() ?? start());
    }
  }

  function start(): Worker {
    const worker = new Worker(new URL("computeBoot.mjs", import.meta.url), {execArgv: []});
    worker.unref();
    all.add(worker);
    return worker;
  }

  function perform({dir, computation, signal, resolve, reject}: Task, worker: Worker): void {
    const settle = (reusable: boolean) => {
      worker.off("message", onMessage).off("error", onError).off("exit", onExit);
      signal?.removeEventListener("abort", onAbort);
      worker.unref();
      if (reusable && !closed) {
        idle.push(worker);
      } else {
        all.delete(worker);
        void worker.terminate();
      }
      next();
    };
    const fail = (error: unknown, reusable: boolean) => {
      reject(error);
      settle(reusable);
    };
    const onMessage = (message: {bytes: Uint8Array} | {error: unknown}) => {
      if ("error" in message) return fail(message.error, true);
      resolve(message.bytes);
      settle(true);
    };
    const onError = (error: unknown) => fail(error, false);
    const onExit = (code: number) => fail(new Error(`analysis thread ended with status ${code}`), false);
    const onAbort = () => fail(signal!.reason, false);
    worker.on("message", onMessage).on("error", onError).on("exit", onExit);
    signal?.addEventListener("abort", onAbort);
    worker.ref();
    worker.postMessage({dir, computation});
  }

  return {
    run: (dir, computation, {signal} = {}) =>
      new Promise((resolve, reject) => {
        if (closed) throw new Error("the analysis threads are closed");
        waiting.push({dir, computation, signal, resolve, reject});
        next();
      }),
    async close() {
      closed = true;
      for (const {reject} of waiting.splice(0)) reject(new Error("the server is closing"));
      await Promise.all([...all].map((worker) => worker.terminate()));
    }
  };
}
