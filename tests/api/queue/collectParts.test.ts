import {mkdir} from "node:fs/promises";
import {join} from "node:path";
import {Queue, Worker} from "bullmq";
import {Redis} from "ioredis";
import {describe, expect, it, onTestFinished} from "vitest";
import {SHARD} from "../../../api/census/shardOrder.ts";
import {censusOfPrompts} from "../../../api/census/census.ts";
import {weighed} from "../../../api/models/loadedBytes.ts";
import {collectParts, type Parts} from "../../../api/queue/shared/collectParts.ts";
import {laneName, partJob} from "../../../api/queue/shared/lanes.ts";
import {orderState} from "../../../api/queue/shared/orderState.ts";
import {throughQueue} from "../../../api/queue/shared/throughQueue.ts";
import {workQueue} from "../../../api/worker/queueWorker.ts";
import {Refusal} from "../../../capture/trace/refusal.ts";
import {hasRedis, startRedis} from "../../support/redisServer.ts";
import {shippedModel} from "../../support/shippedModel.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

it.skipIf(hasRedis)("parts of a job through a queue need redis-server", ({skip}) => skip());

describe.skipIf(!hasRedis)("parts of a job through a queue", () => {
  async function place() {
    const dir = join(await temporaryFolder(), "redis");
    await mkdir(dir);
    const {address} = await startRedis(dir);
    const connected = () => {
      const redis = new Redis(address, {maxRetriesPerRequest: null});
      onTestFinished(() => redis.disconnect());
      return redis;
    };
    return {address, connected};
  }

  const lane = {hash: "ab".repeat(32), dtype: "f32", device: "cpu"} as const;
  const parts = (more: Partial<Parts>): Parts => ({
    ...{job: "sums", lane, kind: "sum", missing: [0], orderOf: (index) => ({index}), take: async () => {}},
    ...more
  });

  it("leave nothing in the queue where who asked is killed over the very last one: the next takes it out, and in a week the queue does", async () => {
    const {address, connected} = await place();
    const redis = connected();
    const worker = new Worker(laneName(lane), async () => "done", {connection: connected()});
    const queue = new Queue(laneName(lane), {connection: redis});
    onTestFinished(async () => void (await Promise.all([worker.close(true), queue.close()])));
    const left = async () => (await queue.getCompleted()).map(({id}) => id);
    /** As one who is killed when the result is in its place. */
    const killedOver = async (job: string): Promise<void> => {
      await new Promise<void>((resolve) => {
        const take = () => new Promise<void>(() => resolve());
        collectParts(connected(), parts({job, take})).catch(() => {}); // its connection is gone with the test
      });
      expect(await left()).toEqual([partJob(job, 0)]);
    };
    await killedOver("sums");
    await throughQueue(address, {parts: parts({missing: []}), log: () => {}});
    expect(await left()).toEqual([]);
    await killedOver("others");
    await collectParts(redis, parts({job: "third"}));
    expect(await left()).toEqual([partJob("others", 0)]);
    const week = 7 * 86_400_000;
    await redis.zincrby(`bull:${laneName(lane)}:completed`, -week - 1000, partJob("others", 0));
    await collectParts(redis, parts({job: "fourth"}));
    expect(await left()).toEqual([]);
  });

  it("are over with their answer, also where they come to their end while they are looked at", async () => {
    const {connected} = await place();
    const queue = new Queue<object, unknown>("moment", {connection: connected()});
    const worker = new Worker("moment", null, {connection: connected(), autorun: false});
    onTestFinished(async () => void (await Promise.all([worker.close(true), queue.close()])));
    await queue.add("sum", {}, {jobId: "sums-0"});
    const job = (await worker.getNextJob("token"))!;
    let ends = async (): Promise<void> => {
      ends = async () => {};
      await job.moveToCompleted("done", "token", false);
    };
    /** Answers, and then lets the job come to its end before anything else is asked. */
    const overtaken = {
      getJob: (id: string) => queue.getJob(id).then(async (found) => (await ends(), found)),
      getJobState: (id: string) => queue.getJobState(id).then(async (state) => (await ends(), state))
    };
    expect(await orderState(overtaken as never, "sums-0")).toEqual({is: "open"});
    expect(await orderState(overtaken as never, "sums-0")).toMatchObject({is: "over", hasFailed: false, job: {returnvalue: "done"}});
    expect(await orderState(queue, "sums-1")).toEqual({is: "unknown"});
  });

  it("with none missing wait for no queue that is away", () =>
    expect(throughQueue("redis://127.0.0.1:1", {parts: parts({missing: []}), log: () => {}})).resolves.toBeUndefined());

  it("fail as they would fail here: a refusal keeps its kind", async () => {
    const {connected} = await place();
    const options = {steps: 4, inits: 1, init: {kind: "normal", scale: 1}, seed: 0, site: "state", shard: 1} as const;
    const keep = {traces: 0, sample: 0, megabytes: 0};
    const {manifest} = await censusOfPrompts(shippedModel, ["1+1="], {...options, engine: "onnx", dtype: "f32", device: "cpu", keep});
    const {hash} = await weighed(shippedModel);
    const [stop, lines] = [new AbortController(), [] as string[]];
    const own = {devices: ["cpu" as const], memory: 1e9, results: null, models: {}, place: undefined};
    const lanes = [{...lane, hash, folder: shippedModel}];
    const working = workQueue(connected(), {...own, lanes, signal: stop.signal, log: (line) => lines.push(line)});
    const told = (index: number, more: object) =>
      collectParts(
        connected(),
        parts({
          ...{job: `census-${index}`, kind: SHARD, lane: {...lane, hash}},
          orderOf: () => ({manifest: {...manifest, ...more}, first: 0, sources: ["1+1="]})
        })
      ).catch((error: unknown) => error);
    const unknown = await told(0, {site: "nowhere"});
    expect(unknown).toBeInstanceOf(Refusal);
    expect(unknown).toMatchObject({kind: "invalid", message: expect.stringMatching(/^unknown site: nowhere; /)});
    expect(await told(1, {schema: "orrery-census/9"})).toMatchObject({kind: "unusable"});
    expect(lines[0]).toMatch(/^shard census-0-0 failed: unknown site: nowhere; /);
    stop.abort();
    await working;
  });
});
