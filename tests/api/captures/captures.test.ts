import {readdir} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {modelListSchema, runSchema, type Job} from "../../../api/contract/contract.ts";
import {openTrace, readTrace} from "../../../capture/trace/reader.ts";
import {parseHeader} from "../../../capture/trace/safetensorsHeader.ts";
import {exampleRun} from "../../../fixtures/makeExampleRun.ts";
import {errorOf, tensorsOf} from "../../support/responses.ts";
import {copiedModel, editConfig} from "../../support/shippedModel.ts";
import {isOver, jobEvents, startServer} from "../../support/startServer.ts";

const LONG = 4096; // steps: some ten seconds, which no test waits for
const examples = join(exampleRun, "..");

describe("POST /api/captures", () => {
  it("captures a run that can be read, from the prompt to the projection", async () => {
    const {capture, until, get, runs} = await startServer();
    const asked = await capture({prompt: "\n48+37=", steps: 8, inits: 2, title: "a sum"});
    expect(asked).toMatchObject({title: "a sum", model: "tiny-arithmetic", steps: 8, error: null, request: {prompt: "\n48+37=", seed: 0}});
    expect(await until(asked, isOver)).toMatchObject({status: "complete", step: 8, position: null, error: null});
    const {summary, trace, sites, constants} = runSchema.parse(await (await get(`/api/runs/${asked.run}`)).json());
    expect(summary).toMatchObject({
      id: asked.run,
      title: "a sum",
      status: "complete",
      live: false,
      example: false,
      steps_written: 8,
      inits: 2,
      tokens: 7,
      width: 96
    });
    expect(trace).toEqual(await readTrace(join(runs, asked.run)));
    expect([sites, constants]).toEqual([
      ["state", "state_normed"],
      ["ln_f", "input"]
    ]);

    const metrics = await tensorsOf(await get(`/api/runs/${asked.run}/metrics?site=state_normed`));
    expect([...metrics.tensors].map(([name, {shape}]) => [name, shape])).toEqual(
      ["step_norm", "step_cosine", "distance"].map((name) => [name, [9, 2, 7]])
    );
    const readout = await tensorsOf(await get(`/api/runs/${asked.run}/readout`));
    expect(readout.tensors.get("top_ids")).toMatchObject({dtype: "I32", shape: [9, 2, 7, 5]});
    expect(readout.tensors.get("kl_final")).toMatchObject({dtype: "F32", shape: [9, 2, 7]});
    const projection = await tensorsOf(await get(`/api/runs/${asked.run}/projection?dims=3&fit=chosen&tokens=6`));
    expect(projection.tensors.get("points")!.shape).toEqual([9, 2, 7, 3]);
    expect(projection.tensors.get("explained")!.shape).toEqual([3]);
    expect(projection.metadata).toMatchObject({fit: "chosen", site: "state", rows: "18", tokens: "6"});
    const states = await tensorsOf(await get(`/api/runs/${asked.run}/states?from=2&to=4&tokens=0,6&inits=1`));
    expect(states.tensors.get("state")!.shape).toEqual([3, 1, 2, 96]);
    expect(states.metadata).toEqual({site: "state", first_step: "2"});
  });

  it("gives the states that the trace holds, bit for bit", async () => {
    const {get} = await startServer({examples});
    const bytes = new Uint8Array(await (await get("/api/runs/sum-and-parity/states?from=60&to=64")).arrayBuffer());
    const reader = await openTrace(exampleRun);
    const {data} = await reader.readSite("state", {steps: [60, 64]});
    await reader.close();
    const {dataStart} = parseHeader(bytes);
    expect(Buffer.from(bytes.buffer, dataStart).equals(Buffer.from(data.buffer))).toBe(true);
  });

  it("tells its progress as events, each a job", async () => {
    const {capture, get} = await startServer();
    const {id} = await capture({steps: 40});
    const seen: Job[] = [];
    for await (const job of jobEvents(await get("/api/events"))) {
      if (job.id === id) seen.push(job);
      if (job.status === "complete") break;
    }
    expect(new Set(seen.map(({status}) => status)).has("running")).toBe(true);
    expect(seen.map(({step}) => step)).toEqual(seen.map(({step}) => step).sort((a, b) => a - b));
    expect(seen.at(-1)).toMatchObject({status: "complete", step: 40, seconds_left: null});
  });

  it("runs captures in order, tells their places, and moves one that waits", async () => {
    const {capture, send, until, get} = await startServer();
    const first = await capture({steps: LONG});
    const [second, third] = [await capture({steps: 2}), await capture({steps: 2})];
    expect([second.position, third.position]).toEqual([1, 2]);
    expect(await (await send("PATCH", `/api/captures/${third.id}`, {position: 1})).json()).toMatchObject({id: third.id, position: 1});
    expect(await (await get(`/api/captures/${second.id}`)).json()).toMatchObject({status: "queued", position: 2});
    expect(await errorOf(await send("PATCH", `/api/captures/${first.id}`, {position: 1}))).toEqual([
      409,
      expect.stringMatching(/^invalid move: capture .* is (loading|running); expected one that is queued$/)
    ]);
    const [, secondEnd, thirdEnd] = await Promise.all([
      send("DELETE", `/api/captures/${first.id}`),
      until(second, isOver),
      until(third, isOver)
    ]);
    expect([secondEnd.status, thirdEnd.status]).toEqual(["complete", "complete"]);
    const created = async (run: string) => ((await (await get(`/api/runs/${run}`)).json()) as {trace: {created: string}}).trace.created;
    expect((await created(third.run)) < (await created(second.run))).toBe(true);
  });

  it("a capture that runs can be read as it grows", async () => {
    const {capture, until, get, send} = await startServer();
    const job = await capture({steps: LONG});
    await until(job, ({step}) => step >= 5);
    const {summary} = runSchema.parse(await (await get(`/api/runs/${job.run}`)).json());
    expect(summary).toMatchObject({status: "partial", stopped: null, live: true});
    expect(summary.steps_written).toBeGreaterThanOrEqual(0);
    const {tensors} = await tensorsOf(await get(`/api/runs/${job.run}/projection`));
    expect(tensors.get("points")!.shape[0]).toBeGreaterThanOrEqual(summary.steps_written + 1);
    expect((await tensorsOf(await get(`/api/runs/${job.run}/metrics`))).tensors.get("distance")!.shape.slice(1)).toEqual([1, 4]);
    expect(await errorOf(await send("DELETE", `/api/runs/${job.run}`))).toEqual([
      409,
      `invalid run: ${job.run} is being captured; cancel it first`
    ]);
  });

  it("a capture that is cancelled leaves a partial run that says so", async () => {
    const {capture, until, send, get} = await startServer();
    const job = await capture({steps: LONG});
    await until(job, ({step}) => step >= 3);
    expect(await (await send("DELETE", `/api/captures/${job.id}`)).json()).toMatchObject({status: "cancelled", position: null});
    const {summary} = runSchema.parse(await (await get(`/api/runs/${job.run}`)).json());
    expect(summary).toMatchObject({status: "partial", stopped: "cancelled", live: false});
    expect((await tensorsOf(await get(`/api/runs/${job.run}/readout`))).tensors.get("entropy")!.shape).toEqual([
      summary.steps_written + 1,
      1,
      4
    ]);
  });

  it("a capture that waits and is cancelled makes no run", async () => {
    const {capture, send, get, runs} = await startServer();
    const [first, second] = [await capture({steps: LONG}), await capture({steps: LONG})];
    expect(await (await send("DELETE", `/api/captures/${second.id}`)).json()).toMatchObject({status: "cancelled", step: -1});
    expect(await errorOf(await get(`/api/runs/${second.run}`))).toEqual([404, `unknown run: ${second.run}`]);
    await send("DELETE", `/api/captures/${first.id}`);
    expect(await readdir(runs).catch(() => [])).not.toContain(second.run); // the first may not have come to its folder
  });

  it("survives a kill -9 of its capture service: the job fails, the next one runs", async () => {
    const {capture, until, get, server} = await startServer();
    const [victim, next] = [await capture({steps: LONG}), await capture({steps: 3})];
    await until(victim, ({step}) => step >= 3);
    process.kill(server.servicePid!, "SIGKILL");
    const end = await until(victim, isOver);
    expect(end).toMatchObject({
      status: "failed",
      error: expect.stringMatching(/^the capture service ended with SIGKILL; steps 0 to \d+ are kept$/)
    });
    const {summary} = runSchema.parse(await (await get(`/api/runs/${victim.run}`)).json());
    expect(summary).toMatchObject({status: "partial", stopped: "killed", live: false, steps_written: end.step});
    expect(await until(next, isOver)).toMatchObject({status: "complete"});
  });

  const refusals: readonly [string, unknown, number, string][] = [
    ["an unknown model", {model: "gpt", prompt: "1"}, 404, "unknown model: gpt; one of tiny-arithmetic"],
    [
      "a model that is a path",
      {model: "../models/tiny-arithmetic", prompt: "1"},
      400,
      "invalid model: \"../models/tiny-arithmetic\"; expected letters, digits, '.', '_' and '-', at most 128"
    ],
    ["an empty prompt", {prompt: ""}, 400, 'invalid prompt: ""; expected string to have >=1 characters'],
    ["a prompt longer than the model takes", {prompt: "1".repeat(1025)}, 400, "prompt too long: 1025 tokens; the model takes at most 1024"],
    ["no steps", {prompt: "1", steps: 0}, 400, "invalid steps: 0; expected number to be >=1"],
    ["a million steps", {prompt: "1", steps: 1e6}, 400, "invalid steps: 1000000; expected number to be <=4096"],
    ["two prompts", {prompt: "1", token_ids: [1]}, 400, "invalid request: expected exactly one of prompt and token_ids"],
    ["an unknown key", {prompt: "1", step: 3}, 400, "unknown step; not among what is allowed here"],
    ["a site that is not there", {prompt: "1", sites: ["core.9.out"]}, 400, "unknown site: core.9.out; one of embed, prelude.0.out, "],
    [
      "states from a file of the server's machine",
      {prompt: "1", init_states: "/etc/passwd"},
      400,
      "unknown init_states; not among what is allowed here"
    ]
  ];
  it("refuses what cannot be meant in one line, and makes nothing", async () => {
    const {send, get, runs} = await startServer();
    for (const [what, order, status, message] of refusals) {
      const [actual, error] = await errorOf(await send("POST", "/api/captures", {model: "tiny-arithmetic", ...(order as object)}));
      expect([what, actual, error.slice(0, message.length)]).toEqual([what, status, message]);
      expect(error).not.toContain("\n");
    }
    expect(await (await get("/api/captures")).json()).toEqual({jobs: []});
    expect((await readdir(runs)).filter((name) => !name.startsWith("."))).toEqual([]);
  });

  it("refuses a body that is no JSON, that says it is none, or that is too large", async () => {
    const {get, send} = await startServer();
    const post = (type: string, body: string) => get("/api/captures", {method: "POST", headers: {"content-type": type}, body});
    expect(await errorOf(await post("application/json", "{"))).toEqual([400, expect.stringContaining("JSON")]);
    expect(await errorOf(await post("text/plain", "{}"))).toEqual([415, "invalid content type: text/plain; expected application/json"]);
    expect((await send("POST", "/api/captures", {prompt: "1".repeat(3_000_000)})).status).toBe(413);
  });

  it("tells a damaged model apart by its reason", async () => {
    const model = await copiedModel();
    await editConfig(model, {n_layers_in_coda: undefined});
    const {send, get} = await startServer({models: [join(model, "..")]});
    expect(await errorOf(await send("POST", "/api/captures", {model: "damaged", prompt: "1"}))).toEqual([
      400,
      "missing config key: n_layers_in_coda"
    ]);
    expect(modelListSchema.parse(await (await get("/api/models")).json()).models).toMatchObject([
      {name: "damaged", error: "missing config key: n_layers_in_coda"}
    ]);
  });
});
