import {cp, mkdir, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {
  nameSchema,
  recipeListSchema,
  trainingDetailsSchema,
  trainingListSchema,
  trainingLogSchema,
  trainingProbesSchema,
  trainingSchema,
  type Training
} from "../../../api/contract/contract.ts";
import {readEvents} from "../../../app/source/readEvents.ts";
import {STATE_FILE} from "../../../capture/train/trainingState.ts";
import {spoilTensor} from "../../support/spoilTensor.ts";
import {startServer, type RunningServer} from "../../support/startServer.ts";

const toy = {
  task: "clock",
  updates: 4,
  rows: 2,
  tokens: 5,
  model: {width: 16, heads: 2, hidden: 16},
  depth: {kind: "uniform", most: 1, through: 2},
  measure_every: 2,
  save_every: 2,
  depths: [1, 2],
  probe: "ab23"
};
const long = {...toy, updates: 1_000_000, save_every: 5};

async function start(server: RunningServer, recipe: object): Promise<Training> {
  const response = await server.send("POST", "/api/trainings", {title: "A toy", recipe});
  expect(response.status, await response.clone().text()).toBe(202);
  return trainingSchema.parse(await response.json());
}

/** Follows the events of one until it is as it is wanted. */
async function until(server: RunningServer, id: string, isWanted: (training: Training) => boolean): Promise<Training> {
  for await (const {event, data} of readEvents(await server.get(`/api/trainings/${id}/events`))) {
    const training = event === "training" ? trainingSchema.parse(data) : undefined;
    if (training && isWanted(training)) return training;
  }
  throw new Error(`the events of ${id} ended early`);
}
const isOver = ({status}: Training) => status !== "queued" && status !== "running";
const json = async (server: RunningServer, path: string): Promise<unknown> => (await server.get(path)).json();

describe("/api/trainings", () => {
  it("trains what a recipe asks for, and tells its log and the probe's trajectories at every save", async () => {
    const server = await startServer();
    const {id, title, updates} = await start(server, toy);
    expect({title, updates}).toEqual({title: "A toy", updates: 4});
    expect(await until(server, id, isOver)).toMatchObject({status: "complete", finished: 4, error: null});
    const details = trainingDetailsSchema.parse(await json(server, `/api/trainings/${id}`));
    expect(details.saves).toEqual([0, 2, 4]);
    expect(details.recipe).toMatchObject(toy);
    const {lines} = trainingLogSchema.parse(await json(server, `/api/trainings/${id}/log?after=2`));
    expect(lines.map(({update}) => update)).toEqual([3, 4]);
    expect(lines[1].measured?.accuracy).toHaveProperty("2");
    const probes = trainingProbesSchema.parse(await json(server, `/api/trainings/${id}/probes`));
    expect(probes.tokens).toEqual(["a", "b", "2", "3"]);
    expect(probes.saves.map(({update, points}) => [update, points.length])).toEqual([0, 2, 4].map((update) => [update, 65 * 4 * 2]));
    expect(probes.explained[0]).toBeGreaterThan(0);
    expect(trainingListSchema.parse(await json(server, "/api/trainings")).trainings.map((one) => one.id)).toEqual([id]);
    const opened = await server.send("POST", `/api/trainings/${id}/saves/2/run`);
    expect([opened.status, await opened.json()]).toEqual([200, {run: `${id}-u2`}]);
    expect(await json(server, `/api/runs/${id}-u2`)).toMatchObject({trace: {title: "ab23 after 2 updates", steps: 64}});
    expect(await json(server, "/api/models")).toMatchObject({
      models: expect.arrayContaining([expect.objectContaining({name: id, error: null})])
    });
    for (const update of ["3", "-1", "2e0", "..%2f2"]) {
      const missing = await server.send("POST", `/api/trainings/${id}/saves/${update}/run`);
      expect([update, missing.status]).toEqual([update, 404]);
      expect(((await missing.json()) as {error: string}).error).toMatch(/^unknown save: .*; one of 0, 2, 4$/);
    }
    const report = await server.get(`/api/trainings/${id}/report?beside=${id}`);
    expect([report.status, report.headers.get("content-disposition")]).toEqual([200, `attachment; filename=${id}.html`]);
    expect(await report.text()).toContain(`${id} is the control`);
    expect((await server.get(`/api/trainings/${id}/report?beside=nothing`)).status).toBe(404);
    expect(recipeListSchema.parse(await json(server, "/api/recipes")).recipes.map(({name}) => name)).toContain("clock");
    const again = await server.send("POST", `/api/trainings/${id}/resume`, {});
    expect([again.status, await again.json()]).toEqual([409, expect.objectContaining({error: `training ${id} is complete`})]);
  });

  it("cancels what runs, keeps what was saved, and goes on with it", async () => {
    const server = await startServer();
    const {id} = await start(server, long);
    await until(server, id, ({finished}) => finished >= 6);
    const cancelled = trainingSchema.parse(await (await server.send("DELETE", `/api/trainings/${id}`)).json());
    expect(cancelled.status).toBe("cancelled");
    const {saves} = trainingDetailsSchema.parse(await json(server, `/api/trainings/${id}`));
    expect(saves).toEqual(expect.arrayContaining([0, 5]));
    expect((await server.send("POST", `/api/trainings/${id}/resume`, {})).status).toBe(202);
    const further = await until(server, id, ({finished}) => finished > cancelled.finished);
    expect(further.status).toBe("running");
    await server.send("DELETE", `/api/trainings/${id}`);
  });

  it("keeps why one failed over a restart, until it goes on", async () => {
    const server = await startServer();
    const {id} = await start(server, long);
    await until(server, id, ({finished}) => finished >= 5);
    await server.send("DELETE", `/api/trainings/${id}`);
    const state = join(server.runs, "..", "trainings", id, STATE_FILE);
    const sound = await readFile(state);
    await spoilTensor(state, "value.adapter");
    await server.send("POST", `/api/trainings/${id}/resume`, {});
    const failed = await until(server, id, isOver);
    expect(failed).toMatchObject({status: "failed", error: expect.stringMatching(/^the loss is NaN at update \d+: the run is stopped/)});
    await server.server.close();
    const next = await startServer({runs: server.runs});
    const {training} = trainingDetailsSchema.parse(await json(next, `/api/trainings/${id}`));
    const {status, error, finished} = training;
    expect({status, error}).toEqual({status: "failed", error: failed.error});
    await writeFile(state, sound);
    await next.send("POST", `/api/trainings/${id}/resume`, {});
    expect(await until(next, id, (training) => training.finished > finished)).toMatchObject({status: "running", error: null});
  });

  it("gives two trainings whose long names begin alike a run each", async () => {
    const server = await startServer();
    const made = await start(server, {...toy, updates: 2});
    await until(server, made.id, isOver);
    const trainings = join(server.runs, "..", "trainings");
    const runs = await Promise.all(
      ["a", "b"].map(async (end) => {
        const id = `${"x".repeat(127)}${end}`;
        await cp(join(trainings, made.id), join(trainings, id), {recursive: true});
        const opened = await server.send("POST", `/api/trainings/${id}/saves/2/run`);
        return nameSchema.parse(((await opened.json()) as {run: string}).run);
      })
    );
    expect(new Set(runs).size).toBe(2);
    for (const run of runs) expect((await server.get(`/api/runs/${run}`)).status).toBe(200);
  });

  it.each([
    [{...toy, epochs: 3}, "unknown recipe.epochs; not among what is allowed here"],
    [{...toy, model: {width: 15, heads: 2}}, "invalid recipe.model.width: 15; expected a multiple of twice the heads"],
    [{...toy, updates: 0}, "invalid recipe.updates: 0"]
  ])("refuses %j before the first step", async (recipe, words) => {
    const server = await startServer();
    const response = await server.send("POST", "/api/trainings", {recipe});
    expect(response.status).toBe(400);
    expect(((await response.json()) as {error: string}).error).toContain(words);
    expect(trainingListSchema.parse(await json(server, "/api/trainings")).trainings).toEqual([]);
  });

  it("names a training that is not there, and lists a folder that is none", async () => {
    const server = await startServer();
    const response = await server.get("/api/trainings/nothing");
    expect([response.status, await response.json()]).toEqual([404, expect.objectContaining({error: "unknown training: nothing"})]);
    const folder = join(server.runs, "..", "trainings", "broken");
    await mkdir(folder, {recursive: true});
    await writeFile(join(folder, "recipe.json"), "{");
    expect(trainingListSchema.parse(await json(server, "/api/trainings")).broken.map(({id}) => id)).toEqual(["broken"]);
  });
});
