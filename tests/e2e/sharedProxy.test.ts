import {spawn} from "node:child_process";
import {once} from "node:events";
import {existsSync} from "node:fs";
import {connect} from "node:net";
import {fileURLToPath} from "node:url";
import {pino} from "pino";
import type {Page} from "playwright-core";
import {describe, expect, it, onTestFinished} from "vitest";
import {createServer, type ServerOptions} from "../../api/http/server.ts";
import {shippedModels, shippedRuns} from "../../api/models/shipped.ts";
import {join} from "node:path";
import {chromiumPath, openPage, useBench} from "../support/browser.ts";
import {errorOf} from "../support/responses.ts";
import {temporaryFolder} from "../support/temporaryFolder.ts";

const script = fileURLToPath(new URL("../../../shared/failing/proxy.mjs", import.meta.url));
const SERVER_PORT = 41_731; // the script's own
const PROXY_PORT = 21_732; // below those that outgoing connections have, so that none of another test holds it
const PREFIX = "/user/kim/proxy/4040/";
const isThere = existsSync(script);
if (!isThere) console.log("skipped: no ../shared/failing/proxy.mjs");

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(true)).on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });

describe.skipIf(!isThere || !chromiumPath)("the page behind the proxy that it failed behind", () => {
  const bench = useBench();

  /** The server at the port that the script asks, and the script as it was called. */
  async function behind(port: number, prefix: string, mode: string, options: Partial<ServerOptions> = {}): Promise<string> {
    const runs = join(await temporaryFolder(), "runs");
    const server = createServer({
      runs,
      models: shippedModels,
      examples: shippedRuns,
      page: bench.page,
      log: pino({level: "silent"}),
      ...options
    });
    await server.listen({port: SERVER_PORT});
    onTestFinished(() => server.close());
    const proxy = spawn(process.execPath, [script, String(port), prefix, mode], {stdio: "ignore"});
    const ended = once(proxy, "exit");
    onTestFinished(async () => {
      proxy.kill("SIGKILL");
      await ended; // the next one needs its port
    });
    await Promise.race([
      expect.poll(() => listens(port)).toBe(true),
      ended.then(([code]) => Promise.reject(new Error(`the proxy ended with ${code}: is port ${port} taken?`)))
    ]);
    return `http://127.0.0.1:${port}${prefix}`;
  }

  /** What the page does, asked for from within it: a capture, its events until it is over, and the run as a file. */
  const worked = (page: Page): Promise<unknown[]> =>
    page.evaluate(async () => {
      const asked = await fetch("./api/captures", {
        method: "POST",
        headers: {"content-type": "application/json"},
        body: JSON.stringify({model: "tiny-arithmetic", prompt: "1+2=", steps: 4, inits: 1})
      });
      const {id, run} = (await asked.json()) as {id: string; run: string};
      const status = await new Promise<string>((resolve) => {
        const events = new EventSource(`./api/captures/${id}/events`);
        events.addEventListener("job", ({data}: MessageEvent<string>) => {
          const job = JSON.parse(data) as {status: string; position: number | null};
          if (job.position !== null) return;
          events.close();
          resolve(job.status);
        });
      });
      const file = await fetch(`./api/runs/${run}/export?format=safetensors`);
      return [asked.status, status, file.status, (await file.arrayBuffer()).byteLength > 1000];
    });

  it.each([
    ["/", "rewrite", {}],
    [PREFIX, "rewrite", {}],
    [PREFIX, "keep", {}],
    [PREFIX, "keep", {base: PREFIX}]
  ] as const)("%s %s: page, capture, events and download work (%o)", async (prefix, mode, options) => {
    const url = await behind(PROXY_PORT, prefix, mode, options);
    const page = await openPage(bench.browser, `${url}?runs`);
    await page.getByRole("heading", {name: "Runs"}).waitFor();
    expect(await worked(page)).toEqual([202, "complete", 200, true]);
  });

  it("https: works once the name is allowed that the refusal names", async () => {
    const url = await behind(PROXY_PORT, "/", "https", {hosts: ["127.0.0.1"]});
    expect(await worked(await openPage(bench.browser, `${url}?runs`))).toEqual([202, "complete", 200, true]);
  });

  it("another name is refused with the option that lets it in", async () => {
    await behind(PROXY_PORT, "/", "keep");
    const asked = await fetch(`http://127.0.0.1:${PROXY_PORT}/api/runs`, {headers: {"x-forwarded-host": "hub.example.org"}});
    expect(await errorOf(asked)).toEqual([403, expect.stringMatching(/--allow-host hub\.example\.org adds it$/)]);
  });
});
