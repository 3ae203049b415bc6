import {Queue, QueueEvents} from "bullmq";
import type {Redis} from "ioredis";
import {replaceFile} from "../../../capture/trace/replaceFile.ts";
import {workerSchema, type WorkerNews} from "../../contract/workerSchemas.ts";
import {doneShards, shardFile, shardsOf, type OpenCensus} from "../censusFolder.ts";
import {shardAt} from "../workShard.ts";
import {
  ATTEMPTS,
  calledOffKey,
  censusId,
  queueName,
  shardAnswerSchema,
  shardJob,
  workerKey,
  type ShardAnswer,
  type ShardOrder
} from "./shardOrder.ts";

const WINDOW = 2048; // shards in line at a time, so that a queue holds a window of a census, however long it is, and a thousand workers have their next one
const LOOK_MS = 5000; // for what no event told, as when the queue was away

export interface CollectOptions {
  readonly signal?: AbortSignal;
  /** Called with the number of prompts of every shard that came. */
  readonly onShard?: (prompts: number) => void;
}

/**
 * Has the shards that are missing made by whoever works on the queue, and puts each in its place as it comes. Orders have names, so that one that is
 * asked for twice is done once; a queue that lost them is told again. Rejects with the first failure, or with the signal's reason.
 */
export async function collectShards(redis: Redis, census: OpenCensus, {signal, onShard = () => {}}: CollectOptions): Promise<void> {
  const {dir, manifest} = census;
  const id = censusId(manifest);
  const name = queueName(manifest.model.hash, manifest.device);
  const queue = new Queue<ShardOrder, ShardAnswer>(name, {connection: redis});
  const events = new QueueEvents(name, {connection: redis});
  queue.on("error", ignored);
  events.on("error", ignored);
  await redis.del(calledOffKey(id));
  const done = await doneShards(dir);
  const missing = Array.from({length: shardsOf(manifest)}, (_, i) => i).filter((i) => !done.has(i));
  const open = new Set<number>();
  const indexOf = new Map(missing.map((index) => [shardJob(id, index), index]));
  const told = new Set<number>(); // over, as the queue's events say
  const bell = createBell();
  const over = ({jobId}: {readonly jobId: string}): void => {
    const index = indexOf.get(jobId);
    if (index === undefined) return; // another census's
    told.add(index);
    bell.ring();
  };
  for (const news of ["completed", "failed"] as const) events.on(news, over);
  signal?.addEventListener("abort", bell.ring, {once: true});

  async function order(index: number): Promise<void> {
    open.add(index);
    const shard = shardAt(census, index);
    await queue.add(
      "shard",
      {census: id, manifest, ...shard, sources: [...shard.sources]},
      {jobId: shardJob(id, index), attempts: ATTEMPTS, backoff: {type: "exponential", delay: 1000}}
    );
  }

  /** Takes in what is done; an order that the queue does not know any more is given again. */
  async function look(index: number): Promise<void> {
    const job = await queue.getJob(shardJob(id, index));
    const state = job ? await job.getState() : "unknown";
    if (!job || state === "unknown") return order(index);
    if (state === "failed") {
      await job.remove();
      throw new Error(job.failedReason);
    }
    if (state !== "completed") return;
    const {parquet} = shardAnswerSchema.parse(job.returnvalue);
    await replaceFile(shardFile(dir, index), Buffer.from(parquet, "base64"));
    await job.remove();
    open.delete(index);
    onShard(shardAt(census, index).sources.length);
  }

  let looked = performance.now(); // at all that is open
  try {
    while (missing.length > 0 || open.size > 0) {
      signal?.throwIfAborted();
      await someAtOnce(missing.splice(0, WINDOW - open.size), order);
      await bell.wait(LOOK_MS);
      const isTime = performance.now() - looked >= LOOK_MS;
      const list = [...(isTime ? open : told)];
      if (isTime) looked = performance.now();
      told.clear();
      await someAtOnce(
        list.filter((index) => open.has(index)),
        look
      );
    }
  } catch (error) {
    if (signal?.aborted) await callOff(redis, queue, {id, open});
    throw error;
  } finally {
    await Promise.allSettled([events.close(), queue.close()]);
  }
}

const AT_ONCE = 16; // questions to the queue, and files being written

async function someAtOnce(list: readonly number[], work: (index: number) => Promise<void>): Promise<void> {
  for (let at = 0; at < list.length; at += AT_ONCE) await Promise.all(list.slice(at, at + AT_ONCE).map(work));
}

/** The connection tells of itself. */
const ignored = (): void => {};

const CALLED_OFF_S = 3600;

async function callOff(
  redis: Redis,
  queue: Queue<ShardOrder, ShardAnswer>,
  {id, open}: {readonly id: string; readonly open: ReadonlySet<number>}
): Promise<void> {
  await redis.set(calledOffKey(id), "", "EX", CALLED_OFF_S);
  await Promise.allSettled([...open].map((index) => queue.remove(shardJob(id, index)))); // one that is at work is told by the key
}

/** Wakes a waiter, or the next one. */
function createBell() {
  let rung = false;
  let wake = (): void => {};
  return {
    ring: (): void => {
      rung = true;
      wake();
    },
    async wait(most: number): Promise<void> {
      if (!rung)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, most);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      rung = false;
    }
  };
}

/** Who works on a queue now, by what each told within the last seconds. */
export async function workersOn(redis: Redis): Promise<WorkerNews[]> {
  const workers: WorkerNews[] = [];
  for await (const keys of redis.scanStream({match: workerKey("*")}) as AsyncIterable<string[]>) {
    for (const text of keys.length > 0 ? await redis.mget(keys) : []) {
      const parsed = workerSchema.safeParse(text === null ? undefined : JSON.parse(text));
      if (parsed.success) workers.push(parsed.data);
    }
  }
  return workers.sort((a, b) => (a.since < b.since ? -1 : 1));
}
