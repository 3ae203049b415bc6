import {createHash, type Hash} from "node:crypto";
import {createReadStream} from "node:fs";
import {stat} from "node:fs/promises";
import {basename, join} from "node:path";
import {pipeline} from "node:stream/promises";
import type {Checkpoint} from "./checkpoint.ts";

const known = new Map<string, Promise<string>>(); // by what the files are; hashing 16 GB takes a minute

/**
 * SHA-256, hexadecimal, over config.json and the weight files in the order of their names, each preceded by its name and size.
 * Computed once for files that stay as they are (path, size, time of change).
 */
export async function modelHash({folder, weights}: Checkpoint): Promise<string> {
  const paths = [join(folder, "config.json"), ...[...new Set([...weights.values()].map(({file}) => file))].sort()];
  const key = await modelStamp(paths);
  let hash = known.get(key);
  if (!hash) {
    hash = hashOf(paths);
    known.set(key, hash);
  }
  return hash;
}

/** A text that is the same as long as the files are, by path, size and time of change. */
export async function modelStamp(paths: readonly string[]): Promise<string> {
  const stamps = await Promise.all(
    paths.map(async (path) => {
      const {size, mtimeMs} = await stat(path);
      return [path, size, mtimeMs];
    })
  );
  return JSON.stringify(stamps);
}

async function hashOf(paths: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const path of paths) {
    hash.update(`${basename(path)}\0${(await stat(path)).size}\0`);
    await update(hash, path);
  }
  return hash.digest("hex");
}

const update = (hash: Hash, path: string): Promise<void> =>
  pipeline(createReadStream(path, {highWaterMark: 2 ** 20}), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) hash.update(chunk);
  });
