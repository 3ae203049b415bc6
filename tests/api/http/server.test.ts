import {once} from "node:events";
import {cp, mkdir, writeFile} from "node:fs/promises";
import {get as httpGet, type IncomingMessage} from "node:http";
import {basename, join} from "node:path";
import {pino} from "pino";
import {describe, expect, it, onTestFinished} from "vitest";
import {runSchema} from "../../../api/contract/contract.ts";
import {operations} from "../../../api/http/operations/operations.ts";
import {createServer} from "../../../api/http/server.ts";
import {shippedRuns} from "../../../api/models/shipped.ts";
import {readTrace} from "../../../capture/trace/reader.ts";
import {exampleRun} from "../../../fixtures/makeExampleRun.ts";
import {errorOf, tensorsOf} from "../../support/responses.ts";
import {startServer} from "../../support/startServer.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

async function bytesOnTheLine(url: string, headers: Record<string, string>): Promise<number> {
  const [answer] = (await once(httpGet(url, {headers}), "response")) as [IncomingMessage];
  return (await answer.toArray()).reduce((sum: number, {length}: Buffer) => sum + length, 0);
}

describe("a server that starts", () => {
  it("ends runs that a killed server left, so that they can be read", async () => {
    const runs = await temporaryFolder();
    await cp(exampleRun, join(runs, "left"), {recursive: true});
    const path = join(runs, "left", "trace.json");
    const trace = await readTrace(join(runs, "left"));
    await writeFile(path, JSON.stringify({...trace, status: "partial", steps_written: 10, step_ms: trace.step_ms.slice(0, 10)}));
    const {get} = await startServer({runs});
    expect(runSchema.parse(await (await get("/api/runs/left")).json()).summary).toMatchObject({
      status: "partial",
      stopped: "killed",
      live: false,
      steps_written: 10
    });
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

describe("a server that closes", () => {
  it("while an analysis is computed logs no error", async () => {
    const lines: string[] = [];
    const server = createServer({
      runs: await temporaryFolder(),
      models: [],
      examples: shippedRuns,
      log: pino({level: "warn"}, {write: (line) => void lines.push(line)})
    });
    const url = await server.listen({port: 0});
    const answer = Promise.allSettled([fetch(`${url}/api/runs/${basename(exampleRun)}/patterns`)]); // told with status 503, or cut off
    for (let i = 0; i < 20; ++i) await (await fetch(`${url}/api/info`)).json(); // the question was taken before these
    await server.close();
    await answer;
    expect(lines).toEqual([]);
  });
});

describe("the page", () => {
  it("is served at its address and nowhere else, so that what is missing is a 404", async () => {
    const page = await temporaryFolder();
    await writeFile(join(page, "index.html"), "<title>Orrery</title>");
    await writeFile(join(page, "app.js"), "1");
    const {get} = await startServer({page});
    for (const path of ["/", "/?run=anything&s=3", "/index.html"]) expect(await (await get(path)).text()).toBe("<title>Orrery</title>");
    expect((await get("/app.js")).headers.get("content-type")).toContain("javascript");
    for (const path of ["/assets/Space-gone.js", "/runs/anything", "/assets"])
      expect(await errorOf(await get(path))).toEqual([
        404,
        `unknown address: GET ${path}; the page is at /, or below a proxy's prefix with --base PREFIX`
      ]);
    expect(await errorOf(await get("/api/nothing"))).toEqual([
      404,
      "unknown address: GET /api/nothing; /api/openapi.json lists those there are"
    ]);
  });

  it("packs scripts and styles where the browser takes that, the same bytes either way", async () => {
    const page = await temporaryFolder();
    const script = "1;".repeat(5000);
    const {get, url} = await startServer({page});
    expect((await get("/assets/Space-1a_2.js")).status).toBe(404);
    await mkdir(join(page, "assets"));
    await writeFile(join(page, "assets", "Space-1a_2.js"), script); // a build that ends while the server runs
    for (const [asked, given] of [
      ["gzip", "gzip"],
      ["br, gzip", "br"],
      ["identity", null]
    ] as const) {
      const headers = {"Accept-Encoding": asked};
      const answer = await get("/assets/Space-1a_2.js", {headers});
      expect(answer.headers.get("content-encoding")).toBe(given);
      expect(await bytesOnTheLine(`${url}/assets/Space-1a_2.js`, headers)).toBeLessThanOrEqual(given === null ? script.length : 200);
      expect(await answer.text()).toBe(script);
      expect(answer.headers.get("content-type")).toContain("javascript");
      expect(answer.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
      expect(answer.headers.get("vary")).toContain("Accept-Encoding");
    }
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
    const tokens = (await (await send("POST", "/api/models/tiny-arithmetic/tokens", {prompt: "1+2"})).json()) as {tokens: {text: string}[]};
    expect(tokens.tokens.map(({text}) => text)).toEqual(["1", "+", "2"]);
    expect(await (await send("POST", "/api/models/tiny-arithmetic/tokens", {prompt: ""})).json()).toEqual({tokens: []});
    expect(await errorOf(await send("POST", "/api/models/tiny-arithmetic/tokens", {prompt: "1".repeat(1025)}))).toEqual([
      400,
      "prompt too long: 1025 tokens; the model takes at most 1024"
    ]);
    expect(await errorOf(await send("POST", "/api/models/nothing/tokens", {prompt: "1"}))).toEqual([
      404,
      "unknown model: nothing; one of tiny-arithmetic"
    ]);
  });
});

describe("GET /api/openapi.json", () => {
  it("describes every operation with schemas of what it takes and gives", async () => {
    const {get} = await startServer();
    const {openapi, paths} = (await (await get("/api/openapi.json")).json()) as {
      openapi: string;
      paths: Record<string, Record<string, {requestBody?: unknown; parameters: {name: string}[]}>>;
    };
    expect(openapi).toBe("3.1.0");
    expect(
      Object.entries(paths)
        .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`))
        .sort()
    ).toEqual(operations.map(({method, path}) => `${method} ${path}`).sort());
    expect(paths["/api/captures"].post.requestBody).toMatchObject({
      content: {
        "application/json": {schema: {type: "object", required: ["model"], properties: {steps: {default: 64, minimum: 1, maximum: 4096}}}}
      }
    });
    expect(paths["/api/runs/{run}/projection"].get.parameters.map(({name}) => name)).toEqual([
      "run",
      "method",
      "dims",
      "fit",
      "site",
      "tokens",
      "seed",
      "with",
      "from",
      "to"
    ]);
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
