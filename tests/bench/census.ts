import {spawn} from "node:child_process";
import {mkdir, mkdtemp, readdir, readFile, rm, writeFile} from "node:fs/promises";
import {createRequire} from "node:module";
import {availableParallelism, tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath, pathToFileURL} from "node:url";
import {parseArgs} from "node:util";
import {Queue, QueueEvents, Worker} from "bullmq";
import {Redis} from "ioredis";
import {z} from "zod";
import {censusOfPrompts} from "../../api/census/census.ts";
import {makeCensus, openCensus} from "../../api/census/censusFolder.ts";
import {shardParts} from "../../api/census/shardOrder.ts";
import {censusOptions} from "../../api/contract/censusSchemas.ts";
import {createModelStore} from "../../api/models/modelStore.ts";
import {shippedModels} from "../../api/models/shipped.ts";
import {collectParts} from "../../api/queue/shared/collectParts.ts";
import {laneName} from "../../api/queue/shared/lanes.ts";
import {hasRedis, spawnRedis} from "../support/redisProcess.ts";
import {printTable} from "./table.ts";
import {wholeFrom, wholesFrom} from "../support/readNumber.ts";

const STEPS = 24;
const ORDER_BYTES = 2000; // a shard's manifest and 16 short prompts
const ANSWER_BYTES = 16_000; // its rows as Parquet, base64

/**
 * `npm run bench -- census [--prompts 96] [--workers 1,2,4,8] [--orders 2000]`: a census of the shipped model with so many processes, its wall time from the command to the
 * summary, and its efficiency against one; and how many shards' orders and answers a queue of this machine's passes on in a second, with workers that do nothing, alone and with the coordinator.
 */
export async function bench(args: readonly string[]): Promise<void> {
  const {values} = parseArgs({
    args: [...args],
    options: {
      prompts: {type: "string", default: "96"},
      workers: {type: "string", default: "1,2,4,8"},
      orders: {type: "string", default: "2000"}
    }
  });
  const workers = values.workers === "" ? [] : wholesFrom(1, "--workers", values.workers);
  const [prompts, orders] = [wholeFrom(1, "--prompts", values.prompts), wholeFrom(1, "--orders", values.orders)];
  const folder = await mkdtemp(join(tmpdir(), "orrery-bench-"));
  try {
    if (workers.length > 0) await efficiency(folder, {prompts, workers});
    if (!hasRedis) return console.log("no redis-server here: the queue was not measured");
    await mkdir(join(folder, "redis"));
    const redis = await spawnRedis(join(folder, "redis"));
    const connection = new Redis(redis.address, {maxRetriesPerRequest: null});
    try {
      await queueRate(connection, orders);
      await coordinatorRate(connection, join(folder, "coordinated"), orders);
    } finally {
      connection.disconnect();
      await redis.kill();
    }
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}

interface EfficiencyOptions {
  readonly prompts: number;
  readonly workers: readonly number[];
}

async function efficiency(folder: string, {prompts, workers}: EfficiencyOptions): Promise<void> {
  const lines = Array.from({length: prompts}, (_, i) => `${JSON.stringify({prompt: `\n${i}+${(7 * i) % 90}=`})}\n`);
  await writeFile(join(folder, "prompts.jsonl"), lines.join(""));
  console.log(`${prompts} prompts × ${STEPS} steps, tiny-arithmetic, ${availableParallelism()} cores`);
  const {row} = printTable(["workers", "seconds", "prompts a second", "speed-up", "efficiency of the cores", "bytes"], "text");
  let first: {readonly seconds: number; readonly bytes: Buffer} | undefined;
  for (const count of workers) {
    const out = join(folder, `by-${count}`);
    const begun = performance.now();
    await orrery([
      ...["census", "--model", "tiny-arithmetic", "--prompts", join(folder, "prompts.jsonl"), "--steps", String(STEPS), "--shard", "4"],
      ...["--keep", "0", "--sample", "0", "--workers", String(count), "--out", out]
    ]);
    const seconds = (performance.now() - begun) / 1000;
    const bytes = await rowsOf(out);
    first ??= {seconds, bytes};
    const speedUp = first.seconds / seconds;
    const cores = Math.min(count, availableParallelism());
    row([
      String(count),
      seconds.toFixed(1),
      (prompts / seconds).toFixed(2),
      speedUp.toFixed(2),
      (speedUp / cores).toFixed(2),
      bytes.equals(first.bytes) ? "equal" : "OTHER"
    ]);
  }
}

async function rowsOf(out: string): Promise<Buffer> {
  const names = (await readdir(join(out, "rows"))).sort();
  return Buffer.concat(await Promise.all(names.map((name) => readFile(join(out, "rows", name)))));
}

const cli = fileURLToPath(new URL("../../api/cli.ts", import.meta.url));
const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

const orrery = (args: readonly string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--import", tsx, cli, ...args], {stdio: "ignore"});
    child.on("close", (status) => (status === 0 ? resolve() : reject(new Error(`orrery ${args[0]} ended with status ${status}`))));
  });

/** Orders and answers alone. */
async function queueRate(connection: Redis, orders: number): Promise<void> {
  const options = {connection};
  const queue = new Queue("bench", options);
  const events = new QueueEvents("bench", options);
  const answer = {parquet: "x".repeat(ANSWER_BYTES)};
  const workers = [0, 1].map(() => new Worker("bench", async () => answer, {connection, concurrency: 1}));
  try {
    await events.waitUntilReady();
    const begun = performance.now();
    let open = 0;
    let done = 0;
    await new Promise<void>((resolve) => {
      const more = () => {
        for (; open < 64 && done + open < orders; ++open)
          void queue.add("shard", {sources: "x".repeat(ORDER_BYTES)}, {removeOnComplete: true, priority: done + open + 1}); // as collectParts orders them
      };
      events.on("completed", () => {
        --open;
        if (++done === orders) resolve();
        else more();
      });
      more();
    });
    const rate = orders / ((performance.now() - begun) / 1000);
    console.log(
      `queue: ${rate.toFixed(0)} shards a second through one Redis that writes every change down, 2 workers that do nothing, ${orders} orders`
    );
  } finally {
    await Promise.allSettled([...workers.map((worker) => worker.close(true)), events.close(), queue.close()]);
  }
}

/** The coordinator of a census with every shard's file put in its place. */
async function coordinatorRate(connection: Redis, dir: string, shards: number): Promise<void> {
  const prompts = Array.from({length: shards}, (_, i) => `\n${i}+1=`);
  const options = z.object(censusOptions).parse({steps: STEPS, shard: 1});
  const {manifest} = await censusOfPrompts(await createModelStore(shippedModels).find("tiny-arithmetic"), prompts, options);
  await makeCensus(dir, manifest, prompts);
  const answer = {parquet: Buffer.alloc((ANSWER_BYTES * 3) / 4).toString("base64")};
  const parts = await shardParts(await openCensus(dir));
  const workers = [0, 1].map(() => new Worker(laneName(parts.lane), async () => answer, {connection}));
  try {
    const begun = performance.now();
    await collectParts(connection, parts);
    const rate = shards / ((performance.now() - begun) / 1000);
    console.log(`coordinator: ${rate.toFixed(0)} shards a second ordered, taken in and written, ${shards} shards`);
  } finally {
    await Promise.allSettled(workers.map((worker) => worker.close(true)));
  }
}
