import {mkdir, readdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {experimentDetailsSchema, experimentListSchema, experimentResultsSchema, experimentSchema, type Experiment} from "../../../api/contract.ts";
import {startServer, type RunningServer} from "../../support/startServer.ts";

const small = {model: "tiny-arithmetic", steps: 12, inits: 3, noise: 1, swaps: 1, scales: [0], resamples: 100, prompts: [{prompt: "\n48+37=", answer: "85\n"}, {prompt: "\n2+3="}]};

async function start(server: RunningServer, changed: Record<string, unknown> = {}): Promise<Experiment> {
  const response = await server.send("POST", "/api/experiments", {...small, ...changed});
  expect(response.status, await response.clone().text()).toBe(202);
  return experimentSchema.parse(await response.json());
}

async function* events(response: Response): AsyncGenerator<Experiment, void, undefined> {
  let text = "";
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const parts = text.split("\n\n");
    text = parts.pop()!;
    for (const part of parts) if (part.startsWith("event: experiment\ndata: ")) yield experimentSchema.parse(JSON.parse(part.slice("event: experiment\ndata: ".length)));
  }
}

async function until(server: RunningServer, id: string, isWanted: (experiment: Experiment) => boolean): Promise<Experiment> {
  for await (const experiment of events(await server.get(`/api/experiments/${id}/events`))) if (isWanted(experiment)) return experiment;
  throw new Error(`the events of ${id} ended early`);
}
const isOver = ({status}: Experiment) => status !== "queued" && status !== "running";
const errorOf = async (response: Response): Promise<[number, string]> => [response.status, ((await response.json()) as {error: string}).error];

describe("/api/experiments", () => {
  it("runs an experiment, tells how far it is, and answers with its results and summary", async () => {
    const server = await startServer();
    const started = await start(server, {title: "two sums"});
    expect(started).toMatchObject({title: "two sums", model: "tiny-arithmetic", prompts: 2, finished: 0, steps: 12, inits: 3, error: null});
    expect(await until(server, started.id, isOver)).toMatchObject({status: "complete", finished: 2, error: null});
    const {experiment, spec, summary} = experimentDetailsSchema.parse(await (await server.get(`/api/experiments/${started.id}`)).json());
    expect(experiment.status).toBe("complete");
    expect(spec).toMatchObject({title: "two sums", steps: 12, scales: [0], model: {name: "tiny-arithmetic"}});
    expect(summary).toMatchObject({prompts: 2});
    const {prompts} = experimentResultsSchema.parse(await (await server.get(`/api/experiments/${started.id}/results?from=1`)).json());
    expect(prompts.map(({index, prompt}) => [index, prompt])).toEqual([[1, "\n2+3="]]);
    const {experiments, broken} = experimentListSchema.parse(await (await server.get("/api/experiments")).json());
    expect([experiments.map(({id}) => id), broken]).toEqual([[started.id], []]);
    expect(await errorOf(await server.send("POST", `/api/experiments/${started.id}/resume`))).toEqual([409, `experiment ${started.id} is complete`]);
  });

  it("cancels what runs and what waits, keeps what is finished, and goes on when asked", async () => {
    const server = await startServer();
    const prompts = Array.from({length: 8}, (_, i) => ({prompt: `\n${i}+1=`}));
    const running = await start(server, {prompts, steps: 200});
    const waiting = await start(server);
    await until(server, running.id, ({finished}) => finished >= 1);
    expect(experimentSchema.parse(await (await server.send("DELETE", `/api/experiments/${waiting.id}`)).json()).status).toBe("cancelled");
    const cancelled = experimentSchema.parse(await (await server.send("DELETE", `/api/experiments/${running.id}`)).json());
    expect(cancelled.status).toBe("cancelled");
    expect(cancelled.finished).toBeGreaterThanOrEqual(1);
    const resumed = await server.send("POST", `/api/experiments/${running.id}/resume`);
    expect(resumed.status).toBe(202);
    expect(await until(server, running.id, isOver)).toMatchObject({status: "complete", finished: 8});
    expect(experimentDetailsSchema.parse(await (await server.get(`/api/experiments/${waiting.id}`)).json())).toMatchObject({experiment: {status: "cancelled"}, spec: null, summary: null});
  });

  it("refuses what cannot be run, in one line, and makes no folder", async () => {
    const server = await startServer();
    const refusal = async (changed: Record<string, unknown>) => errorOf(await server.send("POST", "/api/experiments", {...small, ...changed}));
    expect(await refusal({model: "nobody"})).toEqual([404, expect.stringMatching(/^unknown model: nobody; one of .*tiny-arithmetic/)]);
    expect(await refusal({prompts: [{prompt: "1".repeat(3000)}]})).toEqual([400, "invalid prompt 1: prompt too long: 3000 tokens; the model takes at most 1024"]);
    expect(await refusal({prompts: []})).toEqual([400, expect.stringMatching(/^invalid prompts: \[\]; /)]);
    expect(await refusal({inits: 1})).toEqual([400, expect.stringMatching(/^invalid inits: 1; /)]);
    expect(await refusal({keep: [2]})).toEqual([400, "invalid keep: 2; expected 0 to 1"]);
    expect(await refusal({colour: "red"})).toEqual([400, "unknown colour; not among what is allowed here"]);
    await expect(readdir(join(server.runs, "..", "experiments"))).rejects.toThrow("ENOENT");
  });

  it("answers 404 for names that are none, and lists broken folders with the reason", async () => {
    const server = await startServer();
    expect(await errorOf(await server.get("/api/experiments/nope"))).toEqual([404, "unknown experiment: nope"]);
    expect((await server.get("/api/experiments/..%2Fruns")).status).toBe(404);
    const broken = join(server.runs, "..", "experiments", "broken");
    await mkdir(broken, {recursive: true});
    await writeFile(join(broken, "spec.json"), "{");
    const list = experimentListSchema.parse(await (await server.get("/api/experiments")).json());
    expect(list).toMatchObject({experiments: [], broken: [{id: "broken", error: expect.stringContaining("spec.json: not JSON")}]});
  });
});
