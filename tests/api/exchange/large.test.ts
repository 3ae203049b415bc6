import {readdir, readlink, truncate, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it, onTestFinished, vi} from "vitest";
import {projectionMessage} from "../../../api/analyses/projection.ts";
import {projectionQuerySchema} from "../../../api/contract/contract.ts";
import {exportRun, streamRun} from "../../../api/exchange/exportRun.ts";
import {npyHeader} from "../../../api/exchange/npyHeader.ts";
import {importRun} from "../../../api/exchange/importRun.ts";
import {groupRows} from "../../../api/exchange/parquetExport.ts";
import {centredSource} from "../../../analysis/projections/rowSource.ts";
import {createTrace} from "../../../capture/trace/writer.ts";
import {openTrace, type TraceReader} from "../../../capture/trace/reader.ts";
import {hollowTrace} from "../../support/hollowTrace.ts";
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

it("an import that the disk has no room for is refused before the states are read", async () => {
  const folder = await temporaryFolder();
  const path = join(folder, "states.npy");
  const shape = [3, 2 ** 17, 2 ** 23]; // twelve tebibytes, and at least six of a trace
  const header = npyHeader({dtype: "F32", shape});
  await writeFile(path, header);
  const isMade = await truncate(path, header.length + 4 * shape[0] * shape[1] * shape[2]).then(
    () => true,
    () => false
  );
  if (!isMade) return console.log("skipped: this disk has no files of twelve tebibytes, with holes or without");
  await expect(importRun(path, {out: join(folder, "run")})).rejects.toThrow(
    /too little disk: the trace takes at least 6597069766656 bytes; \d+ are free/
  );
  expect(await readdir(folder)).toEqual(["states.npy"]);
});

it("an export that the disk has no room for is refused with both numbers before its first byte, and goes through a pipe", async () => {
  const folder = await temporaryFolder();
  const [steps, tokens, width] = [2 ** 12, 2 ** 15, 2 ** 11]; // a tebibyte, nearly all of it a hole
  const isMade = await hollowTrace(join(folder, "run"), {steps, tokens, width}, tokens).then(
    () => true,
    () => false
  );
  if (!isMade) return console.log("skipped: this disk has no files of a tebibyte, with holes or without");
  const reader = await openTrace(join(folder, "run"));
  const collected: Error[] = []; // a file that is forgotten open is closed when its handle is collected, which is warned of
  const warned = (warning: Error) => void (/garbage collection/.test(warning.message) && collected.push(warning));
  process.on("warning", warned);
  onTestFinished(async () => {
    process.off("warning", warned);
    await reader.close();
  });
  for (const format of ["npz", "safetensors"] as const) {
    const {bytes, pieces} = await streamRun(reader, {format});
    expect(bytes).toBeGreaterThan(4 * steps * tokens * width);
    let read = 0;
    for await (const piece of pieces) if ((read += piece.length) > 2 ** 24) break;
    expect(read).toBeGreaterThan(2 ** 24);
    await expect(exportRun(reader, {format, out: join(folder, "out")})).rejects.toThrow(
      new RegExp(`^too little disk: the file takes ${bytes} bytes; \\d+ are free at `)
    );
  }
  expect((await readdir(folder)).sort()).toEqual(["run", "run.npy"]);
  await vi.waitFor(async () => expect(await openedBelow(join(folder, "run"))).toBe(1)); // the reader's own
  expect(collected).toEqual([]);
});

/** Files below a folder that this process holds open; where a system cannot tell, 1. */
async function openedBelow(folder: string): Promise<number> {
  const handles = await readdir("/proc/self/fd").catch(() => undefined);
  if (!handles) return 1;
  const paths = await Promise.all(handles.map((handle) => readlink(`/proc/self/fd/${handle}`).catch(() => "")));
  return paths.filter((path) => path.startsWith(folder)).length;
}

it("row groups of a written Parquet table are of two million cells, and of a hundred thousand rows at most", () => {
  expect([1, 15, 1500, 3_000_000].map(groupRows)).toEqual([100_000, 100_000, 1398, 1]);
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
      expect(told.at(-1), format).toBe(1);
    }
    for (const [i, from] of [join(folder, "run"), join(folder, "out.npz"), await bare(folder)].entries()) {
      const told: number[] = [];
      await importRun(from, {out: join(folder, `back${i}`), progress: (share) => told.push(share)});
      expect(told, from).toEqual([...told].sort((a, b) => a - b));
      expect(told.at(-1), from).toBe(1);
    }
  });
});

/** The same as a file that is no trace. */
async function bare(folder: string): Promise<string> {
  const path = join(folder, "states.npy");
  const bytes = Buffer.concat([npyHeader({dtype: "F32", shape: [50, 20, 8]}), new Uint8Array(4 * 50 * 20 * 8)]);
  await writeFile(path, bytes);
  return path;
}
