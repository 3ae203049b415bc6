import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {labelCountsSchema, patternsSchema, runListSchema} from "../../../api/contract/contract.ts";
import {keptJson} from "../../../api/files/kept.ts";
import {exampleRun} from "../../../fixtures/makeExampleRun.ts";
import {errorOf} from "../../support/responses.ts";
import {isOver, startServer, type RunningServer} from "../../support/startServer.ts";

const listed = async ({get}: RunningServer, id: string) =>
  runListSchema.parse(await (await get("/api/runs")).json()).runs.find((run) => run.id === id)?.labels;

describe("GET labels", () => {
  it("counts what patterns says, once, and the list then knows it without asking", async () => {
    const server = await startServer();
    const {run} = await server.until(await server.capture({prompt: "48+37=", steps: 16, inits: 2}), isOver);
    expect(await listed(server, run)).toBeNull();
    const counts = labelCountsSchema.parse(await (await server.get(`/api/runs/${run}/labels`)).json());
    const {summary} = patternsSchema.parse(await (await server.get(`/api/runs/${run}/patterns`)).json());
    expect(counts).toMatchObject({counts: summary.counts, trajectories: 12, alpha: summary.alpha, steps_written: 16});
    expect(await listed(server, run)).toEqual(counts);
    const path = join(server.runs, run, "analysis", "labels.json");
    const kept = {...counts, counts: {orbit: 12}};
    await writeFile(path, keptJson(kept));
    expect(await (await server.get(`/api/runs/${run}/labels`)).json()).toEqual(kept); // read, not computed again
    await writeFile(path, keptJson({...kept, version: "another"}));
    expect(await listed(server, run)).toBeNull();
    expect(await (await server.get(`/api/runs/${run}/labels`)).json()).toEqual(counts);
    expect(await readFile(path, "utf8")).toBe(keptJson(counts));
    const states = join(server.runs, run, "states.safetensors");
    const bytes = await readFile(states);
    await writeFile(states, bytes.fill(0xff, 8 + Number(bytes.readBigUInt64LE()))); // others, no numbers, under the same trace.json
    expect(await listed(server, run)).toBeNull();
    const others = labelCountsSchema.parse(await (await server.get(`/api/runs/${run}/labels`)).json());
    expect(others.counts).toMatchObject({converging: 0, unsettled: 12});
  });

  it("remembers those of an example, and writes nothing beside it", async () => {
    const server = await startServer({examples: join(exampleRun, "..")});
    const counts = labelCountsSchema.parse(await (await server.get("/api/runs/sum-and-parity/labels")).json());
    expect(await listed(server, "sum-and-parity")).toEqual(counts);
    await expect(readFile(join(exampleRun, "analysis", "labels.json"))).rejects.toThrow("ENOENT");
    expect(await errorOf(await server.get("/api/runs/nobody/labels"))).toEqual([404, "unknown run: nobody"]);
  });
});
