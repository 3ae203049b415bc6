import {readdirSync, readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {startServer, type RunningServer} from "../../support/startServer.ts";

const MB = 2 ** 20;
const KEPT = 64 * MB; // what a process may keep for the next order (answerOrders.ts), and is small beside what these jobs take

/** The memory of this process's children, by process number. */
function children(): Map<number, number> {
  const found = new Map<number, number>();
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    try {
      const status = readFileSync(`/proc/${name}/status`, "utf8");
      if (/^PPid:\s*(\d+)/m.exec(status)?.[1] !== String(process.pid)) continue;
      found.set(Number(name), 1024 * Number(/^VmRSS:\s*(\d+) kB/m.exec(status)?.[1] ?? 0));
    } catch {
      // it is gone
    }
  }
  return found;
}
const held = (): number => [...children().values()].reduce((sum, bytes) => sum + bytes, 0);

const digits = (count: number): string => Array.from({length: count}, (_, i) => String(i % 10)).join("");
const model = "tiny-arithmetic";

/** A job of each kind that takes much and long, and how it is cancelled. */
const jobs: readonly (readonly [string, (server: RunningServer) => Promise<() => Promise<unknown>>])[] = [
  [
    "a capture",
    async (server) => {
      const {id} = await server.capture({model, prompt: digits(900), inits: 4, steps: 4096});
      return () => server.send("DELETE", `/api/captures/${id}`);
    }
  ],
  [
    "an experiment",
    async (server) => {
      const request = {model, prompts: [{prompt: digits(500)}], inits: 4, noise: 0, swaps: 0, scales: [], constants: [], steps: 4096};
      const {id} = (await (await server.send("POST", "/api/experiments", request)).json()) as {id: string};
      return () => server.send("DELETE", `/api/experiments/${id}`);
    }
  ],
  [
    "an analysis",
    async (server) => {
      const job = await server.capture({model, prompt: digits(60), inits: 8, steps: 64, readout: null});
      await server.until(job, ({status}) => status === "complete");
      const abort = new AbortController();
      const asked = fetch(`${server.url}/api/runs/${job.run}/projection?method=umap&dims=2`, {signal: abort.signal}).catch(() => {});
      return async () => {
        abort.abort();
        await asked;
      };
    }
  ]
];

describe.skipIf(process.platform !== "linux")("a job that is cancelled", () => {
  it.each(jobs)("gives its memory back: %s", async (_, begin) => {
    const server = await startServer();
    await server.until(await server.capture({steps: 4}), ({status}) => status === "complete"); // the capture service has its model
    const cancel = await begin(server);
    const before = children();
    await expect.poll(() => held() - [...before.values()].reduce((sum, bytes) => sum + bytes, 0)).toBeGreaterThan(KEPT + 32 * MB);
    const most = held();
    await cancel();
    await expect.poll(held).toBeLessThan(most - 32 * MB);
    await expect.poll(() => [...children()].filter(([pid, bytes]) => bytes - (before.get(pid) ?? 0) > KEPT + 100 * MB)).toEqual([]);
  });
});
