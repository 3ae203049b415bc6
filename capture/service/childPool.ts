import type {ChildProcess} from "node:child_process";
import {Refusal} from "../trace/refusal.ts";
import {ended, keepAlive, startProcess} from "./childProcess.ts";
import {giveOrder, type OrderEnd, type OrderLimits} from "./giveOrder.ts";

/**
 * Processes that answer orders, each one at a time. Not threads: one that is ended while onnxruntime computes in it takes the whole process down. Whatever
 * ends a child, its order alone fails, in one line, and the next one starts a new child; one that died before it took its order has lost nothing, and the
 * order goes to another.
 */
export interface ChildPool<Order, Answer, News = never> {
  /** Rejects with the child's own error; with the signal's reason; or with a Refusal: `late`, `heavy`, `killed` or `closing`. */
  run(order: Order, options?: OrderLimits<News>): Promise<Answer>;
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

interface Task<Order, Answer, News> extends OrderLimits<News> {
  readonly order: Order;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
  tries: number;
}

/** The processes and the orders of a pool. */
interface Held<Order, Answer, News>
  extends Required<Pick<ChildPoolOptions, "name" | "processes" | "single">>,
    Pick<ChildPoolOptions, "log"> {
  readonly module: URL;
  readonly idle: ChildProcess[];
  readonly all: Set<ChildProcess>;
  readonly waiting: Task<Order, Answer, News>[];
  last: ChildProcess | undefined;
  orders: number;
  isWarm: boolean;
  isClosed: boolean;
}

const MAX_TRIES = 5;

export function createChildPool<Order, Answer, News = never>(
  module: URL,
  {name, processes = 1, single = false, log}: ChildPoolOptions
): ChildPool<Order, Answer, News> {
  const held: Held<Order, Answer, News> = {
    ...{module, name, processes, single, log, idle: [], all: new Set(), waiting: []},
    last: undefined,
    orders: 0,
    isWarm: false,
    isClosed: false
  };
  return {
    run: (order, options = {}) => new Promise((resolve, reject) => enqueue(held, {...options, order, resolve, reject, tries: 0})),
    warm() {
      held.isWarm = true;
      goOn(held);
    },
    get pid() {
      return held.last?.pid;
    },
    async close() {
      held.isClosed = true;
      for (const {reject} of held.waiting.splice(0)) reject(closing());
      await Promise.all([...held.all].map(ended));
    }
  };
}

/** Puts an order at the end of the line, until its turn comes or its signal is aborted. Throws what it is to be rejected with at once. */
function enqueue<Order, Answer, News>(held: Held<Order, Answer, News>, task: Task<Order, Answer, News>): void {
  const {waiting} = held;
  if (held.isClosed) throw closing();
  task.signal?.throwIfAborted();
  waiting.push(task);
  task.signal?.addEventListener("abort", () => {
    if (!waiting.includes(task)) return;
    waiting.splice(waiting.indexOf(task), 1);
    task.reject(task.signal!.reason);
  });
  goOn(held);
}

/** Gives what waits to processes that are idle or may be started; starts the others where the pool is warm. */
function goOn<Order, Answer, News>(held: Held<Order, Answer, News>): void {
  const {waiting, idle, all, processes} = held;
  while (waiting.length > 0 && (idle.length > 0 || all.size < processes)) {
    const task = waiting.shift()!;
    const child = idle.pop() ?? start(held);
    giveOrder<Order, Answer, News>(child, {id: ++held.orders, order: task.order}, task, (end) => settle(held, {task, child, end}));
  }
  while (held.isWarm && !held.isClosed && all.size < processes) idle.push(start(held));
}

function start<Order, Answer, News>(held: Held<Order, Answer, News>): ChildProcess {
  const {module, name, log, all, idle} = held;
  const child = startProcess(module, log);
  held.last = child;
  all.add(child);
  const drop = () => {
    all.delete(child);
    if (idle.includes(child)) idle.splice(idle.indexOf(child), 1);
    if (log) log(`${name} ended: ${child.signalCode ?? `status ${child.exitCode}`}`);
    goOn(held);
  };
  child.once("exit", drop);
  child.once("error", () => {
    if (child.pid === undefined) drop();
  });
  keepAlive(child, false);
  return child;
}

interface Ended<Order, Answer, News> {
  readonly task: Task<Order, Answer, News>;
  readonly child: ChildProcess;
  readonly end: OrderEnd<Answer>;
}

/** Answers who asked, or gives the order to another process where this one died before it took it; and goes on. */
function settle<Order, Answer, News>(held: Held<Order, Answer, News>, {task, child, end}: Ended<Order, Answer, News>): void {
  const {name, single, idle, waiting, isClosed} = held;
  if (end.type === "answer") task.resolve(end.answer);
  else if (end.type === "fault") task.reject(end.error);
  else if (end.type === "unstarted")
    task.reject(new Refusal(`the ${name} did not start: ${end.cause.message}`, {kind: "killed", cause: end.cause}));
  else if (end.reason !== undefined) task.reject(end.reason);
  else if (!end.isBegun && !isClosed && ++task.tries < MAX_TRIES) waiting.unshift(task);
  else task.reject(isClosed ? closing() : killed(name, child));
  const isReusable = (end.type === "answer" || end.type === "fault") && !single && !isClosed && child.connected;
  if (isReusable) idle.push(child);
  else child.kill("SIGKILL");
  goOn(held);
}

const closing = (): Refusal => new Refusal("the server is closing", {kind: "closing"});
const killed = (name: string, {signalCode, exitCode}: ChildProcess): Refusal =>
  new Refusal(`the ${name} ended with ${signalCode ?? `status ${exitCode}`}`, {kind: "killed"});
