import {cp, readFile, truncate, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {temporaryFolder} from "./temporaryFolder.ts";

/** The checkpoint that ships: width 96, 2 core blocks, 1,024 tokens at most, one token a character. */
export const shippedModel = fileURLToPath(new URL("../../fixtures/models/tiny-arithmetic", import.meta.url));

/** A copy of the shipped checkpoint that a test may damage, in a models folder of its own, named `damaged`. */
export async function copiedModel(): Promise<string> {
  const folder = join(await temporaryFolder(), "damaged");
  await cp(shippedModel, folder, {recursive: true});
  return folder;
}

/** Changes a model's config.json; undefined takes a key out. */
export async function editConfig(folder: string, changes: Readonly<Record<string, unknown>>): Promise<void> {
  const path = join(folder, "config.json");
  const config = JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>;
  await writeFile(path, JSON.stringify({...config, ...changes}));
}

/** Renames a tensor in the header of model.safetensors to one of the same length, so that the data stay where they are. */
export async function renameTensor(folder: string, from: string, to: string): Promise<void> {
  const path = join(folder, "model.safetensors");
  const bytes = await readFile(path);
  const at = bytes.indexOf(`"${from}"`);
  if (at < 0 || from.length !== to.length) throw new Error(`cannot rename ${from} to ${to}`);
  bytes.write(to, at + 1);
  await writeFile(path, bytes);
}

export const cutWeights = (folder: string, bytes: number): Promise<void> => truncate(join(folder, "model.safetensors"), bytes);
