import {existsSync} from "node:fs";
import {readdir, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {exportRun} from "../../../api/exchange/exportRun.ts";
import {importRun, type ImportOptions} from "../../../api/exchange/importRun.ts";
import {readTrace} from "../../../capture/trace/reader.ts";
import {encodeSafetensors, openSafetensors} from "../../../capture/trace/safetensors.ts";
import {pythonWith} from "../../support/python.ts";
import {folder, npy, opened} from "./importFiles.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";
import {exampleTrace, size} from "./exampleTrace.ts";

const safetensors = pythonWith("numpy", "safetensors");
const realStates = "../shared/huginn-trajectories/track_n4_ns64.safetensors";
const hasReal = existsSync(realStates);
if (!hasReal) console.log(`skipped: ${realStates} is not there`);

const now = () => new Date("2026-01-02T03:04:05.000Z");
const widened = (words: readonly number[]): Float32Array => new Float32Array(Uint32Array.from(words, (word) => word << 16).buffer); // bfloat16 numbers

describe("importRun of what was exported", () => {
  it.each([
    {format: "safetensors", storageDtype: "f32", last: size.steps},
    {format: "safetensors", storageDtype: "bf16", last: 2},
    {format: "npz", storageDtype: "f32", last: 0},
    {format: "npz", storageDtype: "bf16", last: size.steps},
    {format: "npz", storageDtype: "f16", last: 3}
  ] as const)("gives the same trace back bit for bit: $format of $storageDtype up to step $last", async ({format, ...options}) => {
    const dir = await temporaryFolder();
    const {trace} = await exampleTrace(join(dir, "run"), options);
    await exportRun(await opened(join(dir, "run")), {format, out: join(dir, "file")});
    await importRun(join(dir, "file"), {out: join(dir, "again")});
    expect(await readTrace(join(dir, "again"))).toEqual(trace);
    expect((await readdir(join(dir, "again"))).sort()).toEqual((await readdir(join(dir, "run"))).sort());
    for (const name of ["states.safetensors", "readout.safetensors", "readout_texts.json"])
      expect((await readFile(join(dir, "again", name))).equals(await readFile(join(dir, "run", name))), name).toBe(true);
  });

  it("copies a trace folder without what is not a trace's own", async () => {
    const dir = await temporaryFolder();
    const {trace} = await exampleTrace(join(dir, "run"));
    await writeFile(join(dir, "run", "run.sh"), "echo");
    expect(await importRun(join(dir, "run"), {out: join(dir, "again")})).toMatchObject({format: "trace", runs: [join(dir, "again")]});
    expect((await readdir(join(dir, "again"))).sort()).toEqual([
      "readout.safetensors",
      "readout_texts.json",
      "states.safetensors",
      "trace.json"
    ]);
    expect(await readTrace(join(dir, "again"))).toEqual(trace);
  });

  it("takes no memory or disk for the steps that a partial run only announces, and refuses a complete one without them", async () => {
    const dir = await temporaryFolder();
    const {trace} = await exampleTrace(join(dir, "run"), {last: 3});
    const change = (changed: object) => writeFile(join(dir, "run", "trace.json"), JSON.stringify({...trace, ...changed}));
    await change({steps: 2 ** 50});
    await importRun(join(dir, "run"), {out: join(dir, "again")});
    expect(await readTrace(join(dir, "again"))).toMatchObject({status: "partial", steps: 2 ** 50, steps_written: 3});
    await change({steps: 9, status: "complete", stopped: null});
    await expect(importRun(join(dir, "run"), {out: join(dir, "whole")})).rejects.toThrow(
      "invalid steps_written: 3; expected 9 of a run that is complete"
    );
  });

  it("refuses a file whose description promises other steps than it holds, and leaves nothing", async () => {
    const dir = await temporaryFolder();
    const {trace} = await exampleTrace(join(dir, "run"));
    const state = {shape: [2, 2, 5, 6], data: new Float32Array(120)};
    await writeFile(
      join(dir, "x"),
      encodeSafetensors(
        {state},
        {orrery_trace: JSON.stringify(trace), orrery_tensors: JSON.stringify({state: {dtype: "F32", file: "states"}})}
      )
    );
    await expect(importRun(join(dir, "x"), {out: join(dir, "out")})).rejects.toThrow(
      `${join(dir, "x")}: invalid state: [2, 2, 5, 6]; the trace promises [5, 2, 5, 6]`
    );
    expect((await readdir(dir)).sort()).toEqual(["run", "x"]);
  });

  it.each([
    {what: "no JSON", texts: {orrery_trace: "{"}, message: "invalid orrery_trace: not JSON"},
    {what: "no trace", texts: {orrery_trace: "{}"}, message: "not a trace: orrery_trace: schema: "},
    {
      what: "no state, and so nothing that bounds its steps",
      texts: {orrery_trace: "trace", orrery_tensors: "{}"},
      message: "missing state: the trace promises 4 steps"
    },
    {
      what: "texts of no tokens",
      texts: {orrery_trace: "trace", orrery_tensors: '{"state":{"dtype":"F32","file":"states"}}', orrery_texts: '{"x": "y"}'},
      message: "invalid orrery_texts: expected texts by token id"
    },
    {what: "no list of tensors", texts: {orrery_trace: "trace"}, message: "missing orrery_tensors"},
    {
      what: "a list that names what is not there",
      texts: {orrery_trace: "trace", orrery_tensors: '{"entropy":{"dtype":"F32","file":"readout"}}'},
      message: "missing array: entropy; the file holds state"
    },
    {
      what: "a name that no tensor may have",
      texts: {orrery_trace: "trace", orrery_tensors: '{"__metadata__":{"dtype":"F32","file":"states"}}'},
      message: "invalid orrery_tensors: __metadata__: "
    },
    {
      what: "a dtype that no trace holds",
      texts: {orrery_trace: "trace", orrery_tensors: '{"state":{"dtype":"I64","file":"states"}}'},
      message: "invalid state: I64; a trace holds F32, BF16, F16 or I32"
    },
    {
      what: "a narrower dtype than its numbers need",
      texts: {orrery_trace: "trace", orrery_tensors: '{"state":{"dtype":"BF16","file":"states"}}'},
      message: "invalid state: 0.10000000149011612 is no BF16 number; expected what BF16 holds"
    }
  ])("refuses a description with $what", async ({texts, message}) => {
    const dir = await temporaryFolder();
    const {trace} = await exampleTrace(join(dir, "run"));
    const filled = Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, text === "trace" ? JSON.stringify(trace) : text]));
    await writeFile(join(dir, "x"), encodeSafetensors({state: {shape: [5, 2, 5, 6], data: new Float32Array(300).fill(0.1)}}, filled));
    await expect(importRun(join(dir, "x"), {out: join(dir, "out")})).rejects.toThrow(`${join(dir, "x")}: ${message}`);
  });
});

describe("importRun of a bare file", () => {
  const words = Array.from({length: 24}, (_, i) => 0x3f80 + i);

  it("stores a float32 container of bfloat16 as bfloat16, and says so", async () => {
    const dir = await folder({"x.npy": npy("F32", [4, 3, 2], widened(words))});
    const out = join(dir, "out");
    expect(await importRun(join(dir, "x.npy"), {out, now, model: "huginn-0125", title: "t"})).toEqual({
      format: "npy",
      runs: [out],
      skipped: [],
      warnings: []
    });
    const reader = await opened(out);
    expect(reader.trace).toMatchObject({
      status: "complete",
      title: "t",
      model: {name: "huginn-0125", hash: null, revision: null, config: {}},
      tokens: [
        {id: 0, text: "#0"},
        {id: 1, text: "#1"},
        {id: 2, text: "#2"}
      ],
      inits: [{kind: "file", seed: null, scale: null}],
      steps: 3,
      steps_written: 3,
      width: 2,
      compute_dtype: "bf16",
      storage_dtype: "bf16",
      created: "2026-01-02T03:04:05.000Z",
      imported: {
        format: "npy",
        file: "x.npy",
        notes: [
          "the axes of state [4, 3, 2] were taken as step,token,width",
          "every number of the float32 file is a bfloat16 number, and is stored as such without loss",
          "row 0 of 4 became step 0; whether it is the initial state is not known",
          "tokens are not known: they are numbered"
        ]
      }
    });
    expect((await reader.readSite("state")).data).toEqual(widened(words));
    const file = await openSafetensors(join(out, "states.safetensors"));
    expect(file.tensors.get("state")).toMatchObject({dtype: "BF16", shape: [4, 1, 3, 2]});
    await file.close();
  });

  it("keeps float32 states, input and ln_f of a safetensors file, so that state_normed can be read", async () => {
    const data = Float32Array.from({length: 24}, (_, i) => Math.sqrt(i + 1));
    const dir = await folder({
      "x.safetensors": encodeSafetensors({
        state: {shape: [3, 2, 2, 2], data},
        ln_f: {shape: [2], data: Float32Array.of(1, 2)},
        input: {shape: [2, 2], data: Float32Array.of(1, 2, 3, 4)},
        other: {shape: [9], data: new Float32Array(9)}
      })
    });
    await importRun(join(dir, "x.safetensors"), {out: join(dir, "out")});
    const reader = await opened(join(dir, "out"));
    expect(reader.trace).toMatchObject({storage_dtype: "f32", steps: 2, inits: [{}, {}], tokens: [{}, {}]});
    expect((await reader.readSite("state")).data).toEqual(data);
    expect(reader.sites).toEqual(["state", "state_normed"]);
    expect((await reader.readConstant("input")).data).toEqual(Float32Array.of(1, 2, 3, 4));
  });

  it("refuses a single row, and a name that is taken", async () => {
    const dir = await folder({"one.npy": npy("F32", [1, 4], new Float32Array(4)), "two.npy": npy("F32", [2, 4], new Float32Array(8))});
    await expect(importRun(join(dir, "one.npy"), {out: join(dir, "out")})).rejects.toThrow(
      `${join(dir, "one.npy")}: invalid state: 1 row; expected at least 2 steps`
    );
    await importRun(join(dir, "two.npy"), {out: join(dir, "out")});
    await expect(importRun(join(dir, "two.npy"), {out: join(dir, "out")})).rejects.toThrow("is there already; expected a new name");
    expect((await readTrace(join(dir, "out"))).title).toBe("two"); // the file's, where nobody says one
    await importRun(join(dir, "two.npy"), {out: join(dir, "out"), overwrite: true, title: "again"});
    expect((await readTrace(join(dir, "out"))).title).toBe("again");
    await expect(importRun(join(dir, "two.npy"), {out: dir, overwrite: true})).rejects.toThrow(
      "is a folder of something else, and is not replaced"
    );
  });

  it.each([
    {what: "a folder of something else", path: "", message: "unknown folder: "},
    {what: "a file that is not there", path: "nowhere.npy", message: "no such file: "},
    {
      what: "an example of a file",
      path: "a.npy",
      options: {example: "x"},
      message: "invalid example: x; only a huginn-research run folder has examples"
    }
  ])("refuses $what", async ({path, options, message}) => {
    const dir = await folder({"a.npy": npy("F32", [2, 2], new Float32Array(4))});
    await expect(importRun(join(dir, path), {out: join(dir, "out"), ...options} as ImportOptions)).rejects.toThrow(message);
  });

  it.skipIf(!hasReal)("imports real Huginn states without changing a bit", async () => {
    const dir = await temporaryFolder();
    await importRun(realStates, {out: join(dir, "out")});
    const [source, made] = [await openSafetensors(realStates), await openSafetensors(join(dir, "out", "states.safetensors"))];
    expect(made.tensors.get("state")).toMatchObject({dtype: "BF16", shape: [64, 3, 1, 5280]});
    const [before, after] = [await source.readFloats("state"), await made.readFloats("state")];
    expect(Buffer.from(after.buffer).equals(Buffer.from(before.buffer))).toBe(true);
    await Promise.all([source.close(), made.close()]);
  });

  it.skipIf(!safetensors)("makes a trace that Python opens", async () => {
    const dir = await folder({
      "x.npy": npy(
        "F32",
        [4, 3, 2],
        Float32Array.from({length: 24}, (_, i) => i / 7)
      )
    });
    await importRun(join(dir, "x.npy"), {out: join(dir, "out")});
    const printed = safetensors!(
      `import sys; from safetensors.numpy import load_file; t = load_file(sys.argv[1]); print(t["state"].shape, t["state"].dtype, round(float(t["state"][3, 0, 2, 1]), 6))`,
      join(dir, "out", "states.safetensors")
    );
    expect(printed.trim()).toBe(`(4, 1, 3, 2) float32 ${(23 / 7).toFixed(6)}`);
  });
});
