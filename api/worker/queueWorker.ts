import {UnrecoverableError, WaitingError, Worker, type Job} from "bullmq";
import type {Redis} from "ioredis";
import {createModelKeeper} from "../../capture/engine/modelKeeper.ts";
import {errorLine} from "../../capture/errorLine.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import {CAPTURE} from "../captures/captureParts.ts";
import {SHARD} from "../census/shardOrder.ts";
import {ITEM} from "../eval/itemParts.ts";
import {PROMPT} from "../experiments/promptParts.ts";
import {CALLED_OFF, calledOffKey, CHECK_MS, laneName, LEASE_MS, setupKey, type Lane} from "../queue/shared/lanes.ts";
import {faultError, faultText} from "../queue/shared/partFault.ts";
import {captureKind} from "./captureKind.ts";
import {itemKind} from "./itemKind.ts";
import type {WorkKind, WorkTools} from "./kind.ts";
import {promptKind} from "./promptKind.ts";
import {shardKind} from "./shardKind.ts";
import {createWord, type WorkerOwn} from "./word.ts";

interface QueueWorkerOptions extends WorkerOwn {
  /** What it can do, with the model's folder here. */
  readonly lanes: readonly WorkingLane[];
  /** Where the files of runs go. */
  readonly place: string | undefined;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

export interface WorkingLane extends Lane {
  readonly folder: string;
}

type AnyKind = WorkKind<{readonly job: string}>;

const kindsOfWork = (): ReadonlyMap<string, AnyKind> =>
  new Map(
    Object.entries({[SHARD]: shardKind, [PROMPT]: promptKind(), [ITEM]: itemKind(), [CAPTURE]: captureKind} as unknown as Record<
      string,
      AnyKind
    >)
  );

/** Takes orders of its lanes, one at a time, until the signal; what it was at then goes back to the line. */
export async function workQueue(redis: Redis, {lanes, place, signal, log, ...own}: QueueWorkerOptions): Promise<void> {
  const keeper = createModelKeeper({log});
  const kinds = kindsOfWork();
  const word = createWord(redis, {...own, lanes: lanes.map(laneName)});
  let busy: Promise<void> | undefined; // one at a time: two models' orders would fight for the same cores

  /** One that comes from another line meanwhile goes back after a moment, so that whoever is free does it. */
  const inTurn = (lane: WorkingLane) => async (job: Job<unknown>, token?: string, lost?: AbortSignal) => {
    if (busy) await Promise.race([busy, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
    if (busy) {
      await job.moveToWait(token);
      throw new WaitingError();
    }
    const mine = perform(job, {lane, token, lost});
    busy = mine
      .catch(() => {})
      .then(() => {
        busy = undefined;
      });
    return mine;
  };

  async function perform(
    job: Job<unknown>,
    {lane, token, lost}: {readonly lane: WorkingLane; readonly token?: string; readonly lost?: AbortSignal}
  ): Promise<unknown> {
    const kind = kinds.get(job.name);
    const order = kind?.schema.safeParse(job.data);
    if (!kind || !order?.success)
      throw new UnrecoverableError(faultText(new Refusal("invalid order: it is of another version of this program", {kind: "unusable"})));
    const off = await calledOff(redis, order.data.job);
    const tools: WorkTools = {
      ...{lane, keeper, model: lane.folder, results: place},
      signal: AbortSignal.any([off.signal, signal, ...(lost ? [lost] : [])]),
      setup: async (schema) => {
        const text = await redis.get(setupKey(order.data.job));
        if (text === null) throw new Error("missing setup: whoever asked tells it again");
        return schema.parse(JSON.parse(text));
      },
      does: word.does,
      onDone: word.done,
      tell: (news) => void job.updateProgress(news).catch(() => {})
    };
    try {
      return await kind.work(order.data, tools);
    } catch (error) {
      if (signal.aborted) {
        await job.moveToWait(token); // for another worker
        throw new WaitingError();
      }
      if (off.signal.aborted) throw new UnrecoverableError(CALLED_OFF);
      throw new (error instanceof Refusal && !PASSING.has(error.kind) ? UnrecoverableError : Error)(faultText(error));
    } finally {
      off.end();
      word.does(null);
    }
  }

  const workers = lanes.map((lane) => {
    const worker = new Worker<unknown>(laneName(lane), inTurn(lane), {
      connection: redis,
      concurrency: 1,
      lockDuration: LEASE_MS,
      stalledInterval: CHECK_MS,
      maxStalledCount: MOST_DEATHS
    });
    worker.on("error", () => {}); // the connection tells of itself
    worker.on("lockRenewalFailed", (ids: string[]) => ids.forEach((id) => worker.cancelJob(id, "lease lost"))); // another has it by now
    worker.on("failed", (job, error) => log(`${job?.name ?? "order"} ${job?.id ?? ""} failed: ${errorLine(faultError(error.message))}`));
    return worker;
  });
  await new Promise((resolve) => signal.addEventListener("abort", resolve, {once: true}));
  await Promise.race([Promise.all(workers.map((worker) => worker.close())), new Promise((resolve) => setTimeout(resolve, CLOSING_MS))]);
  await word.end();
  await keeper.dispose();
}

const PATIENCE_MS = 500;
const MOST_DEATHS = 20; // machines that die under an order say little against it; so many say that it kills them
const CLOSING_MS = 10_000; // a queue that is away holds nobody up: the lease lapses by itself

/** What another try may not meet: a disk or a bucket that is full or away. */
const PASSING: ReadonlySet<string> = new Set(["full", "storage", "busy", "heavy", "killed"]);

const LOOK_MS = 1000;

/** A signal that is aborted once a job is called off. */
async function calledOff(redis: Redis, job: string): Promise<{readonly signal: AbortSignal; end(): void}> {
  const abort = new AbortController();
  const look = async () => {
    if (await redis.exists(calledOffKey(job))) abort.abort(new Error(CALLED_OFF));
  };
  await look();
  const timer = setInterval(() => void look().catch(() => {}), LOOK_MS);
  return {signal: abort.signal, end: () => clearInterval(timer)};
}
