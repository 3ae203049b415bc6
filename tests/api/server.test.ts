import {cp, mkdir, readdir, readFile, writeFile} from "node:fs/promises";
import {request as httpRequest} from "node:http";
import {join} from "node:path";
import {pino} from "pino";
import {describe, expect, it, onTestFinished} from "vitest";
import {modelListSchema, patternsSchema, runListSchema, runSchema, spectrumSchema, type Job} from "../../api/contract.ts";
import {operations} from "../../api/openapi.ts";
import {createServer} from "../../api/server.ts";
import {openTrace, readTrace} from "../../capture/trace/reader.ts";
import {parseHeader} from "../../capture/trace/safetensors.ts";
import {exampleRun} from "../../fixtures/makeExampleRun.ts";
import {copiedModel, editConfig} from "../support/shippedModel.ts";
import {isOver, jobEvents, startServer} from "../support/startServer.ts";
import {temporaryFolder} from "../support/temporaryFolder.ts";

const LONG = 4096; // steps: some ten seconds, which no test waits for
const examples = join(exampleRun, "..");

const errorOf = async (response: Response): Promise<[number, string]> => [response.status, ((await response.json()) as {error: string}).error];

async function tensorsOf(response: Response): Promise<ReturnType<typeof parseHeader>> {
  expect(response.status).toBe(200);
  return parseHeader(new Uint8Array(await response.arrayBuffer()));
}

/** A request as no browser sends it: any header, and a path that is left as it is. */
function rawStatus(url: string, path: string, headers: Record<string, string>): Promise<[number, string]> {
  const {hostname, port} = new URL(url);
  return new Promise((resolve, reject) => {
    httpRequest({hostname, port, path, headers}, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString())).on("end", () => resolve([response.statusCode!, text]));
    }).on("error", reject).end();
  });
}

describe("POST /api/captures", () => {
  it("captures a run that can be read, from the prompt to the projection", async () => {
    const {capture, until, get, runs} = await startServer();
    const asked = await capture({prompt: "\n48+37=", steps: 8, inits: 2, title: "a sum"});
    expect(asked).toMatchObject({title: "a sum", model: "tiny-arithmetic", steps: 8, error: null, request: {prompt: "\n48+37=", seed: 0}});
    expect(await until(asked, isOver)).toMatchObject({status: "complete", step: 8, position: null, error: null});
    const {summary, trace, sites, constants} = runSchema.parse(await (await get(`/api/runs/${asked.run}`)).json());
    expect(summary).toMatchObject({id: asked.run, title: "a sum", status: "complete", live: false, example: false, steps_written: 8, inits: 2, tokens: 7, width: 96});
    expect(trace).toEqual(await readTrace(join(runs, asked.run)));
    expect([sites, constants]).toEqual([["state", "state_normed"], ["ln_f", "input"]]);

    const metrics = await tensorsOf(await get(`/api/runs/${asked.run}/metrics?site=state_normed`));
    expect([...metrics.tensors].map(([name, {shape}]) => [name, shape])).toEqual(["step_norm", "step_cosine", "distance"].map((name) => [name, [9, 2, 7]]));
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
    expect(await errorOf(await send("PATCH", `/api/captures/${first.id}`, {position: 1}))).toEqual([409, expect.stringMatching(/^invalid move: capture .* is (loading|running); expected one that is queued$/)]);
    const [, secondEnd, thirdEnd] = await Promise.all([send("DELETE", `/api/captures/${first.id}`), until(second, isOver), until(third, isOver)]);
    expect([secondEnd.status, thirdEnd.status]).toEqual(["complete", "complete"]);
    const created = async (run: string) => ((await (await get(`/api/runs/${run}`)).json()) as {trace: {created: string}}).trace.created;
    expect(await created(third.run) < await created(second.run)).toBe(true);
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
    expect(await errorOf(await send("DELETE", `/api/runs/${job.run}`))).toEqual([409, `invalid run: ${job.run} is being captured; cancel it first`]);
  });

  it("a capture that is cancelled leaves a partial run that says so", async () => {
    const {capture, until, send, get} = await startServer();
    const job = await capture({steps: LONG});
    await until(job, ({step}) => step >= 3);
    expect(await (await send("DELETE", `/api/captures/${job.id}`)).json()).toMatchObject({status: "cancelled", position: null});
    const {summary} = runSchema.parse(await (await get(`/api/runs/${job.run}`)).json());
    expect(summary).toMatchObject({status: "partial", stopped: "cancelled", live: false});
    expect((await tensorsOf(await get(`/api/runs/${job.run}/readout`))).tensors.get("entropy")!.shape).toEqual([summary.steps_written + 1, 1, 4]);
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
    expect(end).toMatchObject({status: "failed", error: expect.stringMatching(/^the capture service ended with SIGKILL; steps 0 to \d+ are kept$/)});
    const {summary} = runSchema.parse(await (await get(`/api/runs/${victim.run}`)).json());
    expect(summary).toMatchObject({status: "partial", stopped: "killed", live: false, steps_written: end.step});
    expect(await until(next, isOver)).toMatchObject({status: "complete"});
  });

  const refusals: readonly [string, unknown, number, string][] = [
    ["an unknown model", {model: "gpt", prompt: "1"}, 404, "unknown model: gpt; one of tiny-arithmetic"],
    ["a model that is a path", {model: "../models/tiny-arithmetic", prompt: "1"}, 400, 'invalid model: "../models/tiny-arithmetic"; expected letters, digits, \'.\', \'_\' and \'-\', at most 128'],
    ["an empty prompt", {prompt: ""}, 400, 'invalid prompt: ""; expected string to have >=1 characters'],
    ["a prompt longer than the model takes", {prompt: "1".repeat(1025)}, 400, "prompt too long: 1025 tokens; the model takes at most 1024"],
    ["no steps", {prompt: "1", steps: 0}, 400, "invalid steps: 0; expected number to be >=1"],
    ["a million steps", {prompt: "1", steps: 1e6}, 400, "invalid steps: 1000000; expected number to be <=4096"],
    ["two prompts", {prompt: "1", token_ids: [1]}, 400, "invalid request: expected exactly one of prompt and token_ids"],
    ["an unknown key", {prompt: "1", step: 3}, 400, "unknown step; not among what is allowed here"],
    ["a site that is not there", {prompt: "1", sites: ["core.9.out"]}, 400, "unknown site: core.9.out; one of embed, prelude.0.out, "],
    ["states from a file of the server's machine", {prompt: "1", init_states: "/etc/passwd"}, 400, "unknown init_states; not among what is allowed here"]
  ];
  it("refuses what cannot be meant in one line, and makes nothing", async () => {
    const {send, get, runs} = await startServer();
    for (const [what, order, status, message] of refusals) {
      const [actual, error] = await errorOf(await send("POST", "/api/captures", {model: "tiny-arithmetic", ...order as object}));
      expect([what, actual, error.slice(0, message.length)]).toEqual([what, status, message]);
      expect(error).not.toContain("\n");
    }
    expect(await (await get("/api/captures")).json()).toEqual({jobs: []});
    await expect(readdir(runs)).rejects.toThrow("ENOENT");
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
    expect(await errorOf(await send("POST", "/api/captures", {model: "damaged", prompt: "1"}))).toEqual([400, "missing config key: n_layers_in_coda"]);
    expect(modelListSchema.parse(await (await get("/api/models")).json()).models).toMatchObject([{name: "damaged", error: "missing config key: n_layers_in_coda"}]);
  });
});

describe("GET /api/runs", () => {
  it("lists runs newest first and examples last, and names folders that hold no readable trace", async () => {
    const {get, capture, until, runs} = await startServer({examples});
    const older = await until(await capture({steps: 1}), isOver);
    const newer = await until(await capture({steps: 1}), isOver);
    await mkdir(join(runs, "broken"));
    await writeFile(join(runs, "broken", "trace.json"), "{}");
    const list = runListSchema.parse(await (await get("/api/runs")).json());
    expect(list.runs.map(({id, example}) => [id, example])).toEqual([[newer.run, false], [older.run, false], ["sum-and-parity", true]]);
    expect(list.broken).toEqual([{id: "broken", error: expect.stringMatching(/^not a trace: .*trace\.json: schema: /)}]);
  });

  it.each(["..", "../../etc", "%2e%2e", "..%2f..%2fetc%2fpasswd", ".trash", "a/b", "a%00b"])("knows no run named %s", async (name) => {
    const {url} = await startServer({examples});
    const [status, text] = await rawStatus(url, `/api/runs/${name}/states`, {});
    expect(status).toBe(404);
    expect(JSON.parse(text)).toEqual({error: expect.stringMatching(/^unknown (run|address): /)});
  });

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
    expect(await (await send("PATCH", `/api/runs/${run}`, {tags: ["sum", "first"]})).json()).toMatchObject({title: "mine", tags: ["sum", "first"]});
    expect((await (await get(`/api/runs/${run}`)).json() as {summary: unknown}).summary).toMatchObject({title: "mine", tags: ["sum", "first"]});
    expect(await errorOf(await send("PATCH", `/api/runs/${run}`, {title: ""}))).toEqual([400, 'invalid title: ""; expected string to have >=1 characters']);
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
    for (const method of ["PATCH", "DELETE"]) expect(await errorOf(await send(method, "/api/runs/sum-and-parity", {title: "x"}))).toEqual([403, "invalid run: sum-and-parity is an example, which is read-only"]);
  });

  it("keeps an analysis beside its run, computed once, and nothing beside an example", async () => {
    const {capture, until, get, runs} = await startServer({examples});
    const {run} = await until(await capture({steps: 4}), isOver);
    const first = Buffer.from(await (await get(`/api/runs/${run}/metrics`)).arrayBuffer());
    const [name] = await readdir(join(runs, run, "analysis"));
    expect(name).toMatch(/^metrics-[0-9a-f]{16}\.safetensors$/);
    expect(await readFile(join(runs, run, "analysis", name))).toEqual(first);
    await writeFile(join(runs, run, "analysis", name), "kept");
    expect(await (await get(`/api/runs/${run}/metrics`)).text()).toBe("kept");
    await get("/api/runs/sum-and-parity/metrics");
    expect(await readdir(exampleRun)).not.toContain("analysis");
  });
});

describe("a server that starts", () => {
  it("ends runs that a killed server left, so that they can be read", async () => {
    const runs = await temporaryFolder();
    await cp(exampleRun, join(runs, "left"), {recursive: true});
    const path = join(runs, "left", "trace.json");
    const trace = await readTrace(join(runs, "left"));
    await writeFile(path, JSON.stringify({...trace, status: "partial", steps_written: 10, step_ms: trace.step_ms.slice(0, 10)}));
    const {get} = await startServer({runs});
    expect(runSchema.parse(await (await get("/api/runs/left")).json()).summary).toMatchObject({status: "partial", stopped: "killed", live: false, steps_written: 10});
    expect((await tensorsOf(await get("/api/runs/left/states"))).tensors.get("state")!.shape).toEqual([11, 4, 21, 96]);
  });

  it("refuses a port that is taken, in one line", async () => {
    const {port} = new URL((await startServer()).url);
    const other = createServer({runs: await temporaryFolder(), models: [], log: pino({level: "silent"})});
    onTestFinished(() => other.close());
    await expect(other.listen({port: Number(port)})).rejects.toThrow(`port in use: ${port} on 127.0.0.1; choose another with --port`);
  });

  it("listens on this machine only", async () => {
    const {url} = await startServer();
    expect(new URL(url).hostname).toBe("127.0.0.1");
  });
});

describe("analyses", () => {
  it("UMAP draws a run with how far it can be trusted", async () => {
    const {capture, until, get} = await startServer();
    const {run} = await until(await capture({steps: 12, inits: 2}), isOver);
    const path = `/api/runs/${run}/projection?method=umap&seed=3`;
    const first = await tensorsOf(await get(path));
    expect(first.tensors.get("points")!.shape).toEqual([13, 2, 4, 2]);
    expect(first.tensors.get("trust")!.shape).toEqual([2, 4]);
    expect(Number(first.metadata.trustworthiness)).toBeGreaterThan(0.5);
    expect(await errorOf(await get(`${path}&dims=5`))).toEqual([400, "invalid dims: 5; expected 2 or 3"]);
  });

  it("PCA tells which share of each trajectory it shows", async () => {
    const {get} = await startServer({examples});
    const {tensors} = await tensorsOf(await get("/api/runs/sum-and-parity/projection?dims=2"));
    expect(tensors.get("kept")!.shape).toEqual([4, 21]);
    expect(tensors.get("kept_motion")!.shape).toEqual([4, 21]);
  });

  it("patterns are those of orrery analyze, with the run's own tokens", async () => {
    const {get} = await startServer({examples});
    const {tokens, summary} = patternsSchema.parse(await (await get("/api/runs/sum-and-parity/patterns")).json());
    expect(tokens.slice(0, 3).map(({text}) => text)).toEqual(["\n", "4", "8"]);
    expect(summary).toMatchObject({site: "state", steps: 65, counts: {converging: 84}});
  });

  it("the spectrum comes from the model that made the run, and only from that", async () => {
    const {get} = await startServer({examples});
    const {tokens, step} = spectrumSchema.parse(await (await get("/api/runs/sum-and-parity/spectrum?tokens=2&count=3")).json());
    expect([step, tokens.map(({index, text, eigenvalues}) => [index, text, eigenvalues.length])]).toEqual([64, [[2, "8", 3]]]);
    expect(await errorOf(await get("/api/runs/sum-and-parity/spectrum?tokens=21"))).toEqual([400, "invalid token: 21; expected 0 to 20"]);
    const without = await startServer({examples, models: []});
    expect(await errorOf(await without.get("/api/runs/sum-and-parity/spectrum"))).toEqual([404, "unknown model: tiny-arithmetic; there is none"]);
  });

  it("an answer that nobody waits for does not hold up the next", async () => {
    const {get} = await startServer({examples});
    const abort = new AbortController();
    const left = get("/api/runs/sum-and-parity/projection?method=umap", {signal: abort.signal});
    abort.abort();
    await expect(left).rejects.toThrow("aborted");
    expect((await get("/api/runs/sum-and-parity/metrics")).status).toBe(200);
  });
});

describe("the guard", () => {
  it.each([
    [{host: "evil.example"}, "refused host: evil.example; one of 127.0.0.1, localhost, [::1]"],
    [{host: "evil.example:4040"}, "refused host: evil.example:4040; one of"],
    [{host: "localhost.evil.example"}, "refused host"],
    [{host: "127.0.0.1:1", origin: "http://evil.example"}, "refused origin: http://evil.example; expected http://127.0.0.1:1"],
    [{host: "127.0.0.1:1", origin: "null"}, "refused origin: null"],
    [{host: "127.0.0.1:1", origin: "http://127.0.0.1:2"}, "refused origin: http://127.0.0.1:2"],
    [{host: "localhost", "sec-fetch-site": "cross-site"}, "refused cross-site request"],
    [{host: "localhost", "sec-fetch-site": "same-site"}, "refused same-site request"]
  ] as readonly [Record<string, string>, string][])("refuses %o", async (headers, message) => {
    const {url} = await startServer();
    const [status, text] = await rawStatus(url, "/api/runs", headers);
    expect(status).toBe(403);
    expect((JSON.parse(text) as {error: string}).error.slice(0, message.length)).toBe(message);
  });

  it.each([
    [{host: "localhost:8080"}],
    [{host: "[::1]:4040"}],
    [{host: "127.0.0.1:4040", origin: "http://127.0.0.1:4040", "sec-fetch-site": "same-origin"}],
    [{host: "localhost", "sec-fetch-site": "none"}]
  ] as readonly [Record<string, string>][])("lets %o pass", async (headers) => {
    const {url} = await startServer();
    expect((await rawStatus(url, "/api/runs", headers))[0]).toBe(200);
  });

  it("sends a policy with every answer that lets nothing in from elsewhere", async () => {
    const {get} = await startServer();
    for (const path of ["/", "/api/runs", "/api/nothing"]) {
      const {headers} = await get(path);
      expect(headers.get("content-security-policy")).toContain("default-src 'self'");
      expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("access-control-allow-origin")).toBeNull();
      expect(headers.get("x-powered-by")).toBeNull();
    }
  });
});

describe("the page", () => {
  it("is served for every address of its own, and the API answers for itself", async () => {
    const page = await temporaryFolder();
    await writeFile(join(page, "index.html"), "<title>Orrery</title>");
    await writeFile(join(page, "app.js"), "1");
    const {get} = await startServer({page});
    for (const path of ["/", "/runs/anything?step=3"]) expect(await (await get(path)).text()).toBe("<title>Orrery</title>");
    expect((await get("/app.js")).headers.get("content-type")).toContain("javascript");
    expect(await errorOf(await get("/api/nothing"))).toEqual([404, "unknown address: GET /api/nothing; /api/openapi.json lists those there are"]);
  });

  it("says how it is built where it is not", async () => {
    const {get} = await startServer({page: await temporaryFolder()});
    const response = await get("/");
    expect([response.status, await response.text()]).toEqual([503, "The page is not built: run `npm run build`, then reload.\n"]);
  });
});

describe("models", () => {
  it("POST tokens tells how a prompt is cut, and refuses one that is too long", async () => {
    const {send} = await startServer();
    const tokens = await (await send("POST", "/api/models/tiny-arithmetic/tokens", {prompt: "1+2"})).json() as {tokens: {text: string}[]};
    expect(tokens.tokens.map(({text}) => text)).toEqual(["1", "+", "2"]);
    expect(await (await send("POST", "/api/models/tiny-arithmetic/tokens", {prompt: ""})).json()).toEqual({tokens: []});
    expect(await errorOf(await send("POST", "/api/models/tiny-arithmetic/tokens", {prompt: "1".repeat(1025)}))).toEqual([400, "prompt too long: 1025 tokens; the model takes at most 1024"]);
    expect(await errorOf(await send("POST", "/api/models/nothing/tokens", {prompt: "1"}))).toEqual([404, "unknown model: nothing; one of tiny-arithmetic"]);
  });
});

describe("GET /api/openapi.json", () => {
  it("describes every operation with schemas of what it takes and gives", async () => {
    const {get} = await startServer();
    const {openapi, paths} = await (await get("/api/openapi.json")).json() as {openapi: string; paths: Record<string, Record<string, {requestBody?: unknown; parameters: {name: string}[]}>>};
    expect(openapi).toBe("3.1.0");
    expect(Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`)).sort()).toEqual(operations.map(({method, path}) => `${method} ${path}`).sort());
    expect(paths["/api/captures"].post.requestBody).toMatchObject({content: {"application/json": {schema: {type: "object", required: ["model"], properties: {steps: {default: 64, minimum: 1, maximum: 4096}}}}}});
    expect(paths["/api/runs/{run}/projection"].get.parameters.map(({name}) => name)).toEqual(["run", "method", "dims", "fit", "site", "tokens", "seed"]);
  });

  it("names addresses that the server knows", async () => {
    const {send} = await startServer();
    for (const {method, path} of operations) {
      if (path.endsWith("events")) continue; // would not end
      const response = await send(method.toUpperCase(), path.replace(/\{\w+\}/g, "nothing"));
      const text = await response.text();
      expect(`${method} ${path}: ${text.slice(0, 30)}`).not.toContain("unknown address");
    }
  });
});
