import type {ChildProcess} from "node:child_process";
import {errorOf, Refusal} from "../trace/refusal.ts";
import {keepAlive, tell, watchMemory, type FromChild, type ToChild} from "./childProcess.ts";

export interface OrderLimits<News = never> {
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

/** How an order ended: with the child's answer or error, with a child that did not start, or with the child's end; `reason` is why this side ended it. */
export type OrderEnd<Answer> =
  | {readonly type: "answer"; readonly answer: Answer}
  | {readonly type: "fault"; readonly error: unknown}
  | {readonly type: "unstarted"; readonly cause: Error}
  | {readonly type: "exit"; readonly isBegun: boolean; readonly reason: unknown};

/** Gives a child that is idle one order, and tells once how it ended; meanwhile the child keeps this process alive. */
export function giveOrder<Order, Answer, News>(
  child: ChildProcess,
  {id, order}: {readonly id: number; readonly order: Order},
  {signal, graceMs = () => 0, deadlineMs, memoryBytes, onNews}: OrderLimits<News>,
  over: (end: OrderEnd<Answer>) => void
): void {
  let isBegun = false;
  let reason: unknown;
  const timers: NodeJS.Timeout[] = [];
  const settle = (how: OrderEnd<Answer>): void => {
    timers.forEach(clearTimeout);
    signal?.removeEventListener("abort", onAbort);
    child.off("message", onMessage).off("exit", onExit).off("error", onError);
    keepAlive(child, false);
    over(how);
  };
  const kill = (why: unknown): void => {
    reason ??= why;
    child.kill("SIGKILL");
  };
  const onMessage = (message: FromChild<Answer, News>): void => {
    if (message.id !== id) return;
    if (message.type === "answer") settle({type: "answer", answer: message.answer});
    else if (message.type === "fault") settle({type: "fault", error: errorOf(message.fault)});
    else if (message.type === "news") onNews?.(message.news);
    else {
      isBegun = true;
      if (deadlineMs !== undefined) timers.push(setTimeout(() => kill(tooLate(deadlineMs)), deadlineMs));
    }
  };
  const onExit = (): void => settle({type: "exit", isBegun, reason});
  const onError = (cause: Error): void => {
    if (child.pid === undefined) settle({type: "unstarted", cause}); // any other exits, too
  };
  const onAbort = (): void => {
    const grace = graceMs();
    if (grace > 0) tell(child, {type: "cancel", id});
    timers.push(setTimeout(() => kill(signal!.reason), grace));
  };
  child.on("message", onMessage).on("exit", onExit).on("error", onError);
  signal?.addEventListener("abort", onAbort);
  if (memoryBytes !== undefined) timers.push(watchMemory(child, memoryBytes, kill));
  keepAlive(child, true);
  if (child.exitCode !== null || child.signalCode !== null) {
    onExit();
    return;
  }
  tell(child, {type: "order", id, order} satisfies ToChild<Order>);
  if (signal?.aborted) onAbort();
}

const tooLate = (milliseconds: number): Refusal =>
  new Refusal(`too slow: no answer within ${Math.round(milliseconds / 1000)} s, the most that is allowed for its size`, {kind: "late"});
