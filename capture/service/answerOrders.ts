import {setFlagsFromString} from "node:v8";
import {runInNewContext} from "node:vm";
import {Worker} from "node:worker_threads";
import {faultOf} from "../trace/refusal.ts";
import type {FromChild, ToChild} from "./childProcess.ts";

export interface AnswerTools<News> {
  /** Aborts when the order is cancelled, or when the process is to end. */
  readonly signal: AbortSignal;
  readonly tell: (news: News) => void;
}

interface AnswerOrdersOptions {
  /** Whether the process comes to the next good place before it ends, as a capture finishes its step; defaults to false. */
  readonly finishes?: boolean;
}

/**
 * A child of childPool.ts: answers one order at a time, and ends when its parent is gone, or at SIGTERM. Ctrl-C reaches the whole group: the parent decides.
 * Errors cross as data.
 */
export function answerOrders<Order, Answer, News = never>(
  answer: (order: Order, tools: AnswerTools<News>) => Promise<Answer>,
  {finishes = false}: AnswerOrdersOptions = {}
): void {
  let current: {readonly id: number; readonly abort: AbortController; readonly done: Promise<void>} | undefined;

  async function perform(id: number, order: Order, {signal}: AbortController): Promise<void> {
    const before = process.memoryUsage.rss();
    send({type: "begun", id});
    const last: FromChild<Answer, News> = await answer(order, {signal, tell: (news) => send({type: "news", id, news})}).then(
      (found) => ({type: "answer", id, answer: found}),
      (error: unknown) => ({type: "fault", id, fault: faultOf(error)})
    );
    current = undefined;
    send(last, signal.aborted && holdsMore(before) ? () => process.exit(0) : undefined);
  }

  const send = (message: FromChild<Answer, News>, then: () => void = () => {}) => {
    if (process.connected) process.send!(message, then);
    else then();
  };

  async function leave(reason: string): Promise<void> {
    if (finishes) {
      current?.abort.abort(reason);
      await current?.done;
    }
    process.exit(0);
  }

  process.on("message", (message: ToChild<Order>) => {
    if (message.type === "cancel") {
      if (current?.id === message.id) current.abort.abort("cancelled");
      return;
    }
    const abort = new AbortController();
    const {id, order} = message;
    current = {id, abort, done: Promise.resolve().then(() => perform(id, order, abort))};
  });
  process.on("disconnect", () => void leave("killed"));
  process.on("SIGTERM", () => void leave("cancelled"));
  process.on("SIGINT", () => {});
  new Worker(WATCH_PARENT, {eval: true}).unref();
}

/** In a thread of its own, since an endless loop hears nothing: a process whose parent is gone has half a minute to come to a good end. */
const WATCH_PARENT = `
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    setTimeout(() => process.kill(process.pid, "SIGKILL"), 30_000);
  }, 1000);`;

const KEPT_BYTES = 64 * 2 ** 20; // more than this over what there was before is given back by ending

/** Whether a cancelled order left more in memory than it found, after everything that can be freed was. */
function holdsMore(before: number): boolean {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return process.memoryUsage.rss() > before + KEPT_BYTES;
}
