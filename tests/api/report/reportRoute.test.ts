import {readFile, writeFile} from "node:fs/promises";
import {fileURLToPath} from "node:url";
import {join} from "node:path";
import {expect, it} from "vitest";
import {reportImport} from "../../../api/exchange/reportImport.ts";
import {startServer} from "../../support/startServer.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";
import {writeReportTrace} from "./reportTrace.ts";

const examples = fileURLToPath(new URL("../../../fixtures/runs", import.meta.url));

it("GET /api/runs/:run/report gives the report as a file to keep, under the run's own title", async () => {
  const {get, send, runs} = await startServer({examples});
  await writeReportTrace(join(runs, "flips"), {last: 20});
  await send("PATCH", "/api/runs/flips", {title: "Two flips"});
  const response = await get("/api/runs/flips/report");
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toMatch(/^text\/html/);
  expect(response.headers.get("content-disposition")).toBe('attachment; filename=flips.html');
  const path = join(await temporaryFolder(), "report.html");
  await writeFile(path, await response.text());
  expect((await reportImport(path)).summary).toMatchObject({title: "Two flips", status: "partial", steps_written: 20});
  expect((await readFile(path, "utf8")).split("\n")[0]).toContain("partial");
});

it("GET /api/runs/:run/report of an unknown run is a 404 that names it", async () => {
  const {get} = await startServer();
  const response = await get("/api/runs/nope/report");
  expect([response.status, await response.json()]).toEqual([404, {error: "unknown run: nope"}]);
});
