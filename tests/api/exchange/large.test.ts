import {writeFile} from "node:fs/promises";
import {join} from "node:path";
import {parquetMetadataAsync, asyncBufferFromFile} from "hyparquet";
import {describe, expect, it, onTestFinished} from "vitest";
import {projectionMessage} from "../../../api/analyses/projection.ts";
import {projectionQuerySchema} from "../../../api/contract/contract.ts";
import {exportRun} from "../../../api/exchange/exportRun.ts";
import {importRun} from "../../../api/exchange/importRun.ts";
import {writeParquet} from "../../../api/exchange/parquetExport.ts";
import {centredSource} from "../../../analysis/projections/rowSource.ts";
import {createTrace} from "../../../capture/trace/writer.ts";
import {openTrace, type TraceReader} from "../../../capture/trace/reader.ts";
import {smallAnnouncement} from "../../support/smallTrace.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";
import {writeReportTrace} from "../report/reportTrace.ts";

const STEPS = 1100;
const TOKENS = 1000;

/** A trace of 1,101,000 states of which only the last step was written, the others are a hole. It fails where a state is read. */
async function hollow(): Promise<TraceReader> {
  const dir = join(await temporaryFolder(), "hollow");
  const shape = {steps: STEPS, inits: 1, tokens: TOKENS, width: 2};
  const writer = await createTrace(dir, smallAnnouncement({...shape, readout: false}), {
    states: [{name: "state", dtype: "F32", shape: [1, TOKENS, shape.width], steps: STEPS + 1}]
  });
  const slab = new Float32Array(TOKENS * shape.width);
  await writer.writeState("state", slab, STEPS); // the last, so that the file has its length
  for (let step = 0; step <= STEPS; ++step) await writer.finishStep(step, 1);
  await writer.complete();
  const reader = await openTrace(dir);
  onTestFinished(() => reader.close());
  const unread = async (): Promise<never> => {
    throw new Error("a state was read");
  };
  return {
    ...reader,
    readRows: unread,
    readSite: (site, slice) => (slice?.steps && slice.steps[1] < slice.steps[0] ? reader.readSite(site, slice) : unread())
  };
}

describe("what no memory is large enough for", () => {
  it("is refused before a state is read: UMAP, also of centred trajectories, the Projector, and the means of too many trajectories", async () => {
    const reader = await hollow();
    for (const fit of ["all", "token"] as const)
      await expect(projectionMessage(reader, {...projectionQuerySchema.parse({method: "umap", dims: 2}), fit})).rejects.toThrow(
        /^too many states for UMAP: 1101000, which would take 4.0 GB of memory; at most 1000000/
      );
    await expect(exportRun(reader, {format: "projector", out: join(await temporaryFolder(), "p")})).rejects.toThrow(
      "invalid run for the Projector: 1101000 points; expected at most 100000, so choose tokens or inits"
    );
    const source = {rows: 200_000, cols: 5280, read: () => reader.readSite("state").then(({data}) => data)};
    await expect(centredSource(source, {paths: 100_000})).rejects.toThrow(/^too many trajectories to centre: 100000 of width 5280/);
  });
});

describe("what takes long", () => {
  it("tells how far it is, from some share to all of it, and never back", async () => {
    const folder = await temporaryFolder();
    await writeReportTrace(join(folder, "run"), {steps: 200, tokens: Array.from({length: 40}, (_, i) => `${i} `), readout: false});
    const reader = await openTrace(join(folder, "run"));
    onTestFinished(() => reader.close());
    for (const format of ["npz", "safetensors", "parquet"] as const) {
      const told: number[] = [];
      await exportRun(reader, {format, out: join(folder, `out.${format}`), progress: (share) => told.push(share)});
      expect(told, format).toEqual([...told].sort((a, b) => a - b));
      if (format !== "parquet") expect(told.at(-1), format).toBe(1);
      else expect(told.at(-1)).toBeGreaterThan(0.2); // passes are as many as it takes
    }
    for (const [i, from] of [join(folder, "run"), join(folder, "out.npz"), await bare(folder)].entries()) {
      const told: number[] = [];
      await importRun(from, {out: join(folder, `back${i}`), progress: (share) => told.push(share)});
      expect(told, from).toEqual([...told].sort((a, b) => a - b));
      expect(told.at(-1), from).toBe(1);
    }
  });

  it("writes Parquet of many columns in small row groups", async () => {
    const path = join(await temporaryFolder(), "wide.parquet");
    const fields = Array.from({length: 3000}, (_, k) => ({name: `c${k}`, type: "INT32" as const, value: (row: number) => row}));
    await writeParquet(path, fields, 1000, {});
    const {row_groups: groups} = await parquetMetadataAsync(await asyncBufferFromFile(path));
    expect(groups.map(({num_rows}) => Number(num_rows))).toEqual([699, 301]); // two million cells each
  });
});

/** The same as a file that is no trace. */
async function bare(folder: string): Promise<string> {
  const path = join(folder, "states.npy");
  const head = "{'descr': '<f4', 'fortran_order': False, 'shape': (50, 20, 8), }".padEnd(117, " ");
  const bytes = Buffer.concat([
    Buffer.from("\x93NUMPY\x01\x00\x76\x00", "latin1"),
    Buffer.from(`${head}\n`),
    new Uint8Array(4 * 50 * 20 * 8)
  ]);
  await writeFile(path, bytes);
  return path;
}
