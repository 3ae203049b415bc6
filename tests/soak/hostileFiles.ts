import {fork} from "node:child_process";
import {mkdtemp, rm} from "node:fs/promises";
import {createRequire} from "node:module";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {parseArgs} from "node:util";
import {fileURLToPath, pathToFileURL} from "node:url";
import {hostileKinds} from "../support/hostile/kinds.ts";
import type {Outcome} from "../support/hostile/tryFiles.ts";
import {wholeFrom} from "../support/readNumber.ts";

const MOST_MS = 2000;
const MOST_CHARACTERS = 300;
const FREE_BYTES = 100 * 2 ** 20;
const TIMES_ITS_SIZE = 4;
const TICK_MS = 1000;
const HANG_TICKS = 60; // of silence: the process is ended, and goes on behind the file; a machine that stops us all stops the ticks

/**
 * `npm run test:soak -- hostileFiles [--files 20000] [--seed 0] [--kind npz]`: broken files of every kind that people hand to us, made
 * from seeds and read by a process of their own; prints a table. Ends with status 1 where one was a bug, took over 2 s of the processor, hung,
 * cost more memory than 4 × its size + 100 MiB, or had a line of over 300 characters; such files are named by kind and seed.
 */
export async function soak(args: readonly string[]): Promise<void> {
  const {values} = parseArgs({
    args: [...args],
    options: {files: {type: "string", default: "20000"}, seed: {type: "string", default: "0"}, kind: {type: "string"}}
  });
  const kinds = Object.keys(hostileKinds).filter((kind) => values.kind === undefined || kind === values.kind);
  const each = Math.ceil(wholeFrom(1, "--files", values.files) / kinds.length);
  const seed = wholeFrom(0, "--seed", values.seed);
  const folder = await mkdtemp(join(tmpdir(), "orrery-hostile-"));
  print(["kind", "files", "read", "refused", "longest", "slowest", "(wall)", "most memory"]);
  const failures: string[] = [];
  try {
    for (const kind of kinds) {
      const outcomes = await tried(kind, {
        from: seed,
        count: each,
        folder,
        hung: (seed) => failures.push(`${kind} seed ${seed}: hangs`)
      });
      failures.push(...outcomes.flatMap(failuresOf));
      print(rowOf(kind, outcomes));
    }
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
  for (const failure of failures) console.log(failure);
  console.log(`${failures.length} of ${each * kinds.length} files failed`);
  process.exitCode = failures.length > 0 ? 1 : 0;
}

interface TryOptions {
  readonly from: number;
  readonly count: number;
  readonly folder: string;
  readonly hung: (seed: number) => void;
}

async function tried(kind: string, {from, count, folder, hung}: TryOptions): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let next = from; next < from + count; ) {
    const before = outcomes.length;
    const silent = await run(kind, {from: next, to: from + count, folder}, (outcome) => outcomes.push(outcome));
    next += outcomes.length - before;
    if (silent && next < from + count) hung(next++);
  }
  return outcomes;
}

/** Whether the process had to be ended, or ended by itself, before it was done. */
function run(
  kind: string,
  {from, to, folder}: {from: number; to: number; folder: string},
  tell: (outcome: Outcome) => void
): Promise<boolean> {
  return new Promise((resolve) => {
    const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
    const child = fork(fileURLToPath(new URL("../support/hostile/child.ts", import.meta.url)), [kind, String(from), String(to), folder], {
      execArgv: ["--expose-gc", "--import", tsx],
      stdio: ["ignore", "inherit", "inherit", "ipc"]
    });
    let silence = -HANG_TICKS; // it has to start first
    const ticks = setInterval(() => ++silence > HANG_TICKS && child.kill("SIGKILL"), TICK_MS);
    child.on("message", (outcome: Outcome) => {
      silence = 0;
      tell(outcome);
    });
    child.on("exit", (code) => {
      clearInterval(ticks);
      resolve(code !== 0);
    });
  });
}

function failuresOf({kind, seed, bytes, busyMilliseconds, grown, line = "", bug}: Outcome): string[] {
  const name = `${kind} seed ${seed}`;
  return [
    ...(bug === undefined ? [] : [`${name}: a bug: ${bug.slice(0, 400)}`]),
    ...(busyMilliseconds > MOST_MS ? [`${name}: ${busyMilliseconds.toFixed(0)} ms`] : []),
    ...(grown > TIMES_ITS_SIZE * bytes + FREE_BYTES ? [`${name}: ${megabytes(grown)} MB for a file of ${bytes} bytes`] : []),
    ...(line.length > MOST_CHARACTERS || line.includes("\n") ? [`${name}: a line of ${line.length} characters`] : [])
  ];
}

function rowOf(kind: string, outcomes: readonly Outcome[]): string[] {
  const largest = (of: (outcome: Outcome) => number): number => outcomes.reduce((most, outcome) => Math.max(most, of(outcome)), 0);
  const refused = outcomes.filter(({line}) => line !== undefined).length;
  return [
    kind,
    String(outcomes.length),
    String(outcomes.length - refused),
    String(refused),
    `${largest(({line = ""}) => line.length)} chars`,
    `${largest(({busyMilliseconds}) => busyMilliseconds).toFixed(0)} ms`,
    `${largest(({milliseconds}) => milliseconds).toFixed(0)} ms`,
    `${megabytes(largest(({grown}) => grown))} MB`
  ];
}

const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);

const print = ([first, ...others]: readonly string[]): void =>
  console.log(first.padEnd(14) + others.map((cell) => cell.padStart(13)).join(""));
