import {spawn, type ChildProcess} from "node:child_process";
import {join} from "node:path";
import {onTestFinished} from "vitest";
import {builtPath, root} from "./builtPath.ts";

const cli = join(root, "api/cli.ts");

export interface CliEnd {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCli {
  readonly process: ChildProcess;
  readonly end: Promise<CliEnd>;
  /** Resolves once stdout holds the text. */
  until(text: string): Promise<string>;
}

/** The user's folder; defaults to the tests' own. `npm run` would tell it in INIT_CWD. */
export interface CliOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Whether it leads a group of processes of its own, as a service does; defaults to false. */
  readonly detached?: boolean;
}

/** Starts the real command line; it is ended with the test. */
export function startCli(args: readonly string[], {cwd = process.cwd(), env = {}, detached = false}: CliOptions = {}): RunningCli {
  const {INIT_CWD: _, ...ours} = process.env; // npm test sets it, too
  const child = spawn(process.execPath, [builtPath(cli), ...args], {
    cwd,
    detached,
    env: {...ours, ...env},
    stdio: ["ignore", "pipe", "pipe"]
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const end = new Promise<CliEnd>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve({status, stdout, stderr}));
  });
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await end;
  });
  return {
    process: child,
    end,
    until: (text) =>
      new Promise((resolve, reject) => {
        const look = () => stdout.includes(text) && resolve(stdout);
        child.stdout.on("data", look);
        void end.then(() => reject(new Error(`ended without "${text}": ${stderr}`)));
        look();
      })
  };
}

/** Runs the real command line to its end. */
export const runCli = (args: readonly string[], options?: CliOptions): Promise<CliEnd> => startCli(args, options).end;

/** What a command says on stderr beside how far it is, which a slow machine has time to hear of. */
export const withoutProgress = (stderr: string): string => stderr.replace(/^.*: [a-z]+ \d+ of \d+.*\n/gm, "");
