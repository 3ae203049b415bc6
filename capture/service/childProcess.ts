import {fork, type ChildProcess} from "node:child_process";
import {once} from "node:events";
import {readFile} from "node:fs/promises";
import {createRequire} from "node:module";
import type {Socket} from "node:net";
import {createInterface} from "node:readline";
import {fileURLToPath, pathToFileURL} from "node:url";
import {Refusal, type Fault} from "../trace/refusal.ts";

/** What a child is told, and what it tells; see answerOrders.ts for its side. */
export type ToChild<Order> =
  | {readonly type: "order"; readonly id: number; readonly order: Order}
  | {readonly type: "cancel"; readonly id: number};
export type FromChild<Answer, News> =
  | {readonly type: "begun"; readonly id: number}
  | {readonly type: "news"; readonly id: number; readonly news: News}
  | {readonly type: "answer"; readonly id: number; readonly answer: Answer}
  | {readonly type: "fault"; readonly id: number; readonly fault: Fault};

const WATCH_MS = 250;

/** The loader that lets a child read TypeScript, found from here: the working folder may be anywhere. */
const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

/** Starts a module as a process; `log` takes the lines that it prints, else its errors are passed on. */
export function startProcess(module: URL, log: ((line: string) => void) | undefined): ChildProcess {
  const child = fork(fileURLToPath(module), {
    execArgv: module.pathname.endsWith(".ts") ? ["--import", tsx] : [],
    serialization: "advanced",
    stdio: log ? ["ignore", "pipe", "pipe", "ipc"] : ["ignore", "ignore", "inherit", "ipc"]
  });
  for (const stream of [child.stdout, child.stderr]) if (stream && log) createInterface({input: stream}).on("line", log);
  return child;
}

/** A child that is gone meanwhile is told nothing: its exit says so. */
export function tell<Order>(child: ChildProcess, message: ToChild<Order>): void {
  if (child.connected) child.send(message as object, () => {});
}

/** Whether the process keeps this one from ending; only one that computes does. */
export function keepAlive(child: ChildProcess, isNeeded: boolean): void {
  for (const part of [child, child.channel, child.stdout as Socket | null, child.stderr as Socket | null]) {
    if (isNeeded) part?.ref();
    else part?.unref();
  }
}

/** Ends the process once it holds more than `most` bytes; watched on Linux only. */
export function watchMemory(child: ChildProcess, most: number, end: (why: Refusal) => void): NodeJS.Timeout {
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

/** Kills the process, and resolves when it is gone. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.ref();
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}
