import {mkdir, readdir, readFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {describe, expect, it} from "vitest";
import type {CensusDetails, WorkerList} from "../../../api/contract/contract.ts";
import {hasRedis, startRedis} from "../../support/redisServer.ts";
import {startCli} from "../../support/runCli.ts";
import {isOver, startServer, type RunningServer} from "../../support/startServer.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

it.skipIf(hasRedis)("work through a queue needs redis-server", ({skip}) => skip());

const experiment = {
  ...{model: "tiny-arithmetic", title: "sums", steps: 8, inits: 2, noise: 1, swaps: 1, scales: [0], resamples: 100},
  prompts: [{prompt: "\n48+37=", answer: "85\n"}, {prompt: "\n2+3="}, {prompt: "\n1+1="}]
};
const evaluation = {model: "tiny-arithmetic", task: "arithmetic", limit: 3, steps: [1, 4], exits: ["kl"], kv: [], title: "three"};
const census = {
  ...{model: "tiny-arithmetic", title: "census", prompts: ["\n1+2=", "\n30+4=", "\n5+6="], steps: 12, shard: 2},
  keep: {traces: 0, sample: 1, megabytes: 5}
};
const capture = {prompt: "48+37=", steps: 12, inits: 2, sites: ["state", "core.0.attn_out"]};

describe.skipIf(!hasRedis)("workers of a queue", () => {
  async function place() {
    const folder = await temporaryFolder();
    await mkdir(join(folder, "redis"));
    const redis = await startRedis(join(folder, "redis"));
    const results = join(folder, "results");
    const server = await startServer({runs: join(folder, "shared", "runs"), sharedQueue: redis.address, results});
    const worker = startCli(["work", "--queue", redis.address, "--results", results]);
    const workers = async () => ((await (await server.get("/api/workers")).json()) as WorkerList).workers;
    return {folder, server, worker, workers, results};
  }

  /** Starts one of a kind, and answers with its results when it is over. */
  async function resultsOf(server: RunningServer, kind: "experiments" | "evaluations", order: object): Promise<string> {
    const response = await server.send("POST", `/api/${kind}`, order);
    expect(response.status, await response.clone().text()).toBe(202);
    const {id} = (await response.json()) as {id: string};
    const seen = async () => {
      const [found] = Object.values((await (await server.get(`/api/${kind}/${id}`)).json()) as object) as {status: string; error: string}[];
      return found.error ?? found.status;
    };
    await expect.poll(seen, {timeout: 120_000}).toBe("complete");
    return readFile(join(dirname(server.runs), kind, id, "results.jsonl"), "utf8");
  }

  /** A census's rows and the states that it keeps; its name. */
  async function censusOf(server: RunningServer): Promise<{readonly id: string; readonly made: Record<string, string>}> {
    const {id} = (await (await server.send("POST", "/api/censuses", census)).json()) as {id: string};
    const seen = async () => ((await (await server.get(`/api/censuses/${id}`)).json()) as CensusDetails).census;
    await expect.poll(async () => (await seen()).error ?? (await seen()).status, {timeout: 120_000}).toBe("complete");
    return {id, made: await made(join(dirname(server.runs), "censuses", id))};
  }

  /** What of a census must be the same bytes wherever it was made. */
  async function made(dir: string): Promise<Record<string, string>> {
    const names = (await readdir(dir, {recursive: true})).filter((name) => /^rows\/|summary|states|readout\.s/.test(name)).sort();
    return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(join(dir, name), "base64")] as const)));
  }

  async function statesOf(server: RunningServer): Promise<Buffer> {
    const {run, error, status} = await server.until(await server.capture(capture), isOver);
    expect([status, error]).toEqual(["complete", null]);
    expect(await readdir(join(server.runs, run))).toContain("trace.json");
    return readFile(join(server.runs, run, "states.safetensors"));
  }

  it("do captures, experiments, evaluations and censuses with the bytes of one machine", async () => {
    const {server, workers, results} = await place();
    const alone = await startServer();
    const all = (of: RunningServer) =>
      Promise.all([statesOf(of), resultsOf(of, "experiments", experiment), resultsOf(of, "evaluations", evaluation), censusOf(of)]);
    const [shared, own] = await Promise.all([all(server), all(alone)]);
    expect(shared[0].equals(own[0])).toBe(true);
    expect(shared.slice(1, 3)).toEqual(own.slice(1, 3));
    const {id, made: rows} = shared[3];
    expect(Object.keys(rows).filter((name) => !name.includes("prompt-"))).toEqual([
      "rows/00000.parquet",
      "rows/00001.parquet",
      "summary.json"
    ]);
    expect(Object.keys(rows).length).toBe(5); // a kept trace, captured by the worker
    expect(rows).toEqual(own[3].made);
    expect(await made(join(results, "censuses", id))).toEqual(rows);
    expect((await workers()).map(({done, task}) => [done, task])).toEqual([[11, null]]); // two runs, three prompts, three items, three prompts of a census
    expect(await readdir(join(results, "runs"))).toEqual([]);
  }, 200_000);

  it("hear of a capture that is cancelled, and tell how far it is", async () => {
    const {server, workers, worker} = await place();
    const job = await server.capture({...capture, steps: 4000});
    const running = await server.until(job, ({step}) => step > 0);
    expect(running.status).toBe("running");
    expect((await workers())[0].task).toBe(job.title);
    const cancelled = (await (await server.send("DELETE", `/api/captures/${job.id}`)).json()) as {status: string};
    expect(cancelled.status).toBe("cancelled");
    await expect.poll(async () => (await workers())[0].task, {timeout: 20_000}).toBe(null);
    worker.process.kill("SIGTERM");
    expect((await worker.end).status).toBe(0);
  }, 100_000);
});
