import {cp, mkdir, readdir, readFile, rename, stat, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {runListSchema} from "../../../api/contract/contract.ts";
import {exampleRun} from "../../../fixtures/makeExampleRun.ts";
import {errorOf, rawStatus} from "../../support/responses.ts";
import {isOver, startServer} from "../../support/startServer.ts";

const examples = join(exampleRun, "..");

describe("GET /api/runs", () => {
  it("lists runs newest first and examples last, and names folders that hold no readable trace", async () => {
    const {get, capture, until, runs} = await startServer({examples});
    const older = await until(await capture({steps: 1}), isOver);
    const newer = await until(await capture({steps: 1}), isOver);
    await mkdir(join(runs, "broken"));
    await writeFile(join(runs, "broken", "trace.json"), "{}");
    const list = runListSchema.parse(await (await get("/api/runs")).json());
    expect(list.runs.map(({id, example}) => [id, example])).toEqual([
      [newer.run, false],
      [older.run, false],
      ["clock-of-five", true], // the newest example: the page opens with it
      ["column-of-sums", true],
      ["sum-and-parity", true]
    ]);
    expect(list.broken).toEqual([{id: "broken", error: expect.stringMatching(/^not a trace: .*trace\.json: schema: /)}]);
  });

  it.each(["my run (2)", "a\nb", "née 🌀", "a%2Fb", "x".repeat(129)])(
    "names a folder that no address can name, and how it can: %j",
    async (name) => {
      const {get, runs} = await startServer();
      await cp(exampleRun, join(runs, name), {recursive: true});
      const error = `invalid name of a run's folder: ${JSON.stringify(name)}; expected letters, digits, '.', '_' and '-', at most 128: rename it`;
      expect(await (await get("/api/runs")).json()).toEqual({runs: [], broken: [{id: name, error}]});
      await rename(join(runs, name), join(runs, "renamed"));
      const list = runListSchema.parse(await (await get("/api/runs")).json());
      expect([list.runs.map(({id}) => id), list.broken]).toEqual([["renamed"], []]);
    }
  );

  it.each(["..", "../../etc", "%2e%2e", "..%2f..%2fetc%2fpasswd", ".trash", "a/b", "a%00b"])("knows no run named %s", async (name) => {
    const {url} = await startServer({examples});
    const [status, text] = await rawStatus(url, `/api/runs/${name}/states`, {});
    expect(status).toBe(404);
    expect(JSON.parse(text)).toEqual({error: expect.stringMatching(/^unknown (run|address): /)});
  });

  it.each(["/api/runs/%zz", "/api/runs/%", "/api/experiments/%e0%a4%a", "/api/models/%zz/tokens"])(
    "says of %s that it is no address",
    async (path) => {
      const {url} = await startServer();
      const [status, text] = await rawStatus(url, path, {});
      expect([status, JSON.parse(text)]).toEqual([expect.toBeOneOf([400, 404]), {error: expect.not.stringContaining("internal")}]);
    }
  );

  it("refuses questions that a run has no answer to", async () => {
    const {get} = await startServer({examples});
    const ask = async (path: string) => errorOf(await get(`/api/runs/sum-and-parity/${path}`));
    expect(await ask("metrics?site=core.0.out")).toEqual([400, "unknown site: core.0.out; one of state, state_normed"]);
    expect(await ask("states?from=3&to=65")).toEqual([400, "invalid steps of state: 3 to 65; expected 0 to 64"]);
    expect(await ask("states?tokens=21")).toEqual([400, "invalid token: 21; expected 0 to 20"]);
    expect(await ask("states?tokens=a")).toEqual([400, 'invalid tokens: "a"; expected indices joined by commas']);
    expect(await ask("projection?dims=11")).toEqual([400, 'invalid dims: "11"; expected number to be <=10']);
    expect(await ask("projection?fit=chosen")).toEqual([400, "missing tokens; expected tokens with fit=chosen, and only there"]);
  });
});

describe("runs that a person tends", () => {
  it("PATCH gives a run another title and tags, which stay", async () => {
    const {capture, until, send, get} = await startServer();
    const {run} = await until(await capture({steps: 1}), isOver);
    expect(await (await send("PATCH", `/api/runs/${run}`, {title: "mine"})).json()).toMatchObject({id: run, title: "mine", tags: []});
    expect(await (await send("PATCH", `/api/runs/${run}`, {tags: ["sum", "first"]})).json()).toMatchObject({
      title: "mine",
      tags: ["sum", "first"]
    });
    expect(((await (await get(`/api/runs/${run}`)).json()) as {summary: unknown}).summary).toMatchObject({
      title: "mine",
      tags: ["sum", "first"]
    });
    expect(await errorOf(await send("PATCH", `/api/runs/${run}`, {title: ""}))).toEqual([
      400,
      'invalid title: ""; expected string to have >=1 characters'
    ]);
  });

  it("DELETE puts a run in the trash, and restore takes it out with everything in it", async () => {
    const {capture, until, send, get, runs} = await startServer();
    const {run} = await until(await capture({steps: 1}), isOver);
    const before = await readFile(join(runs, run, "states.safetensors"));
    expect((await send("DELETE", `/api/runs/${run}`)).status).toBe(204);
    expect(await errorOf(await get(`/api/runs/${run}`))).toEqual([404, `unknown run: ${run}`]);
    expect(await (await send("POST", `/api/runs/${run}/restore`)).json()).toMatchObject({id: run, status: "complete"});
    expect(await readFile(join(runs, run, "states.safetensors"))).toEqual(before);
    expect(await errorOf(await send("POST", `/api/runs/${run}/restore`))).toEqual([404, `unknown removed run: ${run}`]);
  });

  it("refuses to change or remove an example", async () => {
    const {send} = await startServer({examples});
    for (const method of ["PATCH", "DELETE"])
      expect(await errorOf(await send(method, "/api/runs/sum-and-parity", {title: "x"}))).toEqual([
        403,
        "invalid run: sum-and-parity is an example, which is read-only"
      ]);
  });

  it("keeps an analysis beside its run, computed once, and nothing beside an example", async () => {
    const {capture, until, get, runs} = await startServer({examples});
    const {run} = await until(await capture({steps: 4}), isOver);
    const first = Buffer.from(await (await get(`/api/runs/${run}/metrics`)).arrayBuffer());
    const [name] = await readdir(join(runs, run, "analysis"));
    expect(name).toMatch(/^metrics-[0-9a-f]{16}\.[0-9a-f]{16}\.safetensors$/);
    expect(await readFile(join(runs, run, "analysis", name))).toEqual(first);
    const {mtimeMs} = await stat(join(runs, run, "analysis", name));
    expect(Buffer.from(await (await get(`/api/runs/${run}/metrics`)).arrayBuffer())).toEqual(first);
    expect((await stat(join(runs, run, "analysis", name))).mtimeMs).toBe(mtimeMs); // read, not written again
    await get("/api/runs/sum-and-parity/metrics");
    expect(await readdir(exampleRun)).not.toContain("analysis");
  });
});
