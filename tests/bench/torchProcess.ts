import {spawn} from "node:child_process";
import {join} from "node:path";
import {createInterface} from "node:readline";

/** A running script of peers/ with a loaded checkpoint: one JSON object a line each way. */
export interface TorchProcess {
  /** PyTorch's version. */
  readonly version: string;
  ask<Answer>(job: object): Promise<Answer>;
  stop(): void;
}

// What makes PyTorch quickest: OpenMP's threads must not spin against each other's work, and Debian's build gives every
// buffer back to the system unless malloc is told to keep them.
const environment = {OMP_WAIT_POLICY: "passive", MALLOC_MMAP_MAX_: "0", MALLOC_TRIM_THRESHOLD_: "100000000000"};

/** The interpreters to try, from ORRERY_PYTHON, joined by commas. */
export const interpreters = (): string[] => (process.env.ORRERY_PYTHON ?? "python3").split(",");

/** Starts a script with its arguments; undefined, and a line that says so, where the interpreter cannot import torch. */
export async function startTorch(interpreter: string, script: string, args: readonly string[]): Promise<TorchProcess | undefined> {
  const path = join(import.meta.dirname, "peers", script);
  const child = spawn(interpreter, [path, ...args], {env: {...process.env, ...environment}, stdio: ["pipe", "pipe", "ignore"]});
  const started = await new Promise<boolean>((resolve) => {
    child.once("error", () => resolve(false));
    child.once("spawn", () => resolve(true));
  });
  const lines = started ? createInterface({input: child.stdout})[Symbol.asyncIterator]() : undefined;
  const answer = async (): Promise<unknown> => {
    const next = await lines?.next();
    return next && !next.done ? JSON.parse(next.value) : undefined;
  };
  const version = ((await answer()) as {torch?: string} | undefined)?.torch;
  if (version === undefined) {
    console.log(`skipped: ${interpreter} cannot import torch (set ORRERY_PYTHON to one that can)`);
    return undefined;
  }
  return {
    version,
    async ask<Answer>(job: object): Promise<Answer> {
      child.stdin.write(`${JSON.stringify(job)}\n`);
      const told = await answer();
      if (told === undefined) throw new Error(`${interpreter} ${path} ended without an answer`);
      return told as Answer;
    },
    stop: () => child.stdin.end()
  };
}
