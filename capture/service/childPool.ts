import {fork, type ChildProcess} from "node:child_process";
import {once} from "node:events";
import {readFile} from "node:fs/promises";
import {createRequire} from "node:module";
import type {Socket} from "node:net";
import {createInterface} from "node:readline";
import {fileURLToPath, pathToFileURL} from "node:url";
import {errorOf, Refusal, type Fault} from "../trace/refusal.ts";

/** What a child is told, and what it tells; see answerOrders.ts for its side. */
export type ToChild<Order> =
  | {readonly type: "order"; readonly id: number; readonly order: Order}
  | {readonly type: "cancel"; readonly id: number};
export type FromChild<Answer, News> =
  | {readonly type: "begun"; readonly id: number}
  | {readonly type: "news"; readonly id: number; readonly news: News}
  | {readonly type: "answer"; readonly id: number; readonly answer: Answer}
  | {readonly type: "fault"; readonly id: number; readonly fault: Fault};

export interface ChildRunOptions<News = never> {
  /** Cancels the order: the process may come to the next good place within `graceMs`, and is killed then. */
  readonly signal?: AbortSignal;
  /** Defaults to 0: the process is killed at once. */
  readonly graceMs?: () => number;
  /** The process is killed when the answer takes longer from when it began; defaults to no limit. */
  readonly deadlineMs?: number;
  /** The process is killed when it holds more memory; defaults to no limit, and is watched on Linux only. */
  readonly memoryBytes?: number;
  readonly onNews?: (news: News) => void;
}

/**
 * Processes that answer orders, each one at a time. Not threads: one that is ended while onnxruntime computes in it takes the whole process down. Whatever
 * ends a child, its order alone fails, in one line, and the next one starts a new child; one that died before it took its order has lost nothing, and the
 * order goes to another.
 */
export interface ChildPool<Order, Answer, News = never> {
  /** Rejects with the child's own error; with the signal's reason; or with a Refusal: `late`, `heavy`, `killed` or `closing`. */
  run(order: Order, options?: ChildRunOptions<News>): Promise<Answer>;
  /** Starts all processes, and from now on another for each that ends, so that no order waits for one to start. */
  warm(): void;
  /** The process that was started last. */
  readonly pid: number | undefined;
  close(): Promise<void>;
}

export interface ChildPoolOptions {
  /** What the process is called where its end is told. */
  readonly name: string;
  /** Orders at once at most; defaults to 1. */
  readonly processes?: number;
  /** Whether each process ends with its order, its memory with it; defaults to false. */
  readonly single?: boolean;
  /** Takes the lines that the processes print; defaults to passing on what they print as errors. */
  readonly log?: (line: string) => void;
}

interface Task<Order, Answer, News> extends ChildRunOptions<News> {
  readonly order: Order;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
  tries: number;
}

const MAX_TRIES = 5;
const WATCH_MS = 250;

export function createChildPool<Order, Answer, News = never>(
  module: URL,
  {name, processes = 1, single = false, log}: ChildPoolOptions
): ChildPool<Order, Answer, News> {
  type Work = Task<Order, Answer, News>;
  const idle: ChildProcess[] = [];
  const all = new Set<ChildProcess>();
  const waiting: Work[] = [];
  let last: ChildProcess | undefined;
  let orders = 0;
  let isWarm = false;
  let closed = false;

  function next(): void {
    while (waiting.length > 0 && (idle.length > 0 || all.size < processes)) {
      const task = waiting.shift()!;
      perform(task, idle.pop() ?? start());
    }
    while (isWarm && !closed && all.size < processes) idle.push(start());
  }

  function start(): ChildProcess {
    const child = startProcess(module, log);
    last = child;
    all.add(child);
    const drop = () => {
      all.delete(child);
      if (idle.includes(child)) idle.splice(idle.indexOf(child), 1);
      if (log) log(`${name} ended: ${child.signalCode ?? `status ${child.exitCode}`}`);
      next();
    };
    child.once("exit", drop);
    child.once("error", () => {
      if (child.pid === undefined) drop();
    });
    keepAlive(child, false);
    return child;
  }

  function perform(task: Work, child: ChildProcess): void {
    const {signal, graceMs = () => 0, deadlineMs, memoryBytes, onNews} = task;
    const id = ++orders;
    let begun = false;
    let reason: unknown; // why this side ends it
    const timers: NodeJS.Timeout[] = [];
    const settle = (reusable: boolean) => {
      timers.forEach(clearTimeout);
      signal?.removeEventListener("abort", onAbort);
      child.off("message", onMessage).off("exit", onExit).off("error", onError);
      keepAlive(child, false);
      if (reusable && !single && !closed && child.connected) idle.push(child);
      else child.kill("SIGKILL");
      next();
    };
    const end = (why: unknown) => {
      reason ??= why;
      child.kill("SIGKILL");
    };
    const onMessage = (message: FromChild<Answer, News>) => {
      if (message.id !== id) return;
      if (message.type === "begun") {
        begun = true;
        if (deadlineMs !== undefined) timers.push(setTimeout(() => end(tooLate(deadlineMs)), deadlineMs));
      } else if (message.type === "news") onNews?.(message.news);
      else {
        if (message.type === "answer") task.resolve(message.answer);
        else task.reject(errorOf(message.fault));
        settle(true);
      }
    };
    const onExit = () => {
      if (reason !== undefined) task.reject(reason);
      else if (!begun && !closed && ++task.tries < MAX_TRIES) waiting.unshift(task);
      else task.reject(closed ? closing() : killed(name, child));
      settle(false);
    };
    const onError = (error: Error) => {
      if (child.pid !== undefined) return; // it exits, too
      task.reject(new Refusal(`the ${name} did not start: ${error.message}`, {kind: "killed", cause: error}));
      settle(false);
    };
    const onAbort = () => {
      const grace = graceMs();
      if (grace > 0) tell(child, {type: "cancel", id});
      timers.push(setTimeout(() => end(signal!.reason), grace));
    };
    child.on("message", onMessage).on("exit", onExit).on("error", onError);
    signal?.addEventListener("abort", onAbort);
    if (memoryBytes !== undefined) timers.push(watchMemory(child, memoryBytes, end));
    keepAlive(child, true);
    if (child.exitCode !== null || child.signalCode !== null) {
      onExit();
      return;
    }
    tell(child, {type: "order", id, order: task.order} satisfies ToChild<Order>);
    if (signal?.aborted) onAbort();
  }

  return {
    run: (order, options = {}) =>
      new Promise((resolve, reject) => {
        if (closed) throw closing();
        options.signal?.throwIfAborted();
        const task: Work = {...options, order, resolve, reject, tries: 0};
        waiting.push(task);
        options.signal?.addEventListener("abort", () => {
          if (!waiting.includes(task)) return;
          waiting.splice(waiting.indexOf(task), 1);
          reject(options.signal!.reason);
        });
        next();
      }),
    warm() {
      isWarm = true;
      next();
    },
    get pid() {
      return last?.pid;
    },
    async close() {
      closed = true;
      for (const {reject} of waiting.splice(0)) reject(closing());
      await Promise.all([...all].map(ended));
    }
  };
}

const closing = (): Refusal => new Refusal("the server is closing", {kind: "closing"});
const killed = (name: string, {signalCode, exitCode}: ChildProcess): Refusal =>
  new Refusal(`the ${name} ended with ${signalCode ?? `status ${exitCode}`}`, {kind: "killed"});
const tooLate = (milliseconds: number): Refusal =>
  new Refusal(`too slow: no answer within ${Math.round(milliseconds / 1000)} s, the most that is allowed for its size`, {kind: "late"});

/** The loader that lets a child read TypeScript, found from here: the working folder may be anywhere. */
const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

function startProcess(module: URL, log: ((line: string) => void) | undefined): ChildProcess {
  const child = fork(fileURLToPath(module), {
    execArgv: ["--import", tsx],
    serialization: "advanced",
    stdio: log ? ["ignore", "pipe", "pipe", "ipc"] : ["ignore", "ignore", "inherit", "ipc"]
  });
  for (const stream of [child.stdout, child.stderr]) if (stream && log) createInterface({input: stream}).on("line", log);
  return child;
}

/** A child that is gone meanwhile is told nothing: its exit says so. */
function tell<Order>(child: ChildProcess, message: ToChild<Order>): void {
  if (child.connected) child.send(message as object, () => {});
}

/** Whether the process keeps this one from ending; only one that computes does. */
function keepAlive(child: ChildProcess, isNeeded: boolean): void {
  for (const part of [child, child.channel, child.stdout as Socket | null, child.stderr as Socket | null]) {
    if (isNeeded) part?.ref();
    else part?.unref();
  }
}

function watchMemory(child: ChildProcess, most: number, end: (why: Refusal) => void): NodeJS.Timeout {
  return setInterval(() => {
    void readFile(`/proc/${child.pid}/status`, "utf8").then(
      (text) => {
        const held = 1024 * Number(/^VmRSS:\s*(\d+) kB/m.exec(text)?.[1] ?? 0);
        if (held > most)
          end(new Refusal(`too large: it takes more than the ${megabytes(most)} MB of memory allowed for its size`, {kind: "heavy"}));
      },
      () => {} // not Linux, or gone
    );
  }, WATCH_MS).unref();
}

const megabytes = (bytes: number): number => Math.round(bytes / 2 ** 20);

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.ref();
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}
