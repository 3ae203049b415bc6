import {readFile, rm, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {
  evalCostSchema,
  evaluationDetailsSchema,
  evaluationItemsSchema,
  evaluationListSchema,
  evaluationSchema,
  evaluationSummarySchema,
  taskListSchema,
  type Evaluation
} from "../../../api/contract/contract.ts";
import {readEvents} from "../../../app/source/readEvents.ts";
import {errorOf} from "../../support/responses.ts";
import {startServer, type RunningServer} from "../../support/startServer.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const small = {model: "tiny-arithmetic", task: "arithmetic", limit: 6, steps: [1, 4, 16], exits: ["kl"], kv: ["latest-m4-compress-s2"]};
const long = {model: "tiny-arithmetic", task: "arithmetic", limit: 40, steps: [2, 512]}; // some seconds an item

async function start(server: RunningServer, request: object): Promise<Evaluation> {
  const response = await server.send("POST", "/api/evaluations", request);
  expect(response.status, await response.clone().text()).toBe(202);
  return evaluationSchema.parse(await response.json());
}

/** Follows the events of one until it is as it is wanted. */
async function until(server: RunningServer, id: string, isWanted: (evaluation: Evaluation) => boolean): Promise<Evaluation> {
  for await (const {event, data} of readEvents(await server.get(`/api/evaluations/${id}/events`))) {
    const evaluation = event === "evaluation" ? evaluationSchema.parse(data) : undefined;
    if (evaluation && isWanted(evaluation)) return evaluation;
  }
  throw new Error(`the events of ${id} ended early`);
}
const isOver = ({status}: Evaluation) => status !== "queued" && status !== "running";
const json = async (response: Response): Promise<unknown> => response.json();
async function upload(server: RunningServer, name: string, ...lines: readonly object[]): Promise<{upload: string; file: string}> {
  const body = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  const response = await server.get(`/api/uploads/u1/${name}`, {
    method: "PUT",
    headers: {"content-type": "application/octet-stream"},
    body
  });
  expect(response.status).toBe(204);
  return {upload: "u1", file: name};
}

describe("/api/evaluations", () => {
  it("lists the tasks that ship, counts what one would take, answers it, and gives it in every form", async () => {
    const server = await startServer();
    const {tasks} = taskListSchema.parse(await json(await server.get("/api/tasks")));
    expect(tasks.find(({name}) => name === "arithmetic")).toMatchObject({items: 240, families: ["sum", "running value", "parity"]});
    const cost = evalCostSchema.parse(await json(await server.send("POST", "/api/evaluations/cost", small)));
    expect(cost).toMatchObject({items: 6, settings: 5, tasks: {sum: 2, "running value": 2, parity: 2}});
    const started = await start(server, {...small, title: "six"});
    expect(started).toMatchObject({title: "six", model: "tiny-arithmetic", items: 6, owner: null, error: null});
    const {id} = started;
    expect(await until(server, id, isOver)).toMatchObject({status: "complete", finished: 6, error: null});
    const {evaluation, spec} = evaluationDetailsSchema.parse(await json(await server.get(`/api/evaluations/${id}`)));
    expect([evaluation.status, spec.settings.length, spec.model.name]).toEqual(["complete", 5, "tiny-arithmetic"]);
    const {summary, damage} = evaluationSummarySchema.parse(await json(await server.get(`/api/evaluations/${id}/summary`)));
    expect(damage).toEqual([]);
    expect(summary).toMatchObject({finished: 6, items: 6, exits: [{exit: "kl"}], caches: [{kv: "latest-m4-compress-s2"}]});
    const counted = summary.steps.reduce((sum, setting) => sum + setting.core_steps * setting.n, 0);
    expect(counted).toBeLessThanOrEqual(cost.core_steps);
    const {items} = evaluationItemsSchema.parse(await json(await server.get(`/api/evaluations/${id}/items?from=4`)));
    expect(items.map(({index}) => index)).toEqual([4, 5]);
    const document = (await json(await server.get(`/api/evaluations/${id}/export?format=json`))) as {results: unknown[]; steps: unknown};
    expect([document.results.length, document.steps]).toEqual([6, summary.steps]);
    const csv = await server.get(`/api/evaluations/${id}/export?format=csv`);
    expect(csv.headers.get("content-disposition")).toBe(`attachment; filename=${id}.csv`);
    expect((await csv.text()).split("\n")).toHaveLength(1 + 5 * 4 + 1);
    expect(await (await server.get(`/api/evaluations/${id}/export?format=items.csv`)).text()).toMatch(/^index,id,task,prompt/);
    const {evaluations, broken} = evaluationListSchema.parse(await json(await server.get("/api/evaluations")));
    expect([evaluations.map((one) => one.id), broken]).toEqual([[id], []]);
    expect(await errorOf(await server.send("POST", `/api/evaluations/${id}/resume`))).toEqual([409, `evaluation ${id} is complete`]);
  });

  it("takes an uploaded file, which may be gone afterwards", async () => {
    const server = await startServer();
    const task = await upload(server, "mine.jsonl", {prompt: "\n1+1=", answer: "2\n"}, {prompt: "\n2+1=", answer: "3\n"});
    const {id, title, items} = await start(server, {model: "tiny-arithmetic", task, steps: [2]});
    expect([title, items]).toEqual(["mine", 2]);
    await until(server, id, isOver);
    const {summary} = evaluationSummarySchema.parse(await json(await server.get(`/api/evaluations/${id}/summary`)));
    expect(summary.steps[0]).toMatchObject({accuracy: 1, tasks: {mine: {exact_match: 1}}});
    expect(await errorOf(await server.send("POST", "/api/evaluations", {model: "tiny-arithmetic", task}))).toEqual([
      400,
      "missing task file: mine.jsonl"
    ]);
  });

  it("cancels and goes on with the same results, also after the server was away", async () => {
    const folder = await temporaryFolder();
    const options = {runs: join(folder, "runs")};
    const server = await startServer(options);
    const {id} = await start(server, {...long, limit: 6});
    await until(server, id, ({finished}) => finished >= 1);
    const cancelled = evaluationSchema.parse(await json(await server.send("DELETE", `/api/evaluations/${id}`)));
    expect(cancelled.status).toBe("cancelled");
    expect(cancelled.finished).toBeLessThan(6);
    expect((await server.send("POST", `/api/evaluations/${id}/resume`)).status).toBe(202);
    await until(server, id, ({status, finished}) => status === "running" && finished > cancelled.finished);
    await server.server.close();
    const second = await startServer(options); // goes on by itself
    expect(await until(second, id, isOver)).toMatchObject({status: "complete", finished: 6});
    const whole = await start(second, {...long, limit: 6});
    await until(second, whole.id, isOver);
    const [one, other] = await Promise.all(
      [id, whole.id].map((name) => readFile(join(folder, "evaluations", name, "results.jsonl"), "utf8"))
    );
    expect(one).toBe(other);
  });

  it("cancels one that waits, and tells a folder that is gone", async () => {
    const server = await startServer();
    const first = await start(server, long);
    const second = await start(server, small);
    expect(evaluationSchema.parse(await json(await server.send("DELETE", `/api/evaluations/${second.id}`))).status).toBe("cancelled");
    const third = await start(server, small);
    await rm(join(server.runs, "..", "evaluations", third.id), {recursive: true});
    await server.send("DELETE", `/api/evaluations/${first.id}`);
    expect(await until(server, third.id, isOver)).toMatchObject({status: "failed", error: `unknown evaluation: ${third.id}`});
  });

  it("goes to the trash when it is over, and comes back with all its answers; one that runs does not", async () => {
    const server = await startServer();
    const post = (id: string, what: string) => server.send("POST", `/api/evaluations/${id}/${what}`);
    const {id} = await start(server, long);
    await until(server, id, ({status}) => status === "running");
    expect(await errorOf(await post(id, "remove"))).toEqual([409, `invalid evaluation: ${id} is running; cancel it first`]);
    await server.send("DELETE", `/api/evaluations/${id}`);
    expect((await post(id, "remove")).status).toBe(204);
    expect(await errorOf(await server.get(`/api/evaluations/${id}`))).toEqual([404, `unknown evaluation: ${id}`]);
    expect(await errorOf(await post(id, "remove"))).toEqual([404, `unknown evaluation: ${id}`]);
    expect(evaluationListSchema.parse(await json(await server.get("/api/evaluations")))).toEqual({evaluations: [], broken: []});
    expect(await json(await post(id, "restore"))).toMatchObject({id, status: "partial", items: 40});
    expect(await errorOf(await post(id, "restore"))).toEqual([404, `unknown removed evaluation: ${id}`]);
    expect(await errorOf(await post("..%2Fruns", "remove"))).toEqual([404, "unknown evaluation: ../runs"]);
  });

  it("answers again what was damaged, and says so before", async () => {
    const server = await startServer();
    const {id} = await start(server, small);
    await until(server, id, isOver);
    const path = join(server.runs, "..", "evaluations", id, "results.jsonl");
    const whole = await readFile(path, "utf8");
    await writeFile(path, whole.replace('"right":', '"righT":'));
    const {summary, damage} = evaluationSummarySchema.parse(await json(await server.get(`/api/evaluations/${id}/summary`)));
    expect([summary.finished, damage.length]).toEqual([5, 1]);
    expect((await server.send("POST", `/api/evaluations/${id}/resume`)).status).toBe(202);
    await until(server, id, isOver);
    expect(await readFile(path, "utf8")).toBe(whole);
    expect(evaluationSummarySchema.parse(await json(await server.get(`/api/evaluations/${id}/summary`)))).toMatchObject({
      summary: {finished: 6},
      damage: []
    });
  });

  it.each([
    [{task: "nope"}, 404, "unknown task: nope; one of arithmetic, arithmetic-longer, arithmetic-choices"],
    [{model: "nope"}, 404, "unknown model: nope; one of tiny-arithmetic"],
    [{steps: []}, 400, "invalid steps: "],
    [{steps: [0]}, 400, "invalid steps.0: "],
    [{exits: ["nope"]}, 400, "unknown exit rule: nope; one of"],
    [{kv: ["nope"]}, 400, "unknown cache strategy: nope; one of"],
    [{task: {upload: "..", file: "x"}}, 400, "invalid task"],
    [{owner: "me"}, 400, "owner"]
  ])("refuses %j in one line, and makes nothing", async (changed, status, message) => {
    const server = await startServer();
    for (const path of ["/api/evaluations/cost", "/api/evaluations"]) {
      const [was, error] = await errorOf(await server.send("POST", path, {...small, ...changed}));
      expect([was, error.includes(message)], error).toEqual([status, true]);
    }
    expect(await json(await server.get("/api/evaluations"))).toEqual({evaluations: [], broken: []});
  });

  it("names the line of an uploaded file that is wrong, and the item that is longer than the context", async () => {
    const server = await startServer();
    const wrong = await upload(server, "wrong.jsonl", {prompt: "1", answer: "2"}, {prompt: "1"});
    expect(await errorOf(await server.send("POST", "/api/evaluations/cost", {model: "tiny-arithmetic", task: wrong}))).toEqual([
      400,
      expect.stringMatching(/^invalid wrong\.jsonl line 2: missing answer; expected/)
    ]);
    const longer = await upload(server, "longer.jsonl", {prompt: "1", answer: "2"}, {prompt: "1".repeat(2000), answer: "2", id: "far"});
    expect(await errorOf(await server.send("POST", "/api/evaluations", {model: "tiny-arithmetic", task: longer}))).toEqual([
      400,
      "invalid item 2 (id far): prompt too long: 2000 tokens; the model takes at most 1024"
    ]);
  });

  it.each(["", "/summary", "/items", "/export?format=csv", "/events"])("GET an unknown one%s is a 404 that names it", async (path) => {
    const server = await startServer();
    expect(await errorOf(await server.get(`/api/evaluations/nothing${path}`))).toEqual([404, "unknown evaluation: nothing"]);
  });
});
