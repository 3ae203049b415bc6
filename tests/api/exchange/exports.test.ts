import {saveKept} from "../../../api/files/kept.ts";
import {readdir, readFile, stat, truncate, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {asyncBufferFromFile, parquetReadObjects} from "hyparquet";
import {describe, expect, it} from "vitest";
import {exportFormatNames, type ExportFormat} from "../../../api/contract/exportFormats.ts";
import {exportRun} from "../../../api/exchange/exportRun.ts";
import {ifThere} from "../../../capture/trace/ifThere.ts";
import {openTrace} from "../../../capture/trace/reader.ts";
import {exampleRun} from "../../../fixtures/makeExampleRun.ts";
import {errorOf} from "../../support/responses.ts";
import {startSmallTrace, writeNumbered} from "../../support/smallTrace.ts";
import {startServer} from "../../support/startServer.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";
import {openArchive} from "../../support/archive.ts";

const examples = join(exampleRun, "..");

const names: Readonly<Record<ExportFormat, string>> = {
  npz: "sum-and-parity.npz",
  safetensors: "sum-and-parity.safetensors",
  parquet: "sum-and-parity.parquet",
  "parquet-wide": "sum-and-parity-wide.parquet",
  csv: "sum-and-parity.csv",
  projector: "sum-and-parity-projector.zip",
  atlas: "sum-and-parity-atlas.parquet"
};

describe("GET export", () => {
  it("gives in every format the file that orrery export makes, under the run's name, and leaves nothing behind", async () => {
    const {get, runs} = await startServer({examples});
    const dir = await temporaryFolder();
    const reader = await openTrace(exampleRun);
    for (const format of exportFormatNames) {
      const response = await get(`/api/runs/sum-and-parity/export?format=${format}`);
      expect(response.status).toBe(200);
      expect(response.headers.get("content-disposition")).toBe(`attachment; filename=${names[format]}`);
      const bytes = Buffer.from(await response.arrayBuffer());
      const {out} = await exportRun(reader, {format, out: join(dir, format)});
      if (format === "projector") {
        const members = await openArchive(bytes);
        expect([...members.keys()].sort()).toEqual((await readdir(out)).sort());
        for (const [name, member] of members) expect(member.equals(await readFile(join(out, name)))).toBe(true);
      } else {
        expect(response.headers.get("content-length")).toBe(String(bytes.length));
        expect(bytes.equals(await readFile(out))).toBe(true);
      }
    }
    await reader.close();
    expect(await readdir(join(runs, ".scratch"))).toEqual([]);
  });

  it.each(["npz", "safetensors"] as const)("gives %s of a run without a copy of it on the disk", async (format) => {
    const {get, runs} = await startServer({examples});
    const response = await get(`/api/runs/sum-and-parity/export?format=${format}`); // begun, and not read
    expect(await ifThere(readdir(join(runs, ".scratch")), [])).toEqual([]);
    expect((await response.arrayBuffer()).byteLength).toBe(Number(response.headers.get("content-length")));
  });

  it.each(["npz", "safetensors"] as const)("refuses %s of a run whose states are cut short before its first byte", async (format) => {
    const {get, runs} = await startServer({examples});
    const writer = await startSmallTrace(join(runs, "short"), {steps: 3, inits: 1, tokens: 2, width: 4});
    await writeNumbered(writer, 3);
    await writer.complete();
    const states = join(runs, "short", "states.safetensors");
    await truncate(states, (await stat(states)).size - 8);
    const [status, error] = await errorOf(await get(`/api/runs/short/export?format=${format}`));
    expect(status).toBe(422);
    expect(error).toMatch(/truncated or padded file: 424 bytes; the header promises 432$/);
  });

  it("takes part of a run, and another site, for tables", async () => {
    const {get} = await startServer({examples});
    const path = join(await temporaryFolder(), "part.parquet");
    await writeFile(
      path,
      Buffer.from(
        await (await get("/api/runs/sum-and-parity/export?format=parquet&tokens=1,3&inits=0&components=0&site=state_normed")).arrayBuffer()
      )
    );
    const rows = await parquetReadObjects({file: await asyncBufferFromFile(path)});
    expect(rows).toHaveLength(65 * 2);
    expect(Object.keys(rows[0])).not.toContain("pc1");
  });

  it("refuses in one line what cannot be exported", async () => {
    const {get, runs} = await startServer({examples});
    const writer = await startSmallTrace(join(runs, "long"), {steps: 1, inits: 500, tokens: 101, width: 2});
    await writeNumbered(writer, 1);
    await writer.complete();
    const ask = async (path: string) => errorOf(await get(path));
    expect(await ask("/api/runs/sum-and-parity/export")).toEqual([400, expect.stringMatching(/^missing format; /)]);
    expect(await ask("/api/runs/sum-and-parity/export?format=xls")).toEqual([
      400,
      expect.stringMatching(/^invalid format: "xls"; .*npz.*parquet/)
    ]);
    expect(await ask("/api/runs/sum-and-parity/export?format=npz&tokens=1")).toEqual([
      400,
      "invalid option for npz: tokens; it holds the whole run"
    ]);
    expect(await ask("/api/runs/sum-and-parity/export?format=csv&tokens=21")).toEqual([400, "invalid token: 21; expected 0 to 20"]);
    expect(await ask("/api/runs/nobody/export?format=npz")).toEqual([404, "unknown run: nobody"]);
    expect(await ask("/api/runs/long/export?format=projector")).toEqual([
      400,
      "invalid run for the Projector: 101000 points; expected at most 100000, so choose tokens or inits"
    ]);
    expect(await readdir(join(runs, ".scratch"))).toEqual([]);
  });
});

describe("GET report", () => {
  it("takes labels, curves and projection from what is kept beside the run", async () => {
    const {get, capture, until, runs, server} = await startServer({examples});
    const job = await until(await capture({prompt: "48+37=", steps: 8}), ({position}) => position === null);
    await (await get(`/api/runs/${job.run}/report`)).text();
    const folder = join(runs, job.run, "analysis");
    const [file] = (await readdir(folder)).filter((name) => name.startsWith("patterns-"));
    const patterns = JSON.parse(await readFile(join(folder, file), "utf8")) as {tokens: {pattern: string}[]; summary: {counts: object}};
    const other = {
      tokens: patterns.tokens.map((token) => ({...token, pattern: "slider"})),
      summary: {...patterns.summary, counts: {slider: 6}}
    };
    await saveKept(folder, file.split(".")[0], "json", new TextEncoder().encode(JSON.stringify(other)));
    await server.close();
    const {get: getAnew} = await startServer({examples, runs}); // the first one has its answer in memory
    const report = await (await getAnew(`/api/runs/${job.run}/report`)).text();
    expect(report).toContain('"counts":{"slider":6}');
  });
});
