import {fork} from "node:child_process";
import {createRequire} from "node:module";
import {createInterface} from "node:readline";
import {fileURLToPath, pathToFileURL} from "node:url";
import {reportSchema, type ExperimentOrder} from "./experimentMessages.ts";

export interface ExperimentEnd {
  readonly status: "complete" | "cancelled" | "failed";
  /** One line, for a failed one. */
  readonly error: string | null;
}

export interface RunnerOptions {
  /** Cancels: finished prompts stay. A process that does not end by itself is killed. */
  readonly signal: AbortSignal;
  readonly onProgress: (finished: number, secondsLeft: number | null) => void;
  readonly log?: (line: string) => void;
}

/** The loader that lets a child read TypeScript, found from here: the working folder may be anywhere. */
const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const GRACE_MS = 5000;

/** Runs an experiment in a process of its own, so that whatever ends it the caller lives on. Never rejects for what goes wrong in there. */
export function runInProcess(order: ExperimentOrder, {signal, onProgress, log = () => {}}: RunnerOptions): Promise<ExperimentEnd> {
  if (signal.aborted) return Promise.resolve({status: "cancelled", error: null});
  const child = fork(fileURLToPath(new URL("experimentProcess.ts", import.meta.url)), {
    execArgv: ["--import", tsx],
    stdio: ["ignore", "pipe", "pipe", "ipc"]
  });
  for (const stream of [child.stdout, child.stderr]) if (stream) createInterface({input: stream}).on("line", log);
  let end: ExperimentEnd | undefined;
  let grace: NodeJS.Timeout | undefined;
  const cancel = () => {
    child.kill("SIGTERM");
    grace = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
  };
  signal.addEventListener("abort", cancel);
  child.on("message", (message) => {
    const report = reportSchema.parse(message);
    if (report.type === "progress") onProgress(report.finished, report.secondsLeft);
    else end = {status: report.status, error: report.error};
  });
  child.send(order);
  return new Promise((resolve) => {
    const settle = (reason: string) => {
      clearTimeout(grace);
      signal.removeEventListener("abort", cancel);
      resolve(end ?? (signal.aborted ? {status: "cancelled", error: null} : {status: "failed", error: reason}));
    };
    child.once("error", (error) => settle(error.message));
    child.once("exit", (code, killed) =>
      settle(`the experiment's process ended with ${killed ?? `status ${code}`}; finished prompts are kept`)
    );
  });
}
