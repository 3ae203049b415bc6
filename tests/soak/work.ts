import {spawn, type ChildProcess} from "node:child_process";
import {mkdir, mkdtemp, readFile, rm} from "node:fs/promises";
import {createRequire} from "node:module";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath, pathToFileURL} from "node:url";
import {parseArgs} from "node:util";
import {seededRandom} from "../../analysis/random.ts";
import {printTable} from "../bench/table.ts";
import {freePort} from "../support/freePort.ts";
import {hasRedis, spawnRedis, type RedisProcess} from "../support/redisProcess.ts";
import {queueVictims} from "./queueVictims.ts";
import {killed, underFire} from "./underFire.ts";
import {wholeFrom} from "../support/readNumber.ts";

const VICTIMS = ["worker", "queue", "server"] as const;
type Victim = (typeof VICTIMS)[number];

const ROUND_MS = 600_000;

/**
 * `npm run test:soak -- work [--kills 12] [--seed 1]`: captures, an experiment and an evaluation of a server whose queue two workers share; kill −9 of a worker, of the queue (with its
 * append-only file) and of the server in turn, at seeded moments, each started again at once, round after round until all kills are done. Prints how often who was killed, and whether the
 * results are bit-equal to those of a server without a queue. Ends with status 1 where something was missing or other.
 */
export async function soak(args: readonly string[]): Promise<void> {
  const {values} = parseArgs({args: [...args], options: {kills: {type: "string", default: "12"}, seed: {type: "string", default: "1"}}});
  const [all, seed] = [wholeFrom(1, "--kills", values.kills), wholeFrom(0, "--seed", values.seed)];
  if (!hasRedis) throw new Error("missing redis-server: the soak starts one; apt-get install redis-server");
  const folder = await mkdtemp(join(tmpdir(), "orrery-work-"));
  const random = seededRandom(seed);
  let alone: RunningServer | undefined;
  try {
    alone = await startServer(join(folder, "alone"), []);
    const expected = await resultsOf(alone.url, join(folder, "alone"), await ordered(alone.url));
    alone.process.kill("SIGKILL");
    await mkdir(join(folder, "redis"));
    const redis = await spawnRedis(join(folder, "redis"));
    const shared = ["--queue", redis.address, "--results", join(folder, "results")];
    const startWorker = () => orrery(["work", ...shared]);
    const workers = [startWorker(), startWorker()];
    const {row} = printTable(["round", ...VICTIMS.map((victim) => `${victim} killed`), "results", "missing", "bit-equal"], "text");
    try {
      let left = all;
      for (let round = 1; left > 0; ++round) {
        const {kills, found} = await roundOf(join(folder, `shared-${round}`), {redis, shared, workers, startWorker, random, most: left});
        left -= killed(kills);
        const missing = KINDS.filter((kind) => found[kind] === undefined).length;
        const isEqual = KINDS.every((kind) => found[kind]?.equals(expected[kind]!));
        const counts = [...VICTIMS.map((victim) => kills[victim]), KINDS.length - missing, missing];
        row([String(round), ...counts.map(String), isEqual ? "yes" : "NO"]);
        if (!isEqual) process.exitCode = 1;
      }
    } finally {
      for (const worker of workers) worker.kill("SIGKILL");
      await redis.kill();
    }
  } finally {
    alone?.process.kill("SIGKILL");
    await rm(folder, {recursive: true, force: true});
  }
}

interface Round {
  readonly redis: RedisProcess;
  /** What a server is told of its queue. */
  readonly shared: readonly string[];
  readonly workers: ChildProcess[];
  readonly startWorker: () => ChildProcess;
  readonly random: () => number;
  readonly most: number;
}

/** One of each kind to its end, somebody being killed at every seeded moment until then. */
async function roundOf(dir: string, {redis, shared, workers, startWorker, random, most}: Round) {
  const args = [...shared, "--port", String(await freePort())];
  let server = await startServer(dir, args);
  const restart = async (): Promise<void> => {
    server.process.kill("SIGKILL");
    server = await startServer(dir, args);
  };
  try {
    const over = resultsOf(server.url, dir, await ordered(server.url));
    return await underFire<Victim, Results>(() => over, {
      kill: {...queueVictims({redis, workers, startWorker, random}), server: restart},
      ...{random, most}
    });
  } finally {
    server.process.kill("SIGKILL");
  }
}

const cli = fileURLToPath(new URL("../../api/cli.ts", import.meta.url));
const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

const orrery = (args: readonly string[]): ChildProcess =>
  spawn(process.execPath, ["--import", tsx, cli, ...args], {stdio: ["ignore", "pipe", "ignore"]});

interface RunningServer {
  readonly process: ChildProcess;
  readonly url: string;
}

/** A server of its own folder, once it is heard. */
async function startServer(dir: string, args: readonly string[]): Promise<RunningServer> {
  const port = args.includes("--port") ? [] : ["--port", "0"];
  const child = orrery(["serve", "--runs", join(dir, "runs"), ...port, ...args]);
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout!.on("data", (text: Buffer) => {
      const found = /http:\/\/\S+/.exec(text.toString())?.[0];
      if (found) resolve(found.replace(/\/$/, ""));
    });
    child.once("close", (status) => reject(new Error(`orrery serve ended with status ${status}`)));
  });
  return {process: child, url};
}

const KINDS = ["captures", "experiments", "evaluations"] as const;
type Kind = (typeof KINDS)[number];
type Results = Partial<Record<Kind, Buffer>>;

const prompts = Array.from({length: 12}, (_, i) => ({prompt: `\n${i + 11}+${(7 * i) % 90}=`}));
const ORDERS: Readonly<Record<Kind, object>> = {
  captures: {model: "tiny-arithmetic", prompt: prompts[0].prompt, steps: 400, inits: 4},
  experiments: {model: "tiny-arithmetic", title: "sums", steps: 64, inits: 8, swaps: 2, noise: 2, scales: [0], resamples: 100, prompts},
  evaluations: {model: "tiny-arithmetic", task: "arithmetic", limit: 12, steps: [8, 64], exits: ["kl"], kv: [], title: "twelve"}
};

/** Asks for one of each kind; what each is called. */
async function ordered(url: string): Promise<Readonly<Record<Kind, string>>> {
  const ids = await Promise.all(
    KINDS.map(async (kind) => {
      const headers = {"content-type": "application/json"};
      const response = await fetch(`${url}/api/${kind}`, {method: "POST", headers, body: JSON.stringify(ORDERS[kind])});
      if (response.status !== 202) throw new Error(`${kind}: ${await response.text()}`);
      const {id, run} = (await response.json()) as {id: string; run?: string};
      return [kind, run ?? id] as const;
    })
  );
  return Object.fromEntries(ids) as Record<Kind, string>;
}

/** What each came to once all are over, asked of the folders: the server may be away. */
async function resultsOf(url: string, dir: string, ids: Readonly<Record<Kind, string>>): Promise<Results> {
  const files: Readonly<Record<Kind, string>> = {
    captures: join(dir, "runs", ids.captures, "states.safetensors"),
    experiments: join(dir, "experiments", ids.experiments, "results.jsonl"),
    evaluations: join(dir, "evaluations", ids.evaluations, "results.jsonl")
  };
  const begun = performance.now();
  for (const kind of KINDS)
    while (!(await isComplete(url, kind, ids[kind])) && performance.now() - begun < ROUND_MS)
      await new Promise((resolve) => setTimeout(resolve, 500));
  const found = await Promise.all(KINDS.map(async (kind) => [kind, await readFile(files[kind]).catch(() => undefined)] as const));
  return Object.fromEntries(found);
}

async function isComplete(url: string, kind: Kind, id: string): Promise<boolean> {
  const path = kind === "captures" ? "runs" : kind;
  try {
    const told = (await (await fetch(`${url}/api/${path}/${id}`)).json()) as Record<string, {status?: string} | string>;
    const statuses = [told.status, ...Object.values(told).map((part) => (part as {status?: string} | null)?.status)];
    if (statuses.includes("partial") && kind !== "captures") await fetch(`${url}/api/${kind}/${id}/resume`, {method: "POST"}); // as whoever sees it would
    return statuses.includes("complete");
  } catch {
    return false; // it is being started again
  }
}
