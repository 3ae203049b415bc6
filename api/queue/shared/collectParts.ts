import {Queue, QueueEvents} from "bullmq";
import type {Redis} from "ioredis";
import {createBell} from "./bell.ts";
import {orderState} from "./orderState.ts";
import {faultError} from "./partFault.ts";
import {ATTEMPTS, CALLED_OFF, calledOffKey, FIRST_PAUSE_MS, laneName, partJob, setupKey, type Lane} from "./lanes.ts";

const WINDOW = 2048; // parts in line at a time, so that a queue holds a window of a job, however long it is, and a thousand workers have their next one
const LOOK_MS = 5000; // for what no event told, as when the queue was away
const SETUP_S = 86_400; // told again by whoever still needs it
const MOST_PRIORITY = 2 ** 21; // BullMQ's

/**
 * How long the queue keeps what nobody took out, since whoever asked was killed: for a week they find it done when they ask again. BullMQ looks whenever
 * another part of the same line is over.
 */
const KEPT = {age: 7 * 86_400, count: 2 ** 15};

/** A job whose parts are done by whoever works on a queue. */
export interface Parts {
  /** The same for the same results: who asks twice finds what is done. */
  readonly job: string;
  readonly lane: Lane;
  /** What kind of order its parts are. */
  readonly kind: string;
  /** The parts that are wanted. */
  readonly missing: readonly number[];
  /** What every worker is told of a part; plain data. */
  readonly orderOf: (index: number) => object;
  /** What all parts need to know; kept in the queue while the job runs. */
  readonly setup?: object;
  /** Puts a part's result in its place. Throws for one that is none. */
  readonly take: (index: number, answer: unknown) => Promise<void>;
  /** What a worker tells on the way. */
  readonly onNews?: (index: number, news: unknown) => void;
}

/**
 * Has the parts that are missing done by whoever works on the queue, and takes each as it comes. Orders have names, so that one that is asked for twice is
 * done once; a queue that lost them is told again. Jobs that run at the same time share the workers part by part: the n-th part of any comes before the
 * next of another. Rejects with the first failure, or with the signal's reason; what waits is then taken out of the line.
 */
export async function collectParts(redis: Redis, parts: Parts, {signal}: {readonly signal?: AbortSignal} = {}): Promise<void> {
  const {job} = parts;
  const queue = new Queue<object, unknown>(laneName(parts.lane), {connection: redis});
  const events = new QueueEvents(laneName(parts.lane), {connection: redis});
  queue.on("error", ignored);
  events.on("error", ignored);
  const open = new Set<number>();
  try {
    await redis.del(calledOffKey(job));
    await takeOut(queue, parts);
    await events.waitUntilReady(); // what is over before is only found by the next look
    await collect(redis, parts, {queue, events, open, signal});
    if (parts.setup) await redis.del(setupKey(job));
  } catch (error) {
    await Promise.race([callOff(redis, queue, {job, open}), new Promise((resolve) => setTimeout(resolve, GONE_MS))]);
    throw error;
  } finally {
    await Promise.race([Promise.allSettled([events.close(), queue.close()]), new Promise((resolve) => setTimeout(resolve, GONE_MS))]);
  }
}

/** Takes out what somebody who was killed had put in its place, and not yet taken out of the queue. */
async function takeOut(queue: Queue<object, unknown>, {job, missing}: Parts): Promise<void> {
  const wanted = new Set(missing.map((index) => partJob(job, index)));
  const done = await queue.getCompleted();
  const taken = done.filter(({id, data}) => (data as {readonly job?: string}).job === job && !wanted.has(id!));
  await Promise.all(taken.map(({id}) => queue.remove(id!)));
}

const GONE_MS = 2000; // a queue that does not answer holds nobody up who leaves

/** The connection tells of itself. */
const ignored = (): void => {};

interface Line {
  readonly queue: Queue<object, unknown>;
  readonly events: QueueEvents;
  /** Parts in line or being done. */
  readonly open: Set<number>;
  readonly signal?: AbortSignal;
}

async function collect(redis: Redis, parts: Parts, {queue, events, open, signal}: Line): Promise<void> {
  const {job, kind, orderOf, setup, take, onNews} = parts;
  const begun = Date.now();
  const missing = [...parts.missing];
  const places = new Map(missing.map((index, place) => [index, place]));
  const indexOf = new Map(missing.map((index) => [partJob(job, index), index]));
  const told = new Set<number>(); // over, as the queue's events say
  const bell = createBell();
  const over = ({jobId}: {readonly jobId: string}): void => {
    const index = indexOf.get(jobId);
    if (index === undefined) return; // another job's
    told.add(index);
    bell.ring();
  };
  for (const news of ["completed", "failed"] as const) events.on(news, over);
  events.on("progress", ({jobId, data}) => {
    const index = indexOf.get(jobId);
    if (index !== undefined && open.has(index)) onNews?.(index, data);
  });
  signal?.addEventListener("abort", bell.ring, {once: true});

  async function order(index: number): Promise<void> {
    open.add(index);
    const priority = Math.min(MOST_PRIORITY, places.get(index)! + 1);
    await queue.add(
      kind,
      {...orderOf(index), job, index},
      {
        ...{jobId: partJob(job, index), priority, removeOnComplete: KEPT, removeOnFail: KEPT},
        ...{attempts: ATTEMPTS, backoff: {type: "exponential", delay: FIRST_PAUSE_MS}}
      }
    );
  }

  /** Takes in what is done; an order that the queue does not know any more is given again. */
  async function look(index: number): Promise<void> {
    const state = await orderState(queue, partJob(job, index));
    if (state.is === "unknown") return order(index);
    if (state.is === "open") return;
    const {job: found} = state;
    if (state.hasFailed) {
      await found.remove();
      if (found.failedReason === CALLED_OFF) await redis.del(calledOffKey(job)); // by somebody else who asked for the same
      if (found.failedReason === CALLED_OFF || found.timestamp < begun) return order(index);
      open.delete(index);
      throw faultError(found.failedReason);
    }
    await take(index, found.returnvalue);
    await found.remove();
    open.delete(index);
  }

  const tellSetup = async (): Promise<void> => {
    if (setup) await redis.set(setupKey(job), JSON.stringify(setup), "EX", SETUP_S, "NX");
  };
  let looked = performance.now(); // at all that is open
  await tellSetup();
  while (missing.length > 0 || open.size > 0) {
    signal?.throwIfAborted();
    await someAtOnce(missing.splice(0, WINDOW - open.size), order);
    await bell.wait(LOOK_MS);
    const isTime = performance.now() - looked >= LOOK_MS;
    const list = [...(isTime ? open : told)];
    if (isTime) {
      looked = performance.now();
      await tellSetup();
    }
    told.clear();
    await someAtOnce(
      list.filter((index) => open.has(index)),
      look
    );
  }
}

const AT_ONCE = 16; // questions to the queue, and files being written

async function someAtOnce(list: readonly number[], work: (index: number) => Promise<void>): Promise<void> {
  for (let at = 0; at < list.length; at += AT_ONCE) await Promise.all(list.slice(at, at + AT_ONCE).map(work));
}

const CALLED_OFF_S = 3600;

async function callOff(
  redis: Redis,
  queue: Queue<object, unknown>,
  {job, open}: {readonly job: string; readonly open: ReadonlySet<number>}
): Promise<void> {
  await redis.set(calledOffKey(job), "", "EX", CALLED_OFF_S);
  await redis.del(setupKey(job));
  await Promise.allSettled([...open].map((index) => queue.remove(partJob(job, index)))); // one that is at work is told by the key
}
