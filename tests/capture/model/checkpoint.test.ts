import {copyFile, mkdir, readFile, truncate, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {loadEngine} from "../../../capture/engine/loadEngine.ts";
import {loadCheckpoint} from "../../../capture/families/loadCheckpoint.ts";
import {encodeFloats, safetensorsDtypeOf, type StorageDtype} from "../../../capture/trace/dtype.ts";
import {openSafetensors} from "../../../capture/trace/safetensors.ts";
import {headerOf} from "../../../capture/trace/safetensorsHeader.ts";
import {shippedGolden} from "../../support/golden.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

interface Stored {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

const source = join(shippedGolden, "b_d48_h3_p1c2k1");

async function sourceTensors(): Promise<Stored[]> {
  const file = await openSafetensors(join(source, "model.safetensors"));
  const tensors: Stored[] = [];
  for (const [name, {shape}] of file.tensors) tensors.push({name, shape, data: await file.readFloats(name)});
  await file.close();
  return tensors;
}

async function writeTensors(path: string, tensors: readonly Stored[], dtype: StorageDtype = "f32"): Promise<void> {
  const header = headerOf(tensors.map(({name, shape}) => ({name, shape, dtype: safetensorsDtypeOf[dtype]})));
  await writeFile(path, Buffer.concat([header, ...tensors.map(({data}) => encodeFloats(dtype, data))]));
}

/** A copy of the golden model with its config and its tensors changed. */
async function checkpointOf({
  config = (json) => json,
  tensors = (all) => all,
  dtype
}: {
  config?: (json: Record<string, unknown>) => Record<string, unknown>;
  tensors?: (all: Stored[]) => Stored[];
  dtype?: StorageDtype;
} = {}): Promise<string> {
  const folder = await temporaryFolder();
  const json = JSON.parse(await readFile(join(source, "config.json"), "utf8")) as Record<string, unknown>;
  await writeFile(join(folder, "config.json"), JSON.stringify(config(json)));
  await writeTensors(join(folder, "model.safetensors"), tensors(await sourceTensors()), dtype);
  return folder;
}

const stateAfterOneStep = async (folder: string): Promise<Float32Array> => {
  const engine = await loadEngine(folder);
  const next = await engine.step(new Float32Array(3 * 48).fill(0.5), (await engine.begin([1, 2, 3])).input, {inits: 1, tokens: 3});
  await engine.dispose();
  return next;
};

describe("loadCheckpoint", () => {
  it("names a tensor that is missing, with the shape it should have", async () => {
    const folder = await checkpointOf({tensors: (all) => all.filter(({name}) => name !== "transformer.core_block.1.mlp.fc.weight")});
    await expect(loadCheckpoint(folder)).rejects.toThrow("missing tensor: transformer.core_block.1.mlp.fc.weight; expected [224, 48]");
  });

  it("names a tensor of a wrong shape, with both shapes", async () => {
    const folder = await checkpointOf({config: (json) => ({...json, intermediate_size: 100})});
    await expect(loadCheckpoint(folder)).rejects.toThrow(
      "unexpected shape of transformer.prelude.0.mlp.fc.weight: [224, 48]; the config needs [200, 48]"
    );
  });

  it("refuses a truncated file, quoting both sizes", async () => {
    const folder = await checkpointOf();
    await truncate(join(folder, "model.safetensors"), 400_000);
    await expect(loadCheckpoint(folder)).rejects.toThrow(/400000 bytes; the header promises \d+/);
  });

  it("refuses a folder without config, with a config that is no JSON, and without weights", async () => {
    const folder = await temporaryFolder();
    await expect(loadCheckpoint(folder)).rejects.toThrow(`missing file: ${join(folder, "config.json")}`);
    await writeFile(join(folder, "config.json"), "{");
    await expect(loadCheckpoint(folder)).rejects.toThrow("not JSON");
    await copyFile(join(source, "config.json"), join(folder, "config.json"));
    await expect(loadCheckpoint(folder)).rejects.toThrow(
      `no weights in ${folder}; expected model.safetensors or model.safetensors.index.json`
    );
  });

  it("uses the embedding as head where they are tied, whether the file repeats it or not", async () => {
    const folder = await checkpointOf({tensors: (all) => all.filter(({name}) => name !== "lm_head.weight")});
    const checkpoint = await loadCheckpoint(folder);
    expect(checkpoint.weights.has("head")).toBe(false);
    await checkpoint.close();
  });

  it("needs a head of its own where they are not tied", async () => {
    const untied = (json: Record<string, unknown>) => ({...json, tie_embeddings: false});
    const without = await checkpointOf({config: untied, tensors: (all) => all.filter(({name}) => name !== "lm_head.weight")});
    await expect(loadCheckpoint(without)).rejects.toThrow("missing tensor: lm_head.weight; expected [64, 48]");
    const doubled = await checkpointOf({
      config: untied,
      tensors: (all) => all.map((tensor) => (tensor.name === "lm_head.weight" ? {...tensor, data: tensor.data.map((x) => 2 * x)} : tensor))
    });
    const [tied, own] = [await loadEngine(source), await loadEngine(doubled)];
    const x = new Float32Array(48).fill(1);
    const [once, twice] = [await tied.head(x), await own.head(x)];
    expect(twice).toEqual(once.map((logit) => 2 * logit));
    await tied.dispose();
    await own.dispose();
  });

  it("reads shards by their index", async () => {
    const folder = await temporaryFolder();
    const tensors = await sourceTensors();
    const half = Math.floor(tensors.length / 2);
    const parts = {"model-1.safetensors": tensors.slice(0, half), "model-2.safetensors": tensors.slice(half)};
    for (const [name, part] of Object.entries(parts)) await writeTensors(join(folder, name), part);
    const weight_map = Object.fromEntries(Object.entries(parts).flatMap(([shard, part]) => part.map(({name}) => [name, shard])));
    await copyFile(join(source, "config.json"), join(folder, "config.json"));
    await writeFile(join(folder, "model.safetensors.index.json"), JSON.stringify({weight_map}));
    expect(await stateAfterOneStep(folder)).toEqual(await stateAfterOneStep(source));
  });

  it("refuses an index that leads out of the folder, and a shard that is not there", async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, "inner"));
    await copyFile(join(source, "config.json"), join(folder, "config.json"));
    const index = (shard: string) =>
      writeFile(join(folder, "model.safetensors.index.json"), JSON.stringify({weight_map: {"transformer.wte.weight": shard}}));
    await index("../model.safetensors");
    await expect(loadCheckpoint(folder)).rejects.toThrow("expected weight_map");
    await index("model-1.safetensors");
    await expect(loadCheckpoint(folder)).rejects.toThrow(`missing shard: ${join(folder, "model-1.safetensors")}`);
  });

  it.each(["bf16", "f16"] as const)("widens a %s checkpoint exactly", async (dtype) => {
    const narrow = await checkpointOf({dtype});
    const file = await openSafetensors(join(narrow, "model.safetensors"));
    const widened: Stored[] = [];
    for (const [name, {shape}] of file.tensors) widened.push({name, shape, data: await file.readFloats(name)});
    await file.close();
    const wide = await checkpointOf({tensors: () => widened});
    expect(await stateAfterOneStep(narrow)).toEqual(await stateAfterOneStep(wide));
  });
});
