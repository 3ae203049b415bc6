import {readdir, readFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {describe, expect, it} from "vitest";
import type {CensusCost, CensusDetails, CensusEntry, CensusList} from "../../../api/contract/contract.ts";
import {lab} from "../../support/lab.ts";
import {startServer, type RunningServer} from "../../support/startServer.ts";

const prompts = Array.from({length: 12}, (_, i) => `\n${i}+${2 * i}=`);
const order = {model: "tiny-arithmetic", prompts, steps: 16, shard: 2, keep: {traces: 1, sample: 1, megabytes: 5}};

async function asked<T>(server: RunningServer, method: string, path: string, status: number, body?: unknown): Promise<T> {
  const response = await server.send(method, `/api/censuses${path}`, body);
  const text = await response.text();
  expect(response.status, text).toBe(status);
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

const start = (server: RunningServer, more: object = {}) => asked<CensusEntry>(server, "POST", "", 202, {...order, ...more});

const until = (server: RunningServer, id: string, isSo: (census: CensusEntry) => boolean) =>
  expect
    .poll(async () => isSo((await asked<CensusDetails>(server, "GET", `/${id}`, 200)).census), {timeout: 120_000, interval: 100})
    .toBe(true);

const filesOf = async (server: RunningServer, id: string): Promise<Record<string, string>> => {
  const dir = join(dirname(server.runs), "censuses", id, "rows");
  const names = (await readdir(dir)).sort();
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, (await readFile(join(dir, name))).toString("base64")])));
};

describe("a census that a server makes", () => {
  it("says what it takes, goes on after it was cancelled, and gives the bytes of one that was not", async () => {
    const server = await startServer();
    const cost = await asked<CensusCost>(server, "POST", "/cost", 200, order);
    const tokens = prompts.join("").length;
    expect(cost).toMatchObject({prompts: 12, tokens, core_steps: 16 * tokens});
    const whole = await start(server, {title: "whole"});
    expect(whole).toMatchObject({title: "whole", status: "queued", finished: 0, prompts: 12, counts: null, owner: null});
    const {id} = await start(server, {title: "cut"});
    await until(server, id, ({status, finished}) => status === "running" && finished >= 2);
    const cancelled = await asked<CensusEntry>(server, "POST", `/${id}/cancel`, 200);
    expect(cancelled.status).toBe("cancelled");
    expect((await asked<{error: string}>(server, "GET", `/${id}/rows`, 409)).error).toMatch(/^unfinished census/);
    expect((await asked<CensusEntry>(server, "POST", `/${id}/resume`, 202)).status).toBe("queued");
    await until(server, id, ({status}) => status === "complete");
    expect(await filesOf(server, id)).toEqual(await filesOf(server, whole.id));
    const {censuses} = await asked<CensusList>(server, "GET", "", 200);
    const counted = (counts: CensusEntry["counts"]) => Object.values(counts!).reduce((sum, count) => sum + count, 0);
    expect(censuses.map(({status, counts}) => [status, counted(counts)])).toEqual(Array(2).fill(["complete", tokens]));
    const {manifest, summary} = await asked<CensusDetails>(server, "GET", `/${id}`, 200);
    expect(manifest.model).toEqual({name: "tiny-arithmetic", hash: expect.stringMatching(/^[0-9a-f]{64}$/), trained_steps: 8}); // no path of the server's
    expect(summary!.rows).toBe(tokens);
    const taken = Object.values(await filesOf(server, id)).reduce((sum, text) => sum + Buffer.from(text, "base64").length, 0);
    expect(taken).toBeLessThan(cost.bytes);
  });

  it("is removed and taken back, not while it runs", async () => {
    const server = await startServer();
    const {id} = await start(server, {prompts: Array.from({length: 300}, (_, i) => `\n${i}+1=`), steps: 64});
    await until(server, id, ({status}) => status === "running");
    expect(await asked(server, "DELETE", `/${id}`, 409)).toEqual({error: `invalid census: ${id} is running; cancel it first`});
    expect(await asked(server, "POST", `/${id}/resume`, 409)).toEqual({error: `census ${id} is running`});
    await asked(server, "POST", `/${id}/cancel`, 200);
    await asked(server, "DELETE", `/${id}`, 204);
    expect(await asked(server, "GET", "", 200)).toEqual({censuses: [], broken: []});
    await asked(server, "GET", `/${id}`, 404);
    expect(await asked(server, "DELETE", `/${id}`, 404)).toEqual({error: `unknown census: ${id}`});
    expect(await asked(server, "POST", `/${id}/restore`, 200)).toMatchObject({id, status: "partial"});
    expect(await asked(server, "POST", `/${id}/restore`, 404)).toEqual({error: `unknown removed census: ${id}`});
    await asked(server, "GET", `/${id}`, 200);
  });

  it("goes on when a server that was closed in the middle is there again", async () => {
    const first = await startServer();
    const {id} = await start(first);
    await until(first, id, ({finished}) => finished >= 2);
    await first.server.close();
    const second = await startServer({runs: first.runs});
    await until(second, id, ({status}) => status === "complete");
    expect(Object.keys(await filesOf(second, id)).length).toBe(6);
  });

  it.each([
    [{prompts: ["\n1+1=", "é"]}, 400, /^invalid prompt 2: .*é/],
    [{prompts: []}, 400, /^invalid prompts/],
    [{model: "none"}, 404, /^unknown model: none/],
    [{steps: 0}, 400, /^invalid steps: 0/],
    [{site: "beauty"}, 400, /beauty/],
    [{beauty: 1}, 400, /beauty/]
  ])("refuses %j before anything is kept", async (more, status, error) => {
    const server = await startServer();
    expect((await asked<{error: string}>(server, "POST", "", status, {...order, ...more})).error).toMatch(error);
    expect((await asked<CensusList>(server, "GET", "", 200)).censuses).toEqual([]);
  });

  it("is its owner's: others may look, and neither cancel nor remove it", async () => {
    const {kim, lee} = await lab();
    const made = await kim("POST", "/api/censuses", {...order, prompts: prompts.slice(0, 2)});
    expect(made.status).toBe(202);
    const {id, owner} = (await made.json()) as CensusEntry;
    expect(owner).toBe("kim");
    const seen = async () => ((await (await lee("GET", `/api/censuses/${id}`)).json()) as CensusDetails).census.status;
    await expect.poll(seen, {timeout: 60_000}).toBe("complete");
    const refused = {error: `invalid census: ${id} is kim's`};
    for (const [method, path] of [
      ["POST", `/${id}/cancel`],
      ["POST", `/${id}/resume`],
      ["DELETE", `/${id}`]
    ] as const) {
      const answer = await lee(method, `/api/censuses${path}`);
      expect([answer.status, await answer.json()]).toEqual([403, refused]);
    }
    expect((await kim("DELETE", `/api/censuses/${id}`)).status).toBe(204);
    expect(await (await lee("POST", `/api/censuses/${id}/restore`)).json()).toEqual(refused);
    expect((await kim("POST", `/api/censuses/${id}/restore`)).status).toBe(200);
  });
});
