import {mkdir, readdir, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {shapes, writeRandomCheckpoint} from "../../../../fixtures/randomCheckpoint.ts";
import type {ComputeDtype} from "../../../../capture/engine/choices.ts";
import {loadEngine} from "../../../../capture/engine/loadEngine.ts";
import {initialStates} from "../../../../capture/loop/initialState.ts";
import {encodeSafetensors, openSafetensors} from "../../../../capture/trace/safetensors.ts";
import {momentsOf} from "../../../support/runs.ts";
import {temporaryFolder} from "../../../support/temporaryFolder.ts";

/** Just beyond what is held in a graph (66 MB of weights), in four shards. */
const config = {...shapes.w512, n_layers_in_prelude: 1, n_layers_in_recurrent_block: 2, n_layers_in_coda: 1};
const ids = [5, 3, 8, 1];

async function randomModel(dtype: "f32" | "bf16" | "f16"): Promise<string> {
  const folder = join(await temporaryFolder(), "model");
  await writeRandomCheckpoint(folder, {config, seed: 4, dtype, shardBytes: 16_000_000});
  return folder;
}

/** The same weights as a checkpoint of float32. */
async function widened(folder: string): Promise<string> {
  const wide = join(await temporaryFolder(), "wide");
  await mkdir(wide);
  for (const name of await readdir(folder)) {
    if (!name.endsWith(".safetensors")) {
      await writeFile(join(wide, name), await readFile(join(folder, name)));
      continue;
    }
    const file = await openSafetensors(join(folder, name));
    const tensors: Record<string, {shape: readonly number[]; data: Float32Array}> = {};
    for (const [tensor, {shape}] of file.tensors) tensors[tensor] = {shape, data: await file.readFloats(tensor)};
    await file.close();
    await writeFile(join(wide, name), encodeSafetensors(tensors));
  }
  return wide;
}

async function run(
  folder: string,
  {dtype = "f32", cacheFolder, log}: {dtype?: ComputeDtype; cacheFolder: string; log?: (line: string) => void}
) {
  const engine = await loadEngine(folder, {dtype, cacheFolder, log, threads: 1});
  const moments = await momentsOf(engine, {
    ids,
    initial: initialStates(engine.model, {inits: 1, tokens: ids.length, seed: 1}),
    inits: 1,
    steps: 4,
    sites: ["logits"]
  });
  await engine.dispose();
  return moments;
}

const relativeError = (a: Float32Array, b: Float32Array) =>
  Math.sqrt(a.reduce((sum, x, i) => sum + (x - b[i]) ** 2, 0) / b.reduce((sum, x) => sum + x * x, 0));

describe("a model too large for a graph", () => {
  it("reads its shards in place and leaves nothing in the cache folder", async () => {
    const folder = await randomModel("f32");
    const cacheFolder = join(await temporaryFolder(), "cache");
    const moments = await run(folder, {cacheFolder});
    expect(moments).toHaveLength(5);
    expect(await readdir(cacheFolder)).toEqual([]);
  });

  it.each(["bf16", "f16"] as const)("computes the same from shards of %s as from the same numbers in float32", async (dtype) => {
    const cacheFolder = await temporaryFolder();
    const narrow = await randomModel(dtype);
    const [from16, from32] = [await run(narrow, {cacheFolder}), await run(await widened(narrow), {cacheFolder})];
    from16.forEach(({state, sites}, step) => {
      expect(state).toEqual(from32[step].state);
      expect(sites.get("logits")).toEqual(from32[step].sites.get("logits"));
    });
  });

  it("is converted to 8 bits once, and stays within 2 % of float32", async () => {
    const cacheFolder = await temporaryFolder();
    const folder = await randomModel("bf16");
    const lines: string[] = [];
    const exact = await run(folder, {cacheFolder});
    const rounded = await run(folder, {dtype: "int8", cacheFolder, log: (line) => lines.push(line)});
    const again = await run(folder, {dtype: "int8", cacheFolder, log: (line) => lines.push(line)});
    expect(lines).toEqual([expect.stringContaining("converting model to 8 bits")]);
    expect(again).toEqual(rounded);
    const errors = rounded.slice(1).map(({state}, i) => relativeError(state, exact[i + 1].state));
    console.log(
      `int8 against f32 at width 512: relative error of the state ${errors.map((error) => error.toExponential(1)).join(", ")} at steps 1 to 4`
    );
    expect(Math.max(...errors)).toBeLessThan(0.02);
    expect(Math.min(...errors)).toBeGreaterThan(1e-4); // it is another computation, not float32 again
  });
});

describe("loadEngine", () => {
  it("refuses 8 bits and other devices for tfjs", async () => {
    const folder = join(import.meta.dirname, "../../../../fixtures/models/tiny-arithmetic");
    await expect(loadEngine(folder, {engine: "tfjs", dtype: "int8"})).rejects.toThrow(
      "unsupported dtype: int8; the tfjs engine computes in f32"
    );
    await expect(loadEngine(folder, {engine: "tfjs", device: "cuda"})).rejects.toThrow(
      "unsupported device: cuda; the tfjs engine computes on the cpu"
    );
  });

  it.each(["cuda", "webgpu", "coreml", "dml"] as const)("says that %s is not available where it is not", async (device) => {
    const outcome = await loadEngine(join(import.meta.dirname, "../../../../fixtures/models/tiny-arithmetic"), {device}).then(
      async (engine) => (await engine.dispose(), "available"),
      (error: Error) => error.message
    );
    console.log(`device ${device}: ${outcome}`);
    expect(outcome).toMatch(new RegExp(`^(available$|device not available: ${device}; onnxruntime says: .+; cpu works everywhere$)`));
  });
});
