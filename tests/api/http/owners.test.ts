import {mkdir, readdir, readFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import type {Limits} from "../../../api/captures/quota.ts";
import {experimentListSchema, runListSchema} from "../../../api/contract/contract.ts";
import {operations} from "../../../api/http/operations/operations.ts";
import {exampleRun} from "../../../fixtures/makeExampleRun.ts";
import {lab, type Ask} from "../../support/lab.ts";
import {writeExperiment} from "../../support/madeExperiment.ts";
import {errorOf} from "../../support/responses.ts";

const model = "tiny-arithmetic";
const capture = {model, prompt: "1+2=", inits: 1, steps: 4};
const experiment = {model, prompts: [{prompt: "1+2="}], steps: 4, inits: 2, noise: 0, swaps: 0, scales: [], constants: []};
const generation = {model, prompt: "1+2=", max_new: 2, steps: 2};

const recipe = {task: "clock", updates: 2, rows: 2, tokens: 5, model: {width: 16, heads: 2, hidden: 16}, depths: [1, 2]};

/** What makes something: under which of the limits, and how it is asked for. */
const making: Readonly<Record<string, {readonly limit: keyof Limits; readonly ask: (ask: Ask) => Promise<Response>}>> = {
  "put /api/uploads/{upload}/{file}": {limit: "bytes", ask: (ask) => ask("PUT", "/api/uploads/u/trace.json", new Uint8Array(9))},
  "post /api/imports": {limit: "captures", ask: (ask) => ask("POST", "/api/imports", {upload: "u", file: "trace.json"})},
  "post /api/captures": {limit: "captures", ask: (ask) => ask("POST", "/api/captures", capture)},
  "post /api/generations": {limit: "captures", ask: (ask) => ask("POST", "/api/generations", generation)},
  "post /api/experiments": {limit: "experiments", ask: (ask) => ask("POST", "/api/experiments", experiment)},
  "post /api/experiments/{experiment}/resume": {limit: "experiments", ask: (ask) => ask("POST", "/api/experiments/e/resume")},
  "post /api/experiments/{experiment}/prompts/{prompt}/run": {
    limit: "captures",
    ask: (ask) => ask("POST", "/api/experiments/e/prompts/0/run")
  },
  "post /api/evaluations": {limit: "experiments", ask: (ask) => ask("POST", "/api/evaluations", {model, task: "arithmetic", limit: 1})},
  "post /api/censuses": {limit: "experiments", ask: (ask) => ask("POST", "/api/censuses", {model, prompts: ["1+2="], steps: 4})},
  "post /api/trainings": {limit: "experiments", ask: (ask) => ask("POST", "/api/trainings", {recipe})},
  "post /api/trainings/{training}/saves/{update}/run": {limit: "captures", ask: (ask) => ask("POST", "/api/trainings/t/saves/0/run")}
};

/** What changes something that is there, and is its owner's alone. */
const changing = [
  "patch /api/runs/{run}",
  "put /api/runs/{run}/notes",
  "delete /api/runs/{run}",
  "post /api/runs/{run}/restore",
  "patch /api/captures/{job}",
  "delete /api/captures/{job}",
  "delete /api/experiments/{experiment}",
  "post /api/experiments/{experiment}/resume",
  "delete /api/evaluations/{evaluation}",
  "post /api/evaluations/{evaluation}/resume",
  "post /api/evaluations/{evaluation}/remove",
  "post /api/evaluations/{evaluation}/restore",
  "post /api/experiments/{experiment}/remove",
  "post /api/experiments/{experiment}/restore",
  "post /api/censuses/{census}/cancel",
  "post /api/censuses/{census}/resume",
  "delete /api/censuses/{census}",
  "post /api/censuses/{census}/restore",
  "delete /api/trainings/{training}",
  "post /api/trainings/{training}/resume"
];

/** What comes as POST and changes nothing. */
const reading = [
  "post /api/models/{model}/tokens",
  "post /api/models/{model}/words",
  "post /api/evaluations/cost",
  "post /api/censuses/cost"
];

it("every operation that is no GET is known to make something under a limit, to change what is somebody's, or to be a question", () => {
  const told = [...Object.keys(making), ...changing, ...reading];
  const others = operations.filter(({method}) => method !== "get").map(({method, path}) => `${method} ${path}`);
  expect(others.filter((operation) => !told.includes(operation))).toEqual([]);
});

describe("a limit of one person", () => {
  it.each(Object.keys(making).filter((operation) => !/\{(experiment|training)\}/.test(operation)))("holds for %s", async (operation) => {
    const {limit, ask} = making[operation];
    const {kim, lee} = await lab({[limit]: 0});
    await kim("PUT", "/api/uploads/u/trace.json", new Uint8Array(9));
    const [status, error] = await errorOf(await ask(kim));
    if (limit === "bytes") expect([status, error]).toEqual([507, "too little disk: kim's runs leave room for 0 bytes more"]);
    else expect([status, error]).toEqual([429, `too many ${limit}: 0 of kim's run or wait; at most 0`]);
    expect((await (await lee("GET", "/api/captures")).json()) as unknown).toEqual({jobs: []});
  });

  it("holds for a hundred that come at once", async () => {
    const {kim, lee} = await lab({captures: 3});
    const long = {...capture, steps: 4096, inits: 64};
    const statuses = await Promise.all(Array.from({length: 20}, async () => (await kim("POST", "/api/captures", long)).status));
    expect(statuses.filter((status) => status === 202)).toHaveLength(3);
    expect((await lee("POST", "/api/captures", capture)).status).toBe(202);
  });

  it("on the disk holds for several uploads at once, and what an import would make", async () => {
    const {server, kim, lee} = await lab({bytes: 3000});
    const statuses = await Promise.all(
      ["a", "b", "c", "d"].map(async (name) => (await kim("PUT", `/api/uploads/${name}/x.npy`, new Uint8Array(1000))).status)
    );
    expect(statuses.filter((status) => status === 204).length).toBeLessThanOrEqual(3);
    expect(statuses).toContain(507);
    for (const file of ["trace.json", "states.safetensors"])
      await lee("PUT", `/api/uploads/t/${file}`, new Uint8Array(await readFile(join(exampleRun, file))));
    expect(await readdir(join(server.runs, ".uploads", "lee", "t")).catch(() => [])).not.toContain("states.safetensors");
    expect((await errorOf(await kim("POST", "/api/captures", {...capture, steps: 400})))[0]).toBe(507);
    expect((await errorOf(await kim("POST", "/api/experiments", {...experiment, keep: [0], steps: 400})))[0]).toBe(507);
    expect((await errorOf(await kim("POST", "/api/generations", {...generation, max_new: 60})))[0]).toBe(507);
  });

  it("on analyses holds for those that wait; others have their turn all the same", async () => {
    const {server, kim, lee} = await lab({analyses: 2});
    await mkdir(server.runs, {recursive: true});
    const job = (await (await kim("POST", "/api/captures", {...capture, steps: 64, inits: 8})).json()) as {run: string};
    await expect.poll(async () => (await lee("GET", `/api/runs/${job.run}`)).status).toBe(200);
    const asked = Array.from({length: 6}, (_, seed) => kim("GET", `/api/runs/${job.run}/projection?method=umap&dims=2&seed=${seed}`));
    const label = await lee("GET", `/api/runs/${job.run}/metrics`);
    expect(label.status).toBe(200);
    const statuses = (await Promise.all(asked)).map(({status}) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(2);
    expect(statuses.filter((status) => status === 429)).toHaveLength(4);
  });
});

describe("what somebody made", () => {
  it("is theirs: imports, experiments, generations and runs of prompts say whose they are", async () => {
    const {kim, lee} = await lab();
    for (const file of ["trace.json", "states.safetensors", "readout.safetensors"])
      await kim("PUT", `/api/uploads/u/${file}`, new Uint8Array(await readFile(join(exampleRun, file))));
    expect((await errorOf(await lee("POST", "/api/imports", {upload: "u"})))[0]).toBe(404); // another's upload is not there
    expect((await kim("POST", "/api/imports", {upload: "u"})).status).toBe(201);
    expect(await (await kim("POST", "/api/generations", generation)).text()).toContain("event: end");
    const {id, owner} = (await (await kim("POST", "/api/experiments", {...experiment, keep: [0]})).json()) as {id: string; owner: string};
    expect(owner).toBe("kim");
    await expect
      .poll(async () => ((await (await lee("GET", `/api/experiments/${id}`)).json()) as {experiment: {status: string}}).experiment.status)
      .toBe("complete");
    const {experiments} = experimentListSchema.parse(await (await lee("GET", "/api/experiments")).json());
    expect(experiments.map((one) => [one.id, one.owner])).toEqual([[id, "kim"]]);
    expect((await lee("POST", `/api/experiments/${id}/prompts/0/run`)).status).toBe(200);
    const {runs} = runListSchema.parse(await (await lee("GET", "/api/runs")).json());
    expect(runs.map((run) => run.owner).sort()).toEqual(["kim", "kim", "lee"]); // the prompt's run is whose who opened it
  });

  it("is changed by nobody else: experiments, too", async () => {
    const {server, kim, lee} = await lab();
    await writeExperiment(join(server.runs, "..", "experiments", "e"), 3, {owner: "kim"});
    for (const [method, address] of [
      ["DELETE", "/api/experiments/e"],
      ["POST", "/api/experiments/e/resume"]
    ])
      expect(await errorOf(await lee(method, address))).toEqual([403, "invalid experiment: e is kim's"]);
    expect((await kim("DELETE", "/api/experiments/e")).status).toBe(200);
  });
});
