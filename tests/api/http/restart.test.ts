import {mkdir, readdir} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import type {Job} from "../../../api/contract/contract.ts";
import {startCli} from "../../support/runCli.ts";
import {errorOf} from "../../support/responses.ts";
import {isOver, startServer} from "../../support/startServer.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const jobsOf = async (url: string): Promise<Job[]> => ((await (await fetch(new URL("/api/captures", url))).json()) as {jobs: Job[]}).jobs;
const byId = (jobs: readonly Job[]) => new Map(jobs.map((job) => [job.id, job]));

async function serve(runs: string) {
  const cli = startCli(["serve", "--port", "0", "--runs", runs]);
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

describe("a server that ends", () => {
  it.each(["SIGKILL", "SIGTERM"] as const)("by %s keeps what waits, in order, and what ran as a partial run", async (signal) => {
    const runs = join(await temporaryFolder(), "runs");
    const first = await serve(runs);
    const long = await post(first.url, 4096);
    const waiting = [await post(first.url, 3), await post(first.url, 4), await post(first.url, 5)];
    await expect.poll(async () => byId(await jobsOf(first.url)).get(long.id)!.step).toBeGreaterThan(3);
    first.cli.process.kill(signal);
    await first.cli.end;
    const second = await serve(runs);
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
