import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {trajectoriesSchema} from "../../../api/contract/contract.ts";
import {keptJson} from "../../../api/files/kept.ts";
import {exampleRun} from "../../../fixtures/makeExampleRun.ts";
import {errorOf} from "../../support/responses.ts";
import {isOver, startServer, type RunningServer} from "../../support/startServer.ts";

const find = async ({get}: RunningServer, query: string) =>
  trajectoriesSchema.parse(await (await get(`/api/trajectories?${query}`)).json());

describe("GET trajectories", () => {
  it("finds those of all runs by label, period, token and model, and says how many runs wait", async () => {
    const server = await startServer();
    const {run} = await server.until(await server.capture({prompt: "48+37=", steps: 16, inits: 2}), isOver);
    expect(await find(server, "")).toEqual({rows: [], total: 0, runs: 0, waiting: 1});
    await server.get(`/api/runs/${run}/labels`);
    const all = await find(server, "");
    expect(all).toMatchObject({total: 12, runs: 1, waiting: 0});
    expect(all.rows.slice(5, 7)).toMatchObject([
      {run, model: "tiny-arithmetic", init: 0, index: 5, text: "=", label: "converging"},
      {init: 1, index: 0, text: "4"}
    ]);
    const path = join(server.runs, run, "analysis", "trajectories.json");
    const {sha256: _, ...kept} = JSON.parse(await readFile(path, "utf8"));
    kept.rows[3] = {...kept.rows[3], label: "orbit", period: 2.9};
    kept.rows[4] = {...kept.rows[4], label: "orbit", period: 3.4};
    await writeFile(path, keptJson(kept));
    expect((await find(server, "label=orbit")).total).toBe(2);
    expect((await find(server, "label=orbit&period=3")).rows.map(({index}) => index)).toEqual([3]); // within a tenth
    expect((await find(server, "period=3&near=0.2")).rows.map(({index}) => index)).toEqual([3, 4]);
    expect((await find(server, "text=%3D")).rows.map(({init, text}) => [init, text])).toEqual([
      [0, "="],
      [1, "="]
    ]);
    expect(await find(server, "model=HUGINN")).toMatchObject({total: 0, runs: 0});
    expect((await find(server, "model=Tiny&from=10&count=5")).rows.map(({index}) => index)).toEqual([4, 5]);
    await writeFile(path, keptJson({...kept, version: "another"}));
    expect(await find(server, "")).toMatchObject({total: 0, waiting: 1});
    await server.get(`/api/runs/${run}/labels`); // works them out again
    expect(await find(server, "label=orbit")).toMatchObject({total: 0, runs: 1, waiting: 0});
  });

  it("holds an example's in memory, and refuses what it cannot look for", async () => {
    const server = await startServer({examples: join(exampleRun, "..")});
    await server.get("/api/runs/sum-and-parity/labels");
    expect(await find(server, "text=8&model=tiny")).toMatchObject({total: 8, runs: 1, waiting: 1});
    expect((await errorOf(await server.get("/api/trajectories?period=0")))[0]).toBe(400);
    expect((await errorOf(await server.get("/api/trajectories?label=round")))[0]).toBe(400);
  });
});
