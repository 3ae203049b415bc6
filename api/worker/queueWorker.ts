import {randomUUID} from "node:crypto";
import {mkdtemp, readFile, rm} from "node:fs/promises";
import {hostname, tmpdir, totalmem} from "node:os";
import {join} from "node:path";
import {UnrecoverableError, WaitingError, Worker, type Job} from "bullmq";
import type {Redis} from "ioredis";
import type {Device} from "../../../capture/engine/choices.ts";
import {createModelKeeper} from "../../../capture/engine/modelKeeper.ts";
import {errorLine} from "../../../capture/errorLine.ts";
import {Refusal} from "../../../capture/trace/refusal.ts";
import type {WorkerNews} from "../../contract/workerSchemas.ts";
import {shardFile} from "../censusFolder.ts";
import {workShard} from "../workShard.ts";
import {calledOffKey, CHECK_MS, LEASE_MS, queueName, shardOrderSchema, workerKey, type ShardAnswer, type ShardOrder} from "./shardOrder.ts";

export interface QueueWorkerOptions {
  /** Checkpoints that are here: folders and hashes by name. */
  readonly models: ReadonlyMap<string, {readonly folder: string; readonly hash: string}>;
  readonly device: Device;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

const BEAT_MS = 5000;
const FADE_S = 20;

/** Takes shards of the models that are here, one at a time, until the signal; what it was at then goes back to the line. */
export async function workQueue(redis: Redis, {models, device, signal, log}: QueueWorkerOptions): Promise<void> {
  const keeper = createModelKeeper({log});
  const folders = new Map([...models.values()].map(({hash, folder}) => [hash, folder]));
  const news = createNews(redis, {models, device});
  const parts: ShardParts = {folders, keeper, device, onPrompt: news.prompt};
  let turn: Promise<unknown> = Promise.resolve(); // two models' shards would fight for the same cores
  const inTurn = (job: Job<unknown, ShardAnswer>, token?: string): Promise<ShardAnswer> => {
    const mine = turn.then(() => runJob(job, token));
    turn = mine.catch(() => {});
    return mine;
  };

  async function runJob(job: Job<unknown, ShardAnswer>, token?: string): Promise<ShardAnswer> {
    const order = shardOrderSchema.safeParse(job.data);
    if (!order.success) throw new UnrecoverableError("invalid order: it is of another version of this program");
    const off = await calledOff(redis, order.data.census);
    try {
      news.at(`${order.data.manifest.title ?? order.data.census} ${order.data.index}`);
      return await answerOrder(order.data, {...parts, signal: AbortSignal.any([off.signal, signal])});
    } catch (error) {
      if (signal.aborted) {
        await job.moveToWait(token); // for another worker
        throw new WaitingError();
      }
      if (error instanceof Refusal || off.signal.aborted) throw new UnrecoverableError(errorLine(error));
      throw error;
    } finally {
      off.done();
      news.at(null);
    }
  }

  const workers = [...folders.keys()].map((hash) => {
    const worker = new Worker<unknown, ShardAnswer>(queueName(hash, device), inTurn, {
      connection: redis,
      concurrency: 1,
      lockDuration: LEASE_MS,
      stalledInterval: CHECK_MS,
      maxStalledCount: Number.MAX_SAFE_INTEGER // a machine that dies says nothing against the shard
    });
    worker.on("error", () => {}); // the connection tells of itself
    worker.on("failed", (job, error) => log(`shard ${job?.id ?? "unknown"} failed: ${errorLine(error)}`));
    return worker;
  });
  await new Promise((resolve) => signal.addEventListener("abort", resolve, {once: true}));
  await Promise.all(workers.map((worker) => worker.close()));
  await news.end();
  await keeper.dispose();
}

interface ShardParts {
  /** Checkpoints that are here, by hash. */
  readonly folders: ReadonlyMap<string, string>;
  readonly keeper: ReturnType<typeof createModelKeeper>;
  readonly device: Device;
  readonly onPrompt: () => void;
}

/** Works a shard in a folder of its own, which is gone afterwards. */
async function answerOrder(
  {manifest, index, first, sources}: ShardOrder,
  {folders, keeper, device, onPrompt, signal}: ShardParts & {readonly signal: AbortSignal}
): Promise<ShardAnswer> {
  signal.throwIfAborted();
  const dir = await mkdtemp(join(tmpdir(), "orrery-shard-"));
  const model = folders.get(manifest.model.hash)!;
  const {engine, dtype} = manifest;
  try {
    await workShard(
      {dir, manifest},
      {index, first, sources},
      {model, engine: () => keeper.engineFor({model, engine, dtype, device}), signal, onPrompt}
    );
    return {parquet: (await readFile(shardFile(dir, index))).toString("base64")};
  } finally {
    await rm(dir, {recursive: true, force: true});
  }
}

const LOOK_MS = 1000;

/** A signal that is aborted once the census is called off. */
async function calledOff(redis: Redis, census: string): Promise<{readonly signal: AbortSignal; done(): void}> {
  const abort = new AbortController();
  const look = async () => {
    if (await redis.exists(calledOffKey(census))) abort.abort(new Error("called off"));
  };
  await look();
  const timer = setInterval(() => void look().catch(() => {}), LOOK_MS);
  return {signal: abort.signal, done: () => clearInterval(timer)};
}

/** Tells every few seconds that this worker lives, and what it does. */
function createNews(redis: Redis, {models, device}: Pick<QueueWorkerOptions, "models" | "device">) {
  const id = randomUUID().slice(0, 8);
  const since = new Date().toISOString();
  let shard: string | null = null;
  let prompts = 0;
  const tell = async (): Promise<void> => {
    const own: WorkerNews = {
      ...{id, host: hostname(), pid: process.pid, device, since, shard, prompts},
      models: Object.fromEntries([...models].map(([name, {hash}]) => [name, hash])),
      memory: totalmem(),
      heartbeat: new Date().toISOString()
    };
    await redis.set(workerKey(id), JSON.stringify(own), "EX", FADE_S);
  };
  const quietly = () => void tell().catch(() => {});
  quietly();
  const timer = setInterval(quietly, BEAT_MS);
  return {
    at(what: string | null) {
      shard = what;
      quietly();
    },
    prompt: () => void ++prompts,
    async end() {
      clearInterval(timer);
      await redis.del(workerKey(id)).catch(() => {});
    }
  };
}
