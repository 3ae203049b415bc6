import {randomUUID} from "node:crypto";
import {mkdir, rename, writeFile} from "node:fs/promises";
import {dirname} from "node:path";

/** Writes a file in a folder beside a run's own files, whole or not at all. A run that was removed meanwhile is not made again. */
export async function saveBeside(path: string, bytes: Uint8Array | string): Promise<void> {
  const temporary = `${path}.${randomUUID()}`;
  try {
    await mkdir(dirname(path)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
    await writeFile(temporary, bytes);
    await rename(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
