import {mkdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import express from "express";
import {describe, expect, it, onTestFinished} from "vitest";
import {healthRoutes} from "../../../api/http/routes/healthRoutes.ts";
import {canMount, fillDisk, freeDisk, smallDisk} from "../../support/smallDisk.ts";
import {startServer} from "../../support/startServer.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";
import type {AddressInfo} from "node:net";

async function healthOf(runs: string, isStopping = false): Promise<[number, unknown]> {
  const server = express()
    .use(healthRoutes({runs, isStopping: () => isStopping}))
    .listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/health`);
  return [response.status, await response.json()];
}
const failing = (problem: unknown) => [503, {status: "failing", problem, uptime_seconds: expect.any(Number)}];

describe("/api/health", () => {
  it("is 200 where runs can be written, before there is any", async () => {
    const {get} = await startServer();
    expect(await (await get("/api/health")).json()).toEqual({status: "ok", problem: null, uptime_seconds: expect.any(Number)});
  });

  it("is 503 while the server stops", async () => {
    expect(await healthOf(await temporaryFolder(), true)).toEqual(failing("stopping"));
  });

  it("is 503 where a file stands in the way of the runs", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "file"), "");
    expect(await healthOf(join(folder, "file", "runs"))).toEqual(
      failing(expect.stringMatching(/^runs cannot be written: a file stands where a folder/))
    );
  });

  it.runIf(process.getuid?.() !== 0)("is 503 where the folder may not be written (needs another user than root)", async () => {
    const folder = join(await temporaryFolder(), "runs");
    await mkdir(folder, {mode: 0o500});
    expect(await healthOf(folder)).toEqual(failing(expect.stringMatching(/^runs cannot be written: permission denied/)));
  });

  it.runIf(canMount)("is 503 while the disk is full, and 200 again after (needs root, to mount a small one)", async () => {
    const disk = await smallDisk(4);
    await fillDisk(disk);
    expect(await healthOf(join(disk, "runs"))).toEqual(failing("runs cannot be written: no space left on the device: 0 bytes"));
    await freeDisk(disk);
    expect((await healthOf(join(disk, "runs")))[0]).toBe(200);
  });
});
