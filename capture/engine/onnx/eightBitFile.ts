import {createHash} from "node:crypto";
import {open, rename, rm, stat} from "node:fs/promises";
import {join} from "node:path";
import {ensureFolder} from "../../trace/ensureFolder.ts";
import type {Checkpoint, StoredWeight} from "../../model/checkpoint.ts";
import {modelStamp} from "../../model/modelHash.ts";
import {countOf, headerOf} from "../../trace/safetensorsHeader.ts";
import {eightBitBlock, quantise, scalesName} from "./eightBit.ts";
import {diskFault} from "../../trace/refusal.ts";
import {refuseFullDisk} from "../../trace/writer.ts";

const CHUNK_NUMBERS = 1 << 24; // numbers in memory at once: 64 MB of float32
const VERSION = "int8/1"; // a part of the file's name: a change of the format makes new files

/**
 * The path of a checkpoint's matrices in 8 bits, a safetensors file in the cache folder. It is made when it is asked for
 * first, by streaming, and again only when the checkpoint's files have changed. Throws where the disk has too little room.
 */
export async function eightBitFile(
  checkpoint: Checkpoint,
  {cacheFolder, log}: {readonly cacheFolder: string; readonly log: (line: string) => void}
): Promise<string> {
  const matrices = [...checkpoint.weights.values()].filter((weight) => eightBitBlock(weight) !== undefined);
  const stamp = createHash("sha256")
    .update(VERSION)
    .update(await modelStamp([join(checkpoint.folder, "config.json"), ...new Set(matrices.map(({file}) => file))]))
    .digest("hex");
  const path = join(cacheFolder, `${stamp.slice(0, 32)}-int8.safetensors`);
  if (
    await stat(path).then(
      () => true,
      () => false
    )
  )
    return path;

  await ensureFolder(cacheFolder);
  const header = headerOf(
    matrices.flatMap((weight) => [
      {name: weight.name, dtype: "U8" as const, shape: weight.shape},
      {name: scalesName(weight.name), dtype: "F32" as const, shape: [countOf(weight.shape) / blockOf(weight)]}
    ])
  );
  const bytes =
    header.length +
    matrices.reduce((sum, weight) => sum + countOf(weight.shape) * (1 + Float32Array.BYTES_PER_ELEMENT / blockOf(weight)), 0);
  await refuseFullDisk(cacheFolder, bytes, "the 8-bit weights take");
  log(`converting ${checkpoint.name} to 8 bits: ${(bytes / 1e9).toFixed(1)} GB at ${path}`);
  const temporary = `${path}.${process.pid}`;
  const file = await open(temporary, "w");
  try {
    await file.appendFile(header); // to its last byte, where write would stop short on a disk that fills up
    for (const weight of matrices) await writeWeight(checkpoint, weight, (part) => file.appendFile(part));
    await file.close();
    await rename(temporary, path);
  } catch (error) {
    await file.close();
    await rm(temporary, {force: true});
    throw diskFault(error, path);
  }
  return path;
}

/** A weight's bytes, then all its scales. */
async function writeWeight(checkpoint: Checkpoint, weight: StoredWeight, write: (part: Uint8Array) => Promise<unknown>): Promise<void> {
  const blockSize = blockOf(weight);
  const total = countOf(weight.shape);
  const scales = new Float32Array(total / blockSize);
  for (let from = 0; from < total; from += CHUNK_NUMBERS) {
    const part = quantise(await checkpoint.read(weight.name, from, Math.min(CHUNK_NUMBERS, total - from)), blockSize);
    scales.set(part.scales, from / blockSize);
    await write(part.bytes);
  }
  await write(new Uint8Array(scales.buffer));
}

function blockOf(weight: StoredWeight): number {
  const size = eightBitBlock(weight);
  if (size === undefined) throw new Error(`no blocks in ${weight.name}: [${weight.shape.join(", ")}]`);
  return size;
}
