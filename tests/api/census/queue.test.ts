import {mkdir, readdir, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {Queue} from "bullmq";
import {Redis} from "ioredis";
import {describe, expect, it} from "vitest";
import type {CensusDetails, CensusEntry, WorkerList, WorkerNews} from "../../../api/contract/contract.ts";
import {laneName} from "../../../api/queue/shared/lanes.ts";
import {connectQueue} from "../../../api/queue/shared/queueConnection.ts";
import {hasRedis, startRedis} from "../../support/redisServer.ts";
import {runCli, startCli, type RunningCli} from "../../support/runCli.ts";
import {shippedModel} from "../../support/shippedModel.ts";
import {startServer} from "../../support/startServer.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

describe("the address of a queue", () => {
  it.each(["localhost", "http://localhost:6379", "redis://", "redis:///0"])("refuses %s", async (address) => {
    await expect(connectQueue(address)).rejects.toThrow(`invalid queue: ${address}; expected an address such as redis://localhost:6379`);
  });

  it("that is mistyped is told without its password", async () => {
    await expect(connectQueue("reids://kim:secret@lab:6379")).rejects.toThrow("invalid queue: reids://***@lab:6379; expected");
    const {stderr} = await runCli(["work", "--queue=redis://127.0.0.1:1", "redis://:se/cret@lab"]);
    expect(stderr).toBe("invalid census: redis://***@lab; a queue's worker needs no folder\n");
  });

  it("where nothing answers is said in one line", async () => {
    const {status, stderr} = await runCli(["work", "--queue", "redis://127.0.0.1:1", "--list"]);
    expect(status).not.toBe(0);
    expect(stderr).toBe("unreachable queue: redis://127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1\n");
    expect((await runCli(["serve", "--port", "0", "--queue", "redis://127.0.0.1:1"])).stderr).toBe(stderr);
  });

  it("is none where a server was told of none", async () => {
    const server = await startServer();
    expect(await (await server.get("/api/workers")).json()).toEqual({queue: null, workers: []});
  });
});

it.skipIf(hasRedis)("a census through a queue needs redis-server", ({skip}) => skip());

describe.skipIf(!hasRedis)("a census through a queue", () => {
  const sums = Array.from({length: 12}, (_, i) => `\n${i + 11}+${5 * i}=`);

  async function place() {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "prompts.jsonl"), sums.map((prompt) => `${JSON.stringify({prompt})}\n`).join(""));
    await mkdir(join(folder, "redis"));
    const redis = await startRedis(join(folder, "redis"));
    const args = (out: string, ...more: string[]) => [
      ...["census", "--model", shippedModel, "--prompts", join(folder, "prompts.jsonl"), "--steps", "20", "--shard", "2", "--sample", "0"],
      ...["--out", join(folder, out), ...more]
    ];
    const bytes = async (out: string) =>
      Promise.all((await readdir(join(folder, out, "rows"))).sort().map((name) => readFile(join(folder, out, "rows", name), "base64")));
    return {folder, redis, args, bytes, through: ["--queue", redis.address]};
  }

  const worker = (address: string): RunningCli => startCli(["work", "--queue", address]);

  const shardsIn = async (dir: string) =>
    (await readdir(join(dir, "shards")).catch(() => [])).filter((name) => /^\d+\.parquet$/.test(name)).length;
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  it("gives one machine's bytes, whoever of workers, queue and coordinator is killed meanwhile", async () => {
    const {folder, redis, args, bytes, through} = await place();
    expect((await runCli(args("alone"))).status).toBe(0);
    const first = worker(redis.address);
    const coordinator = startCli(args("shared", ...through));
    while ((await shardsIn(join(folder, "shared"))) < 1) await pause(20);
    first.process.kill("SIGKILL"); // at its second shard
    await redis.kill();
    await pause(300);
    await redis.start();
    coordinator.process.kill("SIGKILL");
    await coordinator.end;
    const others = [worker(redis.address), worker(redis.address)];
    const {status, stderr} = await runCli(args("shared", ...through));
    expect(stderr.split("\n").filter((line) => line && !/: prompt /.test(line))).toEqual([]);
    expect(status).toBe(0);
    expect(await bytes("shared")).toEqual(await bytes("alone"));
    const told = JSON.parse((await runCli(["work", ...through, "--list", "--json"])).stdout) as WorkerNews[];
    expect(told.map(({pid}) => pid)).toEqual(expect.arrayContaining(others.map(({process: {pid}}) => pid)));
    for (const one of others) one.process.kill("SIGTERM");
    expect((await Promise.all(others.map(({end}) => end))).map((end) => end.status)).toEqual([0, 0]);
    const left = await ordersIn(redis.address);
    expect(left).toEqual([]);
  }, 240_000);

  it("is what a server's censuses go through, which tells who works for it", async () => {
    const {folder, redis} = await place();
    const server = await startServer({runs: join(folder, "runs"), sharedQueue: redis.address});
    const order = {model: "tiny-arithmetic", prompts: sums.slice(0, 3), steps: 12, shard: 1, keep: {traces: 0, sample: 0, megabytes: 0}};
    const {id} = (await (await server.send("POST", "/api/censuses", order)).json()) as CensusEntry;
    const seen = async () => ((await (await server.get(`/api/censuses/${id}`)).json()) as CensusDetails).census;
    await expect.poll(async () => (await seen()).status, {timeout: 60_000}).toBe("running");
    expect((await (await server.get("/api/workers")).json()) as WorkerList).toEqual({queue: redis.address, workers: []});
    expect((await seen()).finished).toBe(0); // nobody works
    const {process: hired} = worker(redis.address);
    await expect.poll(async () => (await seen()).status, {timeout: 120_000}).toBe("complete");
    const {workers} = (await (await server.get("/api/workers")).json()) as WorkerList;
    expect(workers.map(({pid, done}) => [pid, done])).toEqual([[hired.pid, 3]]);
  }, 200_000);

  it("leaves nothing in line when it is called off", async () => {
    const {folder, redis, args, through} = await place();
    const coordinator = startCli(args("off", ...through));
    while ((await ordersIn(redis.address)).length < 6) await pause(50);
    coordinator.process.kill("SIGINT");
    const {status, stderr} = await coordinator.end;
    expect(status).toBe(1);
    expect(stderr).toContain(`cancelled after 0 of 12 prompts; the same command with --out ${join(folder, "off")} goes on`);
    expect(await ordersIn(redis.address)).toEqual([]);
  });
});

it("puts a shard into the line of its model, number format and device, where nobody else looks", () => {
  expect(laneName({hash: "ab".repeat(32), dtype: "int8", device: "cuda"})).toBe("orrery-abababababababab-int8-cuda");
});

/** Orders that a queue still holds, waiting, at work, or over. */
async function ordersIn(address: string): Promise<string[]> {
  const connection = new Redis(address, {maxRetriesPerRequest: null});
  try {
    const names = (await connection.keys("bull:*:meta")).map((key) => key.split(":")[1]);
    const ids = names.map(async (name) => {
      const queue = new Queue(name, {connection});
      const jobs = await queue.getJobs();
      await queue.close();
      return jobs.map(({id}) => id!);
    });
    return (await Promise.all(ids)).flat();
  } finally {
    connection.disconnect();
  }
}
