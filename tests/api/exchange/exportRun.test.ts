import {readFile, readdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import type {ExportFormat} from "../../../api/contract/exportFormats.ts";
import {exportRun} from "../../../api/exchange/exportRun.ts";
import {openSafetensors} from "../../../capture/trace/safetensors.ts";
import {pythonWith} from "../../support/python.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";
import {exported, statesOfRun} from "./exported.ts";
import {exampleTrace, hardTokens, size} from "./exampleTrace.ts";

const numpy = pythonWith("numpy");
const safetensors = pythonWith("numpy", "safetensors");
const tensorboard = pythonWith("tensorboard.plugins.projector.projector_plugin");
const {steps, inits, tokens, width} = size;

describe("exportRun to safetensors", () => {
  it("holds every tensor of the run in its own dtype, and the trace as metadata", async () => {
    const {reader, out} = await exported("safetensors", {storageDtype: "bf16"});
    const file = await openSafetensors(out);
    expect([...file.tensors.keys()]).toEqual([
      "input",
      "ln_f",
      "state",
      "core.0.out",
      "top_ids",
      "top_logprobs",
      "entropy",
      "kl_prev",
      "kl_final"
    ]);
    expect(file.tensors.get("state")).toMatchObject({dtype: "BF16", shape: [steps + 1, inits, tokens, width]});
    expect(file.tensors.get("top_ids")).toMatchObject({dtype: "I32", shape: [steps + 1, inits, tokens, 2]});
    expect(await file.readFloats("state")).toEqual((await statesOfRun(reader)).data);
    expect(JSON.parse(file.metadata.orrery_trace)).toEqual(reader.trace);
    await file.close();
  });

  it("ends a partial run at the last step written", async () => {
    const {out} = await exported("safetensors", {last: 2});
    const file = await openSafetensors(out);
    expect(file.tensors.get("state")?.shape).toEqual([3, inits, tokens, width]);
    expect(file.tensors.get("core.0.out")?.shape).toEqual([2, inits, tokens, width]);
    expect(file.tensors.get("entropy")?.shape).toEqual([3, inits, tokens]);
    await file.close();
  });

  it.skipIf(!safetensors)("opens in Python", async () => {
    const {reader, out} = await exported("safetensors");
    const read = JSON.parse(
      safetensors!(
        `import sys, json
from safetensors.numpy import load_file
t = load_file(sys.argv[1])
print(json.dumps({"shape": t["state"].shape, "state": t["state"].reshape(-1).tolist(), "ids": t["top_ids"].dtype.name}))`,
        out
      )
    );
    expect(read).toEqual({shape: [steps + 1, inits, tokens, width], state: [...(await statesOfRun(reader)).data], ids: "int32"});
  });
});

describe("exportRun to npz", () => {
  it("is the same bytes twice", async () => {
    const [first, second] = await Promise.all([exported("npz", {storageDtype: "bf16"}), exported("npz", {storageDtype: "bf16"})]);
    expect((await readFile(first.out)).equals(await readFile(second.out))).toBe(true);
  });

  it.skipIf(!numpy)("opens in numpy without pickle: states widened to float32, the trace as text", async () => {
    const {reader, out} = await exported("npz", {storageDtype: "bf16"});
    const read = JSON.parse(
      numpy!(
        `import sys, json, numpy as np
z = np.load(sys.argv[1], allow_pickle=False)
print(json.dumps({"names": z.files, "dtype": z["state"].dtype.name, "state": z["state"].reshape(-1).tolist(), "ids": z["top_ids"][1, 0, 0].tolist(), "trace": json.loads(str(z["orrery_trace"]))}))`,
        out
      )
    );
    expect(read).toEqual({
      names: [
        "orrery_trace",
        "orrery_tensors",
        "orrery_texts",
        "input",
        "ln_f",
        "state",
        "core.0.out",
        "top_ids",
        "top_logprobs",
        "entropy",
        "kl_prev",
        "kl_final"
      ],
      dtype: "float32",
      state: [...(await statesOfRun(reader)).data],
      ids: [60_100, 60_101],
      trace: reader.trace
    });
  });
});

describe("exportRun to the Projector", () => {
  it("joins every state to the one a step later, and survives the Projector's trimming of lines", async () => {
    const {reader, out} = await exported("projector");
    expect((await readdir(out)).sort()).toEqual(["metadata.tsv", "projector_config.json", "projector_config.pbtxt", "tensors.tsv"]);
    const parse = async (name: string): Promise<string[][]> =>
      (await readFile(join(out, name), "utf8"))
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => line !== "")
        .map((line) => line.split("\t"));
    const [header, ...rows] = await parse("metadata.tsv");
    const points = await parse("tensors.tsv");
    expect(points.length).toBe(50);
    expect(points.every((point) => point.length === width && point.every((x) => Number.isFinite(Number(x))))).toBe(true);
    expect(rows.every((row) => row.length === header.length)).toBe(true);
    const next = rows.map((row) => row[header.indexOf("__seq_next__")]);
    expect(next.slice(0, 40)).toEqual(Array.from({length: 40}, (_, i) => String(i + 10)));
    expect(next.slice(40)).toEqual(Array.from({length: 10}, () => ""));
    expect(rows.slice(0, 5).map((row) => JSON.parse(row[header.indexOf("text")]))).toEqual(hardTokens);
    const config = JSON.parse(await readFile(join(out, "projector_config.json"), "utf8"));
    expect(config.embeddings).toEqual([
      {tensorName: "state of small", tensorShape: [50, width], tensorPath: "tensors.tsv", metadataPath: "metadata.tsv"}
    ]);
    // All components: distances between points are those between states.
    const {data} = await statesOfRun(reader);
    const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number => Math.hypot(...Array.from(a, (x, i) => x - b[i]));
    expect(distance(points[3].map(Number), points[44].map(Number))).toBeCloseTo(
      distance(data.subarray(3 * width, 4 * width), data.subarray(44 * width, 45 * width)),
      4
    );
  });
});

describe("exportRun to the Projector, read by TensorBoard", () => {
  it.skipIf(!tensorboard)("has tensors and a configuration that its own code takes", async () => {
    const {out} = await exported("projector");
    const read = JSON.parse(
      tensorboard!(
        `import sys, json
from tensorboard.plugins.projector import projector_plugin, ProjectorConfig
from google.protobuf import json_format, text_format
text = lambda name: open(sys.argv[1] + "/" + name).read()
config = text_format.Parse(text("projector_config.pbtxt"), ProjectorConfig())
listed = json_format.Parse(text("projector_config.json"), ProjectorConfig())
shape = projector_plugin._read_tensor_tsv_file(sys.argv[1] + "/" + config.embeddings[0].tensor_path).shape
print(json.dumps({"shape": shape, "listed": list(listed.embeddings[0].tensor_shape), "metadata": config.embeddings[0].metadata_path}))`,
        out
      )
    );
    expect(read).toEqual({shape: [50, width], listed: [50, width], metadata: "metadata.tsv"});
  });
});

describe("exportRun", () => {
  it("refuses a name that is taken, keeps what is there, and replaces it when told to", async () => {
    const {reader, out} = await exported("csv");
    await writeFile(out, "mine");
    await expect(exportRun(reader, {format: "csv", out})).rejects.toThrow(`invalid output: ${out} is there already; expected a new name`);
    expect(await readFile(out, "utf8")).toBe("mine");
    const made = await exportRun(reader, {format: "csv", out, overwrite: true});
    expect(made).toEqual({out, format: "csv", bytes: (await readFile(out)).length});
  });

  it("never deletes a folder of something else, whatever it is told", async () => {
    const dir = await temporaryFolder();
    const reader = await exampleTrace(join(dir, "run"));
    for (const format of ["csv", "projector"] as const) {
      await expect(exportRun(reader, {format, out: join(dir, "run"), overwrite: true})).rejects.toThrow(
        `invalid output: ${join(dir, "run")} is a folder of something else, and is not replaced; expected a new name`
      );
    }
    expect((await readdir(join(dir, "run"))).sort()).toEqual([
      "readout.safetensors",
      "readout_texts.json",
      "states.safetensors",
      "trace.json"
    ]);
    for (const components of [2, 4]) await exportRun(reader, {format: "projector", out: join(dir, "p"), components, overwrite: true});
    expect((await readFile(join(dir, "p", "tensors.tsv"), "utf8")).split("\n")[0].split("\t").length).toBe(4);
  });

  it("leaves nothing behind when it fails", async () => {
    const dir = await temporaryFolder();
    const reader = await exampleTrace(join(dir, "run"));
    await expect(exportRun(reader, {format: "csv", out: join(dir, "x.csv"), site: "nowhere"})).rejects.toThrow(
      "unknown site: nowhere; one of state, core.0.out, state_normed"
    );
    expect(await readdir(dir)).toEqual(["run"]);
  });

  it("refuses an unknown format, tokens that are not there, and choices where the whole run is written", async () => {
    const dir = await temporaryFolder();
    const reader = await exampleTrace(join(dir, "run"));
    const out = join(dir, "x");
    await expect(exportRun(reader, {format: "xlsx" as ExportFormat, out})).rejects.toThrow(
      "unknown format: xlsx; one of npz, safetensors, parquet, parquet-wide, csv, projector, atlas"
    );
    await expect(exportRun(reader, {format: "csv", out, tokens: [5]})).rejects.toThrow("invalid token: 5; expected 0 to 4");
    await expect(exportRun(reader, {format: "npz", out, tokens: [1]})).rejects.toThrow(
      "invalid option for npz: tokens; it holds the whole run"
    );
  });

  it.each(["npz", "safetensors", "parquet", "parquet-wide", "csv", "projector", "atlas"] as const)(
    "exports a run that has only its initial state to %s",
    async (format) => {
      const {out} = await exported(format, {last: 0});
      expect((await readFile(format === "projector" ? join(out, "tensors.tsv") : out)).length).toBeGreaterThan(0);
    }
  );
});
