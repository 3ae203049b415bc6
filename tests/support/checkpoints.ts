import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {encodeFloats, safetensorsDtypeOf, type StorageDtype} from "../../capture/trace/dtype.ts";
import {openSafetensors} from "../../capture/trace/safetensors.ts";
import {headerOf} from "../../capture/trace/safetensorsHeader.ts";
import {goldenRoot} from "./goldenModels.ts";
import {temporaryFolder} from "./temporaryFolder.ts";

export interface StoredTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface ChangedCheckpoint {
  readonly config?: (json: Record<string, unknown>) => Record<string, unknown>;
  readonly tensors?: (all: StoredTensor[]) => StoredTensor[];
  readonly dtype?: StorageDtype;
  /** Files that the tensors are spread over, with an index; defaults to one without. */
  readonly shards?: number;
}

export async function tensorsOfFile(path: string): Promise<StoredTensor[]> {
  const file = await openSafetensors(path);
  const tensors: StoredTensor[] = [];
  for (const [name, {shape}] of file.tensors) tensors.push({name, shape, data: await file.readFloats(name)});
  await file.close();
  return tensors;
}

/** A copy of a golden model with its config and its tensors changed. */
export async function changedGolden(
  golden: string,
  {config = (json) => json, tensors = (all) => all, dtype = "f32", shards = 1}: ChangedCheckpoint = {}
): Promise<string> {
  const folder = await temporaryFolder();
  const source = join(goldenRoot, golden);
  const json = JSON.parse(await readFile(join(source, "config.json"), "utf8")) as Record<string, unknown>;
  await writeFile(join(folder, "config.json"), JSON.stringify(config(json)));
  const all = tensors(await tensorsOfFile(join(source, "model.safetensors")));
  const size = Math.ceil(all.length / shards);
  const files = Array.from({length: shards}, (_, i) => all.slice(i * size, (i + 1) * size));
  const nameOf = (i: number) => (shards === 1 ? "model.safetensors" : `model-${i + 1}.safetensors`);
  for (const [i, part] of files.entries()) {
    const header = headerOf(part.map(({name, shape}) => ({name, shape, dtype: safetensorsDtypeOf[dtype]})));
    await writeFile(join(folder, nameOf(i)), Buffer.concat([header, ...part.map(({data}) => encodeFloats(dtype, data))]));
  }
  if (shards > 1) {
    const weight_map = Object.fromEntries(files.flatMap((part, i) => part.map(({name}) => [name, nameOf(i)])));
    await writeFile(join(folder, "model.safetensors.index.json"), JSON.stringify({weight_map}));
  }
  return folder;
}
