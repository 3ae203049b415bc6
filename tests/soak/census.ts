import {spawn, type ChildProcess} from "node:child_process";
import {mkdir, mkdtemp, readdir, readFile, rm, writeFile} from "node:fs/promises";
import {createRequire} from "node:module";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath, pathToFileURL} from "node:url";
import {parseArgs} from "node:util";
import {seededRandom} from "../../analysis/random.ts";
import {readRowFile} from "../../api/census/rowFiles.ts";
import {printTable} from "../bench/table.ts";
import {hasRedis, spawnRedis, type RedisProcess} from "../support/redisProcess.ts";
import {queueVictims} from "./queueVictims.ts";
import {killed, underFire} from "./underFire.ts";
import {wholeFrom} from "../support/readNumber.ts";

const VICTIMS = ["worker", "queue", "coordinator"] as const;
type Victim = (typeof VICTIMS)[number];

/**
 * `npm run test:soak -- census [--kills 50] [--seed 1] [--prompts 40]`: censuses through a queue with two workers; kill −9 of a worker, of the queue (with its append-only file)
 * and of the coordinator in turn, at seeded moments, each started again at once, one census after the other until all kills are done. Prints how often who was killed and whether the
 * rows are bit-equal to one machine's. Ends with status 1 where anything was missing, there twice, or other.
 */
export async function soak(args: readonly string[]): Promise<void> {
  const {values} = parseArgs({
    args: [...args],
    options: {kills: {type: "string", default: "50"}, seed: {type: "string", default: "1"}, prompts: {type: "string", default: "40"}}
  });
  const [all, seed, count] = [
    wholeFrom(1, "--kills", values.kills),
    wholeFrom(0, "--seed", values.seed),
    wholeFrom(1, "--prompts", values.prompts)
  ];
  if (!hasRedis) throw new Error("missing redis-server: the census's soak starts one; apt-get install redis-server");
  const folder = await mkdtemp(join(tmpdir(), "orrery-census-"));
  const random = seededRandom(seed);
  const prompts = Array.from({length: count}, (_, i) => `${JSON.stringify({prompt: `\n${i + 11}+${(7 * i) % 90}=`})}\n`);
  await writeFile(join(folder, "prompts.jsonl"), prompts.join(""));
  const stopped: (() => void)[] = [];
  try {
    const alone = join(folder, "alone");
    await over(command(censusArgs(folder, alone)), "the census of one machine");
    await mkdir(join(folder, "redis"));
    const redis = await spawnRedis(join(folder, "redis"));
    stopped.push(() => void redis.kill());
    const workers = [0, 1].map(() => startWorker(redis));
    stopped.push(() => workers.forEach((worker) => worker.kill("SIGKILL")));
    const {row} = printTable(
      ["census", "worker killed", "queue killed", "coordinator killed", "rows", "missing", "twice", "bit-equal"],
      "text"
    );
    let left = all;
    for (let round = 1; left > 0; ++round) {
      const out = join(folder, `shared-${round}`);
      const kills = await censusUnderFire(folder, out, {redis, workers, random, most: left});
      left -= killed(kills);
      const {rows, missing, twice, isEqual} = await comparison(alone, out);
      row([
        String(round),
        ...VICTIMS.map((victim) => String(kills[victim])),
        ...[rows, missing, twice].map(String),
        isEqual ? "yes" : "NO"
      ]);
      if (!isEqual) process.exitCode = 1;
    }
  } finally {
    for (const stop of stopped) stop();
    await rm(folder, {recursive: true, force: true});
  }
}

const censusArgs = (folder: string, out: string, ...more: string[]): string[] => [
  ...["census", "--model", "tiny-arithmetic", "--prompts", join(folder, "prompts.jsonl"), "--steps", "16", "--shard", "1", "--sample", "0"],
  ...["--out", out, ...more]
];

const cli = fileURLToPath(new URL("../../api/cli.ts", import.meta.url));
const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

const command = (args: readonly string[]): ChildProcess =>
  spawn(process.execPath, ["--import", tsx, cli, ...args], {stdio: ["ignore", "ignore", "ignore"]});
const startWorker = ({address}: RedisProcess): ChildProcess => command(["work", "--queue", address]);

function over(child: ChildProcess, what: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.on("close", (status) => (status === 0 ? resolve() : reject(new Error(`${what} ended with status ${status}`))));
  });
}

interface Round {
  readonly redis: RedisProcess;
  readonly workers: ChildProcess[];
  readonly random: () => number;
  readonly most: number;
}

/** One census to its end, somebody being killed at every seeded moment until then. */
async function censusUnderFire(folder: string, out: string, {redis, workers, random, most}: Round): Promise<Record<Victim, number>> {
  const begin = () => {
    const child = command(censusArgs(folder, out, "--queue", redis.address));
    return {child, over: new Promise<"over">((resolve) => child.once("close", (status) => status === 0 && resolve("over")))};
  };
  let coordinator = begin();
  const restart = async (): Promise<void> => {
    coordinator.child.kill("SIGKILL");
    coordinator = begin();
  };
  const {kills} = await underFire<Victim, "over">(() => coordinator.over, {
    kill: {...queueVictims({redis, workers, startWorker: () => startWorker(redis), random}), coordinator: restart},
    ...{random, most}
  });
  return kills;
}

/** The rows of two censuses: those that only the first has, those that are there twice in the second, and whether all files are equal. */
async function comparison(
  alone: string,
  out: string
): Promise<{readonly rows: number; readonly missing: number; readonly twice: number; readonly isEqual: boolean}> {
  const files = async (dir: string) => (await readdir(join(dir, "rows"))).sort().map((name) => join(dir, "rows", name));
  const [own, others] = [await files(alone), await files(out)];
  const placesIn = async (paths: readonly string[]) =>
    (await Promise.all(paths.map((path) => readRowFile(path, ["prompt", "init", "token"])))).flat().map((row) => JSON.stringify(row));
  const [expected, found] = [await placesIn(own), await placesIn(others)];
  const unique = new Set(found);
  const bytes = async (paths: readonly string[]) => Buffer.concat(await Promise.all(paths.map((path) => readFile(path))));
  return {
    rows: found.length,
    missing: expected.filter((place) => !unique.has(place)).length,
    twice: found.length - unique.size,
    isEqual: own.length === others.length && (await bytes(own)).equals(await bytes(others))
  };
}
