import {Worker} from "node:worker_threads";
import "../../capture/trace/onnxRuntime.ts"; // outside the threads, too, before the first of them opens a session
import {errorOf} from "../../capture/trace/refusal.ts";
import type {WorkerAnswer, WorkerOrder, WorkerSetup} from "./promptWorker.ts";

export interface PromptPoolOptions extends WorkerSetup {
  /** Threads that each hold a model and take a prompt at a time. */
  readonly workers: number;
  /** Ends the threads between two steps, and throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Runs the prompts from `first` on in several threads and gives their lines in order. Threads run ahead of the slowest by a few prompts at most, so
 * memory stays flat. Throws the first error that a prompt ends with.
 */
export async function* promptLines(
  first: number,
  count: number,
  {workers, signal, ...setup}: PromptPoolOptions
): AsyncGenerator<string, void, undefined> {
  const lines = new Map<number, string>();
  const threads: {readonly thread: Worker; readonly gone: Promise<unknown>}[] = [];
  let next = first;
  let wanted = first;
  let failure: Error | undefined;
  let wake = () => {};
  const idle: Worker[] = [];

  const fail = (error: unknown) => {
    failure ??= error instanceof Error ? error : new Error(String(error));
    wake();
  };
  const dispatch = () => {
    while (idle.length > 0 && next < first + count && next < wanted + AHEAD * workers) send(idle.pop()!, {index: next++});
  };
  const stop = () => fail(signal!.reason);
  signal?.addEventListener("abort", stop);
  if (signal?.aborted) stop();
  try {
    for (let i = 0; i < Math.min(workers, count) && !failure; ++i) {
      const thread = new Worker(new URL("promptBoot.mjs", import.meta.url), {workerData: setup, execArgv: []});
      thread.on("message", (answer: WorkerAnswer) => {
        if ("fault" in answer) return fail(errorOf({...answer.fault, message: `prompt ${answer.index + 1}: ${answer.fault.message}`}));
        lines.set(answer.index, answer.line);
        idle.push(thread);
        wake();
      });
      thread.on("error", fail);
      thread.on("exit", (code) => fail(new Error(`experiment thread ended with status ${code}`)));
      threads.push({thread, gone: new Promise((resolve) => thread.once("exit", resolve))});
      idle.push(thread);
    }
    for (; wanted < first + count; ++wanted) {
      dispatch();
      while (!lines.has(wanted) && !failure) {
        await new Promise<void>((resolve) => (wake = resolve));
        dispatch();
      }
      if (failure) throw failure;
      yield lines.get(wanted)!;
      lines.delete(wanted);
    }
  } finally {
    signal?.removeEventListener("abort", stop);
    for (const {thread} of threads) send(thread, "stop");
    await Promise.all(threads.map(({gone}) => gone));
  }
}

const send = (thread: Worker, order: WorkerOrder): void => thread.postMessage(order);

const AHEAD = 4; // prompts that may be underway or waiting for a slow one, per thread
