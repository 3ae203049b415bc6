import {mkdir, readdir, readFile, stat, truncate, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {openTrace, readTrace} from "../../../capture/trace/reader.ts";
import {openSafetensors} from "../../../capture/trace/safetensors.ts";
import {sealKilledTrace} from "../../../capture/trace/sealKilledTrace.ts";
import {createStepFile, sealStepFile} from "../../../capture/trace/stepFile.ts";
import {createTrace} from "../../../capture/trace/writer.ts";
import {isBeingWritten, WRITER_FILE} from "../../../capture/trace/writerMark.ts";
import {numberedSlab, smallAnnouncement, startSmallTrace, writeNumbered} from "../../support/smallTrace.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const SLAB = 2 * 3 * 4;

describe("createTrace", () => {
  it("createTrace writes a folder whose states come back bit for bit", async () => {
    const dir = join(await temporaryFolder(), "run");
    const writer = await startSmallTrace(dir, {readout: true});
    await writeNumbered(writer, 4);
    await writer.complete();
    const reader = await openTrace(dir);
    expect(reader.trace).toMatchObject({status: "complete", stopped: null, steps_written: 4, step_ms: [1, 1, 1, 1]});
    expect(reader.sites).toEqual(["state", "state_normed"]);
    const {data, ...shape} = await reader.readSite("state");
    expect(shape).toEqual({site: "state", firstStep: 0, steps: 5, inits: 2, tokens: 3, width: 4});
    expect([...data]).toEqual([0, 1, 2, 3, 4].flatMap((step) => [...numberedSlab(step, SLAB)]));
    expect(await reader.readConstant("input")).toEqual({shape: [3, 4], data: numberedSlab(0, 12)});
    expect((await reader.readReadout())!.entropy.shape).toEqual([5, 2, 3]);
    await reader.close();
    expect((await readdir(dir)).sort()).toEqual(["readout.safetensors", "states.safetensors", "trace.json"]);
  });

  it.each(["bf16", "f16"] as const)("createTrace with %s keeps numbers of that dtype exactly and halves the file", async (storageDtype) => {
    const dir = join(await temporaryFolder(), "run");
    const writer = await startSmallTrace(dir, {storageDtype, steps: 1});
    for (const step of [0, 1]) {
      await writer.writeState("state", new Float32Array(SLAB).fill(step + 0.5), step);
      await writer.finishStep(step, 0);
    }
    await writer.complete();
    const reader = await openTrace(dir);
    expect([...(await reader.readSite("state", {steps: [1, 1]})).data]).toEqual(new Array(SLAB).fill(1.5));
    await reader.close();
    const file = await openSafetensors(join(dir, "states.safetensors"));
    expect(file.tensors.get("state")!.end - file.tensors.get("state")!.begin).toBe(2 * SLAB * 2);
    await file.close();
  });

  it.each(["f32", "bf16", "f16"] as const)(
    "readRows of a %s trace fills the memory it is given with the rows that readSite gives",
    async (storageDtype) => {
      const dir = join(await temporaryFolder(), "run");
      const writer = await startSmallTrace(dir, {storageDtype});
      for (let step = 0; step <= 4; ++step) {
        await writer.writeState(
          "state",
          numberedSlab(step, SLAB).map((x) => (x % 7) - 0.5),
          step
        );
        if (step === 0) await writer.writeState("ln_f", Float32Array.of(1, 2, 3, 4));
        await writer.finishStep(step, 0);
      }
      await writer.complete();
      const reader = await openTrace(dir);
      for (const site of ["state", "state_normed"]) {
        const {data} = await reader.readSite(site);
        const into = new Float32Array(13 * 4).fill(-1);
        await reader.readRows(site, 5, into.subarray(4, 48));
        expect([...into]).toEqual([...new Array<number>(4).fill(-1), ...data.subarray(5 * 4, 16 * 4), ...new Array<number>(4).fill(-1)]);
      }
      await expect(reader.readRows("state", 25, new Float32Array(24))).rejects.toThrow("invalid rows of state: 25 to 31; expected 0 to 30");
      await expect(reader.readRows("state", 0, new Float32Array(3))).rejects.toThrow("invalid rows of state: 0 to 0.75; expected 0 to 30");
      await reader.close();
    }
  );

  it("createTrace refuses a folder that holds something, and touches nothing in it", async () => {
    const dir = await temporaryFolder();
    await writeFile(join(dir, "mine.txt"), "kept");
    await expect(startSmallTrace(dir)).rejects.toThrow(`invalid run folder: ${dir} is not empty; expected a new or an empty one`);
    expect(await readdir(dir)).toEqual(["mine.txt"]);
  });

  it("createTrace refuses a file where the folder should be", async () => {
    const path = join(await temporaryFolder(), "run");
    await writeFile(path, "");
    await expect(startSmallTrace(path)).rejects.toThrow(`invalid run folder: ${path}; expected a folder, found a file`);
  });

  it("createTrace says both numbers when the disk is too small, and makes no folder", async () => {
    const dir = join(await temporaryFolder(), "run");
    const huge = {name: "state", dtype: "F32", shape: [1024, 1024, 1024], steps: 1e6} as const;
    await expect(createTrace(dir, smallAnnouncement(), {states: [huge]})).rejects.toThrow(
      /^too little disk: the trace takes 4294967296000\d+ bytes; \d+ are free at /
    );
    await expect(stat(dir)).rejects.toThrow("ENOENT");
  });

  it("createTrace refuses slabs of the wrong size, step or name", async () => {
    const writer = await startSmallTrace(join(await temporaryFolder(), "run"));
    await expect(writer.writeState("state", new Float32Array(5), 0)).rejects.toThrow("invalid slab of state: 5 numbers; expected [2,3,4]");
    await expect(writer.writeState("state", new Float32Array(SLAB), 5)).rejects.toThrow("invalid step of state: 5; expected 0 to 4");
    await expect(writer.writeState("stat", new Float32Array(SLAB), 0)).rejects.toThrow("unknown tensor: stat; one of input, ln_f, state");
    await expect(writer.writeReadout("entropy", new Float32Array(6), 0)).rejects.toThrow("announced without a readout");
    await expect(writer.complete()).rejects.toThrow("invalid completion: -1 steps written; expected 4");
    await writer.stop("test");
  });
});

describe("openTrace", () => {
  it("openTrace reads a run that is still being written, up to the steps it says", async () => {
    const dir = join(await temporaryFolder(), "run");
    const writer = await startSmallTrace(dir);
    await writeNumbered(writer, 0);
    await expect.poll(async () => (await readTrace(dir)).status).toBe("partial");
    const {steps_written} = await readTrace(dir);
    const reader = await openTrace(dir);
    expect((await reader.readSite("state")).steps).toBe(steps_written + 1);
    await reader.close();
    await writer.stop("test");
  });

  it("openTrace reads a slab of chosen steps, inits and tokens in the order asked for", async () => {
    const dir = join(await temporaryFolder(), "run");
    const writer = await startSmallTrace(dir);
    await writeNumbered(writer, 4);
    await writer.complete();
    const reader = await openTrace(dir);
    const slice = await reader.readSite("state", {steps: [2, 3], inits: [1], tokens: [2, 0]});
    expect(slice).toMatchObject({firstStep: 2, steps: 2, inits: 1, tokens: 2, width: 4});
    expect([...slice.data]).toEqual([2020, 2021, 2022, 2023, 2012, 2013, 2014, 2015, 3020, 3021, 3022, 3023, 3012, 3013, 3014, 3015]);
    await expect(reader.readSite("state", {steps: [0, 5]})).rejects.toThrow("invalid steps of state: 0 to 5; expected 0 to 4");
    await expect(reader.readSite("state", {tokens: [3]})).rejects.toThrow("invalid token: 3; expected 0 to 2");
    await expect(reader.readSite("core.0.out")).rejects.toThrow("unknown site: core.0.out; one of state, state_normed");
    await reader.close();
  });

  it("openTrace computes state_normed as the root mean square norm times ln_f", async () => {
    const dir = join(await temporaryFolder(), "run");
    const writer = await startSmallTrace(dir, {steps: 1, inits: 1, tokens: 1});
    await writer.writeState("ln_f", Float32Array.of(1, 2, 1, 1));
    for (const step of [0, 1]) {
      await writer.writeState("state", Float32Array.of(2, -2, 2, 2), step); // root mean square 2
      await writer.finishStep(step, 0);
    }
    await writer.complete();
    const reader = await openTrace(dir);
    expect([...(await reader.readSite("state_normed", {steps: [1, 1]})).data]).toEqual([1, -2, 1, 1]);
    await reader.close();
  });

  it("openTrace refuses a folder without a trace, a broken trace.json and a shape that contradicts it", async () => {
    const empty = await temporaryFolder();
    await expect(openTrace(empty)).rejects.toThrow(`not a trace: ${empty} has no trace.json`);
    await writeFile(join(empty, "state.npy"), "states");
    await expect(openTrace(join(empty, "state.npy"))).rejects.toThrow(
      `not a trace: ${join(empty, "state.npy")} is a file; expected a folder, which orrery import makes of it`
    );
    await writeFile(join(empty, "trace.json"), "{");
    await expect(openTrace(empty)).rejects.toThrow("trace.json: not JSON");
    await writeFile(join(empty, "trace.json"), '{"schema": "orrery-trace/9"}');
    await expect(openTrace(empty)).rejects.toThrow(
      "trace.json has schema orrery-trace/9; this program reads orrery-trace/1 and orrery-trace/2"
    );

    const dir = join(await temporaryFolder(), "run");
    const writer = await startSmallTrace(dir);
    await writeNumbered(writer, 4);
    await writer.complete();
    const text = await readFile(join(dir, "trace.json"), "utf8");
    await writeFile(join(dir, "trace.json"), text.replace('"width": 4', '"width": 5'));
    await expect(openTrace(dir)).rejects.toThrow("invalid state: [5, 2, 3, 4]; trace.json promises [steps, 2, 3, 5]");
  });

  it("openTrace refuses a complete run whose file was cut", async () => {
    const dir = join(await temporaryFolder(), "run");
    const writer = await startSmallTrace(dir);
    await writeNumbered(writer, 4);
    await writer.complete();
    await truncate(join(dir, "states.safetensors"), 500);
    await expect(openTrace(dir)).rejects.toThrow("truncated or padded file: 500 bytes");
  });
});

describe("stop", () => {
  it("stop leaves files that any safetensors reader opens, with the steps that were written", async () => {
    const dir = join(await temporaryFolder(), "run");
    const writer = await startSmallTrace(dir, {readout: true});
    await writeNumbered(writer, 2);
    await writer.stop("cancelled");
    expect(await readTrace(dir)).toMatchObject({status: "partial", stopped: "cancelled", steps_written: 2});
    const file = await openSafetensors(join(dir, "states.safetensors"));
    expect(file.tensors.get("state")!.shape).toEqual([3, 2, 3, 4]);
    expect([...(await file.readFloats("state", 2 * SLAB))]).toEqual([...numberedSlab(2, SLAB)]);
    await file.close();
  });
});

describe("sealKilledTrace", () => {
  it("sealKilledTrace makes a readable partial run of what a killed writer left", async () => {
    const dir = join(await temporaryFolder(), "run");
    await writeNumbered(await startSmallTrace(dir, {readout: true}), 2); // never closed
    const trace = JSON.parse(await readFile(join(dir, "trace.json"), "utf8")) as Record<string, unknown>;
    await writeFile(join(dir, "trace.json"), JSON.stringify({...trace, steps_written: 2, step_ms: [1, 1]})); // as the writer saves every 200 ms
    expect(await isBeingWritten(dir)).toBe(true);
    expect(await sealKilledTrace(dir, "killed")).toMatchObject({status: "partial", stopped: "killed", steps_written: 2});
    expect(await isBeingWritten(dir)).toBe(false);
    const reader = await openTrace(dir);
    expect([...(await reader.readSite("state", {steps: [2, 2]})).data]).toEqual([...numberedSlab(2, SLAB)]);
    expect((await reader.readReadout())!.entropy.shape).toEqual([3, 2, 3]);
    await reader.close();
    expect((await readdir(dir)).sort()).toEqual(["readout.safetensors", "states.safetensors", "trace.json"]);
  });

  it("sealKilledTrace counts only steps that are whole on disk, whatever trace.json says", async () => {
    const dir = join(await temporaryFolder(), "run");
    await writeNumbered(await startSmallTrace(dir), 2);
    const path = join(dir, "states.safetensors");
    await truncate(path, (await stat(path)).size - 4);
    const trace = JSON.parse(await readFile(join(dir, "trace.json"), "utf8")) as Record<string, unknown>;
    await writeFile(join(dir, "trace.json"), JSON.stringify({...trace, steps_written: 2, step_ms: [1, 1]}));
    expect(await sealKilledTrace(dir, "killed")).toMatchObject({steps_written: 1, step_ms: [1]});
    const reader = await openTrace(dir);
    expect((await reader.readSite("state")).steps).toBe(2);
    await reader.close();
  });

  it("sealKilledTrace of a run killed before its first state says that nothing was written", async () => {
    const dir = join(await temporaryFolder(), "run");
    await startSmallTrace(dir);
    expect(await sealKilledTrace(dir, "killed")).toMatchObject({stopped: "killed", steps_written: -1});
    const reader = await openTrace(dir);
    expect((await reader.readSite("state")).steps).toBe(0);
    await reader.close();
    const file = await openSafetensors(join(dir, "states.safetensors")); // as any reader does
    expect(file.tensors.get("state")!.shape[0]).toBe(0);
    await file.close();
  });

  it("a run that ends before its first state, with half a constant, is one that any reader opens", async () => {
    const path = join(await temporaryFolder(), "states.safetensors");
    const tensors = [
      {name: "whole", dtype: "F32", shape: [3]},
      {name: "half", dtype: "F32", shape: [4]},
      {name: "state", dtype: "F32", shape: [2, 3, 4], steps: 5}
    ] as const;
    const made = await createStepFile(path, tensors);
    await made.write("whole", Float32Array.of(1, 2, 3));
    await made.write("half", Float32Array.of(4, 5, 6, 7));
    await made.close();
    await truncate(path, (await stat(path)).size - 8);
    await sealStepFile(path, tensors, -1);
    const file = await openSafetensors(path);
    expect([...file.tensors].map(([name, {shape}]) => [name, shape])).toEqual([
      ["whole", [3]],
      ["state", [0, 2, 3, 4]]
    ]);
    expect([...(await file.readFloats("whole"))]).toEqual([1, 2, 3]);
    await file.close();
  });

  it("sealKilledTrace leaves a complete run and an earlier reason alone", async () => {
    const dir = join(await temporaryFolder(), "run");
    const writer = await startSmallTrace(dir);
    await writeNumbered(writer, 4);
    await writer.complete();
    expect(await sealKilledTrace(dir, "killed")).toMatchObject({status: "complete", stopped: null});

    const other = join(await temporaryFolder(), "run");
    const stopped = await startSmallTrace(other);
    await writeNumbered(stopped, 1);
    await stopped.stop("cancelled");
    expect(await sealKilledTrace(other, "killed")).toMatchObject({stopped: "cancelled", steps_written: 1});
  });
});

describe("isBeingWritten", () => {
  it("isBeingWritten is false for a mark of a process that is gone, and for one cut short", async () => {
    const dir = await temporaryFolder();
    await mkdir(dir, {recursive: true});
    const {hostname} = await import("node:os");
    await writeFile(join(dir, WRITER_FILE), JSON.stringify({pid: 2 ** 22 + 1, host: hostname()})); // above Linux' largest pid
    expect(await isBeingWritten(dir)).toBe(false);
    await writeFile(join(dir, WRITER_FILE), '{"pid": 1');
    expect(await isBeingWritten(dir)).toBe(false);
  });

  it("isBeingWritten believes a mark made on another machine", async () => {
    const dir = await temporaryFolder();
    await writeFile(join(dir, WRITER_FILE), JSON.stringify({pid: 1, host: "another-machine"}));
    expect(await isBeingWritten(dir)).toBe(true);
  });
});
