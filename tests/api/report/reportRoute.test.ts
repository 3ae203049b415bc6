import {readFile, rm, writeFile} from "node:fs/promises";
import {fileURLToPath} from "node:url";
import {join} from "node:path";
import {expect, it} from "vitest";
import {reportImport} from "../../../api/exchange/reportImport.ts";
import {writeExperiment} from "../../support/madeExperiment.ts";
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
  expect(response.headers.get("content-disposition")).toBe("attachment; filename=flips.html");
  const path = join(await temporaryFolder(), "report.html");
  await writeFile(path, await response.text());
  expect((await reportImport(path)).summary).toMatchObject({title: "Two flips", status: "partial", steps_written: 20});
  expect((await readFile(path, "utf8")).split("\n")[0]).toContain("partial");
});

it("GET /api/runs/:run/report is the same once its analyses are kept, whatever the length of the title", async () => {
  const {get, send, runs} = await startServer();
  await writeReportTrace(join(runs, "flips"));
  for (const title of ["a", "ab", "abc", "abcd"]) {
    await send("PATCH", "/api/runs/flips", {title});
    const [first, again] = [await get("/api/runs/flips/report"), await get("/api/runs/flips/report")];
    expect([first.status, again.status]).toEqual([200, 200]);
    expect((await again.text()) === (await first.text())).toBe(true);
  }
});

it("GET /api/runs/:run/report of an unknown run is a 404 that names it", async () => {
  const {get} = await startServer();
  const response = await get("/api/runs/nope/report");
  expect([response.status, await response.json()]).toEqual([404, {error: "unknown run: nope"}]);
});

it("GET /api/experiments/:experiment/report gives the report of what is finished as a file to keep", async () => {
  const {get, runs} = await startServer();
  await writeExperiment(join(runs, "..", "experiments", "some"), 4);
  const response = await get("/api/experiments/some/report");
  expect(response.status).toBe(200);
  expect(response.headers.get("content-disposition")).toBe("attachment; filename=some.html");
  const path = join(await temporaryFolder(), "report.html");
  await writeFile(path, await response.text());
  expect((await reportImport(path)).summary).toMatchObject({kind: "experiment", title: "made by hand", status: "complete", prompts: 4});
});

it("GET /api/experiments/:experiment/report refuses one without a finished prompt, and one that is not there", async () => {
  const {get, runs} = await startServer();
  await writeExperiment(join(runs, "..", "experiments", "some"), 2);
  for (const name of ["results.jsonl", "summary.json"]) await rm(join(runs, "..", "experiments", "some", name));
  const refusal = async (path: string) => [(await get(path)).status, await (await get(path)).json()];
  expect(await refusal("/api/experiments/some/report")).toEqual([404, {error: "unknown report: no prompt of some is finished"}]);
  expect(await refusal("/api/experiments/nope/report")).toEqual([404, {error: "unknown experiment: nope"}]);
});
