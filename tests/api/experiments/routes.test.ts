import {cp, mkdir, readdir, readFile, rm, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {describe, expect, it} from "vitest";
import {
  experimentDetailsSchema,
  experimentListSchema,
  experimentOverviewSchema,
  experimentResultsSchema,
  experimentSchema,
  promptRowsSchema,
  promptRunSchema,
  runSchema,
  type Experiment
} from "../../../api/contract/contract.ts";
import {readEvents} from "../../../app/source/readEvents.ts";
import {openTrace} from "../../../capture/trace/reader.ts";
import {errorOf} from "../../support/responses.ts";
import {startServer, type RunningServer} from "../../support/startServer.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const fixtures = fileURLToPath(new URL("../../../fixtures", import.meta.url));

const small = {
  model: "tiny-arithmetic",
  steps: 12,
  inits: 3,
  noise: 1,
  swaps: 1,
  scales: [0],
  resamples: 100,
  prompts: [{prompt: "\n48+37=", answer: "85\n"}, {prompt: "\n2+3="}]
};

async function start(server: RunningServer, changed: Record<string, unknown> = {}): Promise<Experiment> {
  const response = await server.send("POST", "/api/experiments", {...small, ...changed});
  expect(response.status, await response.clone().text()).toBe(202);
  return experimentSchema.parse(await response.json());
}

async function* events(response: Response): AsyncGenerator<Experiment, void, undefined> {
  for await (const {event, data} of readEvents(response)) if (event === "experiment") yield experimentSchema.parse(data);
}

async function until(server: RunningServer, id: string, isWanted: (experiment: Experiment) => boolean): Promise<Experiment> {
  for await (const experiment of events(await server.get(`/api/experiments/${id}/events`))) if (isWanted(experiment)) return experiment;
  throw new Error(`the events of ${id} ended early`);
}
const isOver = ({status}: Experiment) => status !== "queued" && status !== "running";

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
    expect(await errorOf(await server.send("POST", `/api/experiments/${started.id}/resume`))).toEqual([
      409,
      `experiment ${started.id} is complete`
    ]);
  });

  it("tells the finished prompts together and line by line, and one of them whole", async () => {
    const server = await startServer();
    const {id} = await start(server);
    await until(server, id, isOver);
    const overview = experimentOverviewSchema.parse(await (await server.get(`/api/experiments/${id}/overview`)).json());
    expect(overview).toMatchObject({finished: 2, several: [], several_count: 0});
    expect([overview.gap.median.length, overview.agreement.median.length, overview.all_agree.at(-1)]).toEqual([13, 13, 1]);
    expect(overview.sentences[0]).toMatch(/^tiny-arithmetic: 2 prompts, 14 tokens, 3 random starts, 12 steps, seed 0\.$/);
    const {prompts: rows} = promptRowsSchema.parse(await (await server.get(`/api/experiments/${id}/prompts?from=0&count=1`)).json());
    expect(rows).toMatchObject([{index: 0, prompt: "\n48+37=", answer: "85\n", said: "85\n", said_share: 1, correct: 3}]);
    expect(promptRowsSchema.parse(await (await server.get(`/api/experiments/${id}/prompts?from=2`)).json()).prompts).toEqual([]);
  });

  it("gives a prompt's trajectories as a run: as they were kept, or captured again, the same states", async () => {
    const server = await startServer();
    const {id} = await start(server, {keep: [1], title: "kept"});
    await until(server, id, isOver);
    const open = async (index: number) =>
      promptRunSchema.parse(await (await server.send("POST", `/api/experiments/${id}/prompts/${index}/run`)).json());
    const kept = await open(1);
    expect(kept.job).toBeNull();
    expect(runSchema.parse(await (await server.get(`/api/runs/${kept.run}`)).json()).summary).toMatchObject({
      status: "complete",
      steps_written: 12,
      inits: 3,
      example: false
    });
    const captured = await open(0);
    expect(captured.job).toMatchObject({run: captured.run, request: {steps: 12, inits: 3}});
    await server.until(captured.job!, ({position}) => position === null);
    const {summary, trace} = runSchema.parse(await (await server.get(`/api/runs/${captured.run}`)).json());
    expect(summary.status).toBe("complete");
    expect(trace.tokens.map(({text}) => text).join("")).toBe("\n48+37=85"); // the right answer is part of what ran
    const {
      prompts: [result]
    } = experimentResultsSchema.parse(await (await server.get(`/api/experiments/${id}/results?count=1`)).json());
    const reader = await openTrace(join(server.runs, captured.run));
    const {data, width} = await reader.readSite("state", {steps: [0, 0], tokens: [3]});
    await reader.close();
    const init = (k: number) => data.subarray(k * width, (k + 1) * width);
    const gap = (a: Float32Array, b: Float32Array) =>
      Math.sqrt(a.reduce((sum, x, i) => sum + (x - b[i]) ** 2, 0) / a.reduce((sum, x, i) => sum + (x * x + b[i] * b[i]) / 2, 0));
    expect(Math.max(gap(init(0), init(1)), gap(init(0), init(2)), gap(init(1), init(2)))).toBeCloseTo(result.tokens[3].gap_largest[0]!, 3);
    expect(await open(0)).toEqual({run: captured.run, job: null}); // made once
    expect(await errorOf(await server.send("POST", `/api/experiments/${id}/prompts/2/run`))).toEqual([
      404,
      "unknown prompt: 2; expected 0 to 1"
    ]);
    expect(await errorOf(await server.send("POST", `/api/experiments/${id}/prompts/x/run`))).toEqual([
      404,
      "unknown prompt: x; expected 0 to 1"
    ]);
  });

  it("refuses to capture again, and to go on, with another model of the same name, and says both", async () => {
    const models = await temporaryFolder();
    await cp(join(fixtures, "models", "tiny-arithmetic"), join(models, "tiny-arithmetic"), {recursive: true});
    const server = await startServer({models: [models]});
    const {id} = await start(server);
    await until(server, id, isOver);
    await rm(join(server.runs, "..", "experiments", id, "summary.json")); // as if it had been interrupted
    const config = join(models, "tiny-arithmetic", "config.json");
    await writeFile(config, `${await readFile(config, "utf8")} \n`);
    for (const path of ["prompts/0/run", "resume"]) {
      const [status, error] = await errorOf(await server.send("POST", `/api/experiments/${id}/${path}`));
      expect(status).toBe(409);
      expect(error).toMatch(
        /^invalid model: the experiment was made with tiny-arithmetic \([0-9a-f]{12}\); here is tiny-arithmetic \([0-9a-f]{12}\)$/
      );
    }
  });

  it("tells of a process that was killed, keeps what it finished, and goes on", async () => {
    const server = await startServer();
    const {id} = await start(server, {prompts: Array.from({length: 8}, (_, i) => ({prompt: `\n${i}+1=`})), steps: 200});
    await until(server, id, ({finished}) => finished >= 1);
    const {pid} = JSON.parse(await readFile(join(server.runs, "..", "experiments", id, "writer.json"), "utf8")) as {pid: number};
    process.kill(pid, "SIGKILL");
    const killed = await until(server, id, isOver);
    expect(killed).toMatchObject({status: "failed", error: "the experiment's process ended with SIGKILL; finished prompts are kept"});
    expect((await server.send("POST", `/api/experiments/${id}/resume`)).status).toBe(202);
    const told: number[] = [];
    await until(server, id, (experiment) => {
      told.push(experiment.finished);
      return isOver(experiment);
    });
    expect(Math.min(...told)).toBeGreaterThanOrEqual(killed.finished); // none is run again
    expect(told.at(-1)).toBe(8);
  });

  it("are told in the one stream of the page, those that are known at once", async () => {
    const server = await startServer();
    const {id} = await start(server);
    await until(server, id, isOver);
    for await (const experiment of events(await server.get("/api/events"))) {
      expect(experiment).toMatchObject({id, status: "complete", finished: 2});
      break;
    }
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
    expect(experimentDetailsSchema.parse(await (await server.get(`/api/experiments/${waiting.id}`)).json())).toMatchObject({
      experiment: {status: "cancelled"},
      spec: null,
      summary: null
    });
  });

  it("refuses what cannot be run, in one line, and makes no folder", async () => {
    const server = await startServer();
    const refusal = async (changed: Record<string, unknown>) =>
      errorOf(await server.send("POST", "/api/experiments", {...small, ...changed}));
    expect(await refusal({model: "nobody"})).toEqual([404, expect.stringMatching(/^unknown model: nobody; one of .*tiny-arithmetic/)]);
    expect(await refusal({prompts: [{prompt: "1".repeat(3000)}]})).toEqual([
      400,
      "invalid prompt 1: prompt too long: 3000 tokens; the model takes at most 1024"
    ]);
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
    expect(await errorOf(await server.get("/api/experiments/nope/overview"))).toEqual([404, "unknown experiment: nope"]);
    const broken = join(server.runs, "..", "experiments", "broken");
    await mkdir(broken, {recursive: true});
    await writeFile(join(broken, "spec.json"), "{");
    const list = experimentListSchema.parse(await (await server.get("/api/experiments")).json());
    expect(list).toMatchObject({experiments: [], broken: [{id: "broken", error: expect.stringContaining("spec.json: not JSON")}]});
  });
});
