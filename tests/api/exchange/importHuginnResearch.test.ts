import {existsSync} from "node:fs";
import {readdir} from "node:fs/promises";
import {join} from "node:path";
import {zipSync} from "fflate";
import {describe, expect, it} from "vitest";
import {importRun} from "../../../api/exchange/importRun.ts";
import {pythonWith} from "../../support/python.ts";
import {folder, npy, opened} from "./importFiles.ts";

const numpy = pythonWith("numpy");
const realStates = "../shared/huginn-trajectories/track_n4_ns64.safetensors";
const hasReal = existsSync(realStates);
if (!hasReal) console.log(`skipped: ${realStates} is not there`);

const now = () => new Date("2026-01-02T03:04:05.000Z");

describe("importRun of a huginn-research run", () => {
  const states = Float32Array.from({length: 3 * 2 * 4}, (_, i) => i + 0.1);
  const archive = zipSync(
    {
      "states.npy": npy("F32", [3, 2, 4], states),
      "selected_indices.npy": npy("I64", [2], BigInt64Array.of(5n, 9n)),
      "input_length.npy": npy("I64", [], BigInt64Array.of(8n)),
      "sequence_length.npy": npy("I64", [], BigInt64Array.of(12n)),
      "num_steps.npy": npy("I64", [], BigInt64Array.of(2n))
    },
    {mtime: "2026-01-01"}
  );
  const tokens = {
    capture_mode: "teacher-forced",
    alignment: "token",
    tokens: [
      {position: 5, token_id: 17, token_text: " seven", scope: "input"},
      {position: 9, token_id: 18, token_text: "\n", scope: "output"}
    ],
    example_id: "gsm-1"
  };
  const run = {command: "trajectory", model: "tomg-group-umd/huginn-0125", num_steps: 2, seed: 3};
  const files = {
    "run.json": JSON.stringify(run),
    "trajectories/example_000001.npz": archive,
    "trajectories/example_000002.npz": archive,
    "tokens/example_000001.json": JSON.stringify(tokens),
    "tokens/example_000002.json": JSON.stringify({...tokens, example_id: "gsm-2"})
  };

  it("makes one trace of each example", async () => {
    const dir = await folder(files);
    const out = join(dir, "out");
    expect(await importRun(dir, {out, now})).toEqual({
      format: "huginn-research",
      runs: [join(out, "example_000001"), join(out, "example_000002")],
      skipped: [],
      warnings: []
    });
    const reader = await opened(join(out, "example_000002"));
    expect(reader.trace).toMatchObject({
      title: "example gsm-2",
      model: {name: "tomg-group-umd/huginn-0125"},
      tokens: [
        {id: 17, text: " seven"},
        {id: 18, text: "\n"}
      ],
      inits: [{kind: "normal", seed: 3, scale: 1}],
      steps: 2,
      width: 4,
      storage_dtype: "f32",
      imported: {
        format: "huginn-research",
        file: "trajectories/example_000002.npz",
        notes: ["captured by teacher-forced, aligned by token", "positions in the sequence: 5, 9"]
      }
    });
    expect((await reader.readSite("state", {tokens: [1]})).data).toEqual(
      Float32Array.from([4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23], (i) => i + 0.1)
    );
  });

  it("makes one trace of a chosen example", async () => {
    const dir = await folder(files);
    expect((await importRun(dir, {out: join(dir, "out"), example: "example_000001"})).runs).toEqual([join(dir, "out")]);
    await expect(importRun(dir, {out: join(dir, "no"), example: "x"})).rejects.toThrow(
      "unknown example: x; one of example_000001, example_000002"
    );
  });

  it.each([
    {
      what: "fewer tokens than states",
      change: {"tokens/example_000001.json": JSON.stringify({...tokens, tokens: tokens.tokens.slice(1)})},
      message: "invalid states: 2 tokens; tokens/example_000001.json names 1"
    },
    {
      what: "other steps than run.json says",
      change: {"run.json": JSON.stringify({...run, num_steps: 64})},
      message: "invalid states: 3 rows; 64 steps and the initial state make 65"
    },
    {what: "a broken run.json", change: {"run.json": "{"}, message: "run.json: not JSON"},
    {what: "a run.json without a model", change: {"run.json": JSON.stringify({num_steps: 2})}, message: "run.json: model: "}
  ])("refuses $what and leaves nothing", async ({change, message}) => {
    const dir = await folder({...files, ...change});
    await expect(importRun(dir, {out: join(dir, "out"), example: "example_000001"})).rejects.toThrow(message);
    expect((await readdir(dir)).sort()).toEqual(["run.json", "tokens", "trajectories"]);
  });

  it.skipIf(!numpy)("reads what numpy itself compressed", async () => {
    const dir = await folder(files);
    numpy!(
      `import sys, numpy as np
np.savez_compressed(sys.argv[1] + "/trajectories/example_000001.npz", states=np.arange(24, dtype=np.float32).reshape(3, 2, 4), selected_indices=np.array([5, 9]), input_length=np.int64(8), sequence_length=np.int64(12), num_steps=np.int64(2))`,
      dir
    );
    await importRun(dir, {out: join(dir, "out"), example: "example_000001"});
    const reader = await opened(join(dir, "out"));
    expect((await reader.readSite("state")).data).toEqual(Float32Array.from({length: 24}, (_, i) => i));
    expect(reader.trace.storage_dtype).toBe("bf16"); // whole numbers below 256 are bfloat16 numbers
  });
});
