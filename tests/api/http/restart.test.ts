import {mkdir, readdir} from "node:fs/promises";
import {request} from "node:http";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import type {Job} from "../../../api/contract/contract.ts";
import {startCli, type CliOptions} from "../../support/runCli.ts";
import {errorOf} from "../../support/responses.ts";
import {isOver, startServer} from "../../support/startServer.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const jobsOf = async (url: string): Promise<Job[]> => ((await (await fetch(new URL("/api/captures", url))).json()) as {jobs: Job[]}).jobs;
const byId = (jobs: readonly Job[]) => new Map(jobs.map((job) => [job.id, job]));

async function serve(runs: string, options?: CliOptions) {
  const cli = startCli(["serve", "--port", "0", "--runs", runs], options);
  return {cli, url: /http:\S+/.exec(await cli.until("http://"))![0]};
}

const post = async (url: string, steps: number): Promise<Job> =>
  (await (
    await fetch(new URL("/api/captures", url), {
      method: "POST",
      headers: {"content-type": "application/json"},
      body: JSON.stringify({model: "tiny-arithmetic", prompt: "1+2=", inits: 1, steps})
    })
  ).json()) as Job;

/** Begins to send a file that never ends; resolves when the server holds some of it. */
async function sendHalf(url: string, runs: string): Promise<void> {
  const sending = request(new URL("/api/uploads/half/states.npy", url), {method: "PUT"}).on("error", () => {}); // the server ends
  sending.write(Buffer.alloc(2 ** 20));
  await expect.poll(() => passingIn(runs)).toHaveLength(1);
}
const passingIn = async (runs: string): Promise<string[]> =>
  (await readdir(join(runs, ".uploads"), {recursive: true})).filter((name) => name.includes(".orrery~"));

describe("a server that ends", () => {
  it.each(["SIGKILL", "SIGTERM"] as const)(
    "by %s keeps what waits, in order, and what ran as a partial run; half an upload is none",
    async (signal) => {
      const runs = join(await temporaryFolder(), "runs");
      const first = await serve(runs);
      const long = await post(first.url, 4096);
      const waiting = [await post(first.url, 3), await post(first.url, 4), await post(first.url, 5)];
      await expect.poll(async () => byId(await jobsOf(first.url)).get(long.id)!.step).toBeGreaterThan(3);
      await sendHalf(first.url, runs);
      first.cli.process.kill(signal);
      await first.cli.end;
      const second = await serve(runs);
      expect(await passingIn(runs)).toEqual([]);
      const half = {method: "POST", headers: {"content-type": "application/json"}, body: '{"upload": "half", "file": "states.npy"}'};
      expect(await errorOf(await fetch(new URL("/api/imports", second.url), half))).toEqual([
        404,
        "missing file: states.npy; it was not sent"
      ]);
      const jobs = byId(await jobsOf(second.url));
      expect(waiting.every(({id}) => jobs.has(id))).toBe(true);
      if (signal === "SIGKILL")
        expect(jobs.get(long.id)).toMatchObject({
          status: "failed",
          error: expect.stringMatching(/^the server ended; steps 0 to \d+ are kept$/)
        });
      await expect.poll(async () => (await jobsOf(second.url)).every(isOver)).toBe(true);
      const list = (await (await fetch(new URL("/api/runs", second.url))).json()) as {
        runs: {id: string; status: string; live: boolean; created: string; stopped: string}[];
        broken: unknown[];
      };
      expect(list.broken).toEqual([]);
      const created = new Map(list.runs.map((run) => [run.id, run]));
      expect(created.get(long.id)).toMatchObject({status: "partial", live: false, stopped: signal === "SIGKILL" ? "killed" : "cancelled"});
      const times = waiting.map(({id}) => created.get(id)!.created);
      expect([waiting.map(({id}) => created.get(id)!.status), times]).toEqual([["complete", "complete", "complete"], [...times].sort()]);
      second.cli.process.kill("SIGTERM");
      expect((await second.cli.end).status).toBe(0);
      expect((await readdir(runs)).filter((name) => name.startsWith(".orrery~"))).toEqual([]);
    }
  );
});

describe("a server that is asked to end while everything runs", () => {
  const prompts = Array.from({length: 400}, (_, i) => `\n${i}+1=`);
  const model = "tiny-arithmetic";
  const orders = {
    experiments: {model, prompts: prompts.map((prompt) => ({prompt})), steps: 100, inits: 4},
    evaluations: {model, task: "arithmetic", steps: [64]},
    censuses: {model, prompts, steps: 500, shard: 2},
    trainings: {recipe: {task: "clock", updates: 5000, rows: 2, tokens: 4, model: {width: 8, heads: 1, hidden: 8}, depths: [1, 2]}}
  };
  const kinds = Object.keys(orders) as (keyof typeof orders)[];
  interface Told {
    readonly id: string;
    readonly status: string;
    readonly finished: number;
    readonly error: string | null;
  }
  const order = async (url: string, kind: keyof typeof orders): Promise<string> => {
    const request = {method: "POST", headers: {"content-type": "application/json"}, body: JSON.stringify(orders[kind])};
    return ((await (await fetch(new URL(`/api/${kind}`, url), request)).json()) as Told).id;
  };
  const oneOf = async (url: string, kind: string, id: string): Promise<Told> =>
    Object.values((await (await fetch(new URL(`/api/${kind}/${id}`, url))).json()) as object).find(
      (value) => (value as Told).id === id
    ) as Told;

  it("with its whole group, as a service is: what ran goes on or is partial, what waits comes after it, and nothing is left behind", async () => {
    const runs = join(await temporaryFolder(), "runs");
    const first = await serve(runs, {detached: true});
    const made: {kind: string; id: string; next: string}[] = [];
    for (const kind of kinds) made.push({kind, id: await order(first.url, kind), next: await order(first.url, kind)});
    for (const {kind, id} of made)
      await expect.poll(async () => (await oneOf(first.url, kind, id)).finished, {timeout: 120_000}).toBeGreaterThan(0);
    process.kill(-first.cli.process.pid!, "SIGTERM");
    const {status, stderr} = await first.cli.end;
    expect([status, stderr]).toEqual([0, "stopping; what runs is kept as a partial run\n"]);
    const left = await readdir(join(runs, ".."), {recursive: true});
    expect(left.filter((path) => /~|\.taken$|writer\.json$|server\.json$/.test(path))).toEqual([]);
    const second = await serve(runs);
    for (const {kind, id, next} of made) {
      const [one, other] = [await oneOf(second.url, kind, id), await oneOf(second.url, kind, next)];
      const waits = expect.stringMatching(/^(queued|running)$/) as string;
      expect([kind, one.error, other.error]).toEqual([kind, null, null]);
      expect([kind, one.status, other.status]).toEqual(kind === "experiments" ? [kind, "partial", waits] : [kind, waits, "queued"]);
    }
    second.cli.process.kill("SIGTERM");
    expect((await second.cli.end).status).toBe(0);
  });
});

describe("a second server on one folder", () => {
  it("is refused in one line, touches nothing, and comes in when the first has ended", async () => {
    const runs = join(await temporaryFolder(), "runs");
    const first = await serve(runs);
    await mkdir(join(runs, ".scratch", "theirs"), {recursive: true});
    const second = await startCli(["serve", "--port", "0", "--runs", runs]).end;
    expect(second).toEqual({
      status: 1,
      stdout: "",
      stderr: expect.stringMatching(
        new RegExp(`^runs folder in use: ${runs}: process ${first.cli.process.pid} on .* holds it since .*; choose another with --runs\n$`)
      )
    });
    expect(await readdir(join(runs, ".scratch"))).toEqual(["theirs"]);
    expect((await fetch(new URL("/api/runs", first.url))).status).toBe(200);
    first.cli.process.kill("SIGKILL");
    await first.cli.end;
    const third = await serve(runs);
    expect((await fetch(new URL("/api/runs", third.url))).status).toBe(200);
  });
});

describe("several clients at one run", () => {
  const statuses = async (asks: readonly (() => Promise<Response>)[]): Promise<number[]> =>
    Promise.all(
      asks.map(async (ask) => {
        const response = await ask();
        await response.arrayBuffer();
        if (response.status >= 500) throw new Error(`${response.url}: ${response.status}`);
        return response.status;
      })
    );

  it("delete, restore, read, list, slice, export and rename at once: 200, 204, 404 or 409, and the run is whole", async () => {
    const server = await startServer();
    const {run} = await server.until(await server.capture({steps: 6}), isOver);
    const path = `/api/runs/${run}`;
    for (let round = 0; round < 6; ++round) {
      const seen = await statuses([
        ...Array.from({length: 4}, () => () => server.send("DELETE", path)),
        ...Array.from({length: 4}, () => () => server.send("POST", `${path}/restore`)),
        ...["", "/states", "/metrics", "/patterns", "/labels", "/readout", "/export?format=safetensors", "/projection"].map(
          (part) => () => server.get(`${path}${part}`)
        ),
        () => server.get("/api/runs"),
        () => server.send("PATCH", path, {tags: [`round ${round}`]}),
        () => server.send("PATCH", path, {title: `title ${round}`})
      ]);
      expect(seen.filter((status) => ![200, 204, 404, 409].includes(status))).toEqual([]);
    }
    await server.send("POST", `${path}/restore`);
    expect((await server.get(`${path}/patterns`)).status).toBe(200);
    expect((await readdir(server.runs)).filter((name) => !name.startsWith("."))).toEqual([run]);
    expect(await errorOf(await server.send("POST", `${path}/restore`))).toEqual([expect.any(Number), expect.any(String)]);
  });

  it("of two changes at once none is lost", async () => {
    const server = await startServer();
    const {run} = await server.until(await server.capture({steps: 1}), isOver);
    await Promise.all([
      server.send("PATCH", `/api/runs/${run}`, {title: "a title"}),
      server.send("PATCH", `/api/runs/${run}`, {tags: ["a tag"]})
    ]);
    expect(((await (await server.get(`/api/runs/${run}`)).json()) as {summary: object}).summary).toMatchObject({
      title: "a title",
      tags: ["a tag"]
    });
  });
});
