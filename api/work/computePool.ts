import {fork, type ChildProcess} from "node:child_process";
import {createRequire} from "node:module";
import {fileURLToPath, pathToFileURL} from "node:url";
import {errorOf, type Fault} from "../../capture/trace/refusal.ts";
import {HttpError} from "../contract/httpError.ts";
import type {Computation} from "./compute.ts";

/** Processes for analyses. Not threads: one that is ended while onnxruntime computes in it takes the whole process down. */
export interface ComputePool {
  /** The answer's bytes. Rejects with the computation's own error, with the signal's reason (a computation that runs is then ended), or with status 503 once the pool closes. */
  run(dir: string, computation: Computation, options?: ComputeRunOptions): Promise<Uint8Array>;
  /** Starts all processes, and from now on another for each that ends, so that no question waits for one to start. */
  warm(): void;
  close(): Promise<void>;
}

export interface ComputeRunOptions {
  /** Folders of the runs that are compared with this one; defaults to none. */
  readonly others?: readonly string[];
  readonly signal?: AbortSignal;
}

interface Task extends ComputeRunOptions {
  readonly dir: string;
  readonly computation: Computation;
  readonly resolve: (bytes: Uint8Array) => void;
  readonly reject: (error: unknown) => void;
}

/** `processes` computations at once at most; defaults to 2, so that a long one does not stop the short ones. */
export function createComputePool({processes = 2}: {readonly processes?: number} = {}): ComputePool {
  const idle: ChildProcess[] = [];
  const all = new Set<ChildProcess>();
  const waiting: Task[] = [];
  let isWarm = false;
  let closed = false;

  function next(): void {
    while (waiting.length > 0 && (idle.length > 0 || all.size < processes)) {
      const task = waiting.shift()!;
      if (task.signal?.aborted) task.reject(task.signal.reason);
      else perform(task, idle.pop() ?? start());
    }
  }

  function start(): ChildProcess {
    const worker = fork(fileURLToPath(new URL("computeProcess.ts", import.meta.url)), {
      execArgv: ["--import", tsx],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "inherit", "ipc"]
    });
    all.add(worker);
    const drop = () => {
      all.delete(worker);
      if (idle.includes(worker)) idle.splice(idle.indexOf(worker), 1);
    };
    worker.once("exit", drop).once("error", drop);
    keepAlive(worker, false);
    return worker;
  }

  function fill(): void {
    while (isWarm && !closed && all.size < processes) idle.push(start());
  }

  function perform({dir, computation, others, signal, resolve, reject}: Task, worker: ChildProcess): void {
    const settle = (reusable: boolean) => {
      worker.off("message", onMessage).off("error", onError).off("exit", onExit);
      signal?.removeEventListener("abort", onAbort);
      keepAlive(worker, false);
      if (reusable && !closed) {
        idle.push(worker);
      } else {
        all.delete(worker);
        worker.kill("SIGKILL");
      }
      next();
      fill();
    };
    const fail = (error: unknown, reusable: boolean) => {
      reject(error);
      settle(reusable);
    };
    const onMessage = (message: {bytes: Uint8Array} | {fault: Fault}) => {
      if ("fault" in message) return fail(errorOf(message.fault), true);
      resolve(message.bytes);
      settle(true);
    };
    const onError = (error: unknown) => fail(error, false);
    const onExit = (code: number | null, end: string | null) =>
      fail(closed ? closing() : new Error(`analysis process ended: ${end ?? `status ${code}`}`), false);
    const onAbort = () => fail(signal!.reason, false);
    worker.on("message", onMessage).on("error", onError).on("exit", onExit);
    signal?.addEventListener("abort", onAbort);
    keepAlive(worker, true);
    worker.send({dir, computation, others});
  }

  return {
    run: (dir, computation, {others, signal} = {}) =>
      new Promise((resolve, reject) => {
        if (closed) throw closing();
        waiting.push({dir, computation, others, signal, resolve, reject});
        next();
      }),
    warm() {
      isWarm = true;
      fill();
    },
    async close() {
      closed = true;
      for (const {reject} of waiting.splice(0)) reject(closing());
      await Promise.all([...all].map(ended));
    }
  };
}

const closing = (): HttpError => new HttpError(503, "the server is closing");

const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

/** Whether the process keeps this one from ending; only one that computes does. */
function keepAlive(worker: ChildProcess, isNeeded: boolean): void {
  if (isNeeded) {
    worker.ref();
    worker.channel?.ref();
  } else {
    worker.unref();
    worker.channel?.unref();
  }
}

function ended(worker: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    worker.ref();
    worker.once("exit", () => resolve());
    worker.kill("SIGKILL");
  });
}
