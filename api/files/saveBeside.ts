import {mkdir} from "node:fs/promises";
import {dirname} from "node:path";
import {replaceFile} from "../../capture/trace/replaceFile.ts";

/** Writes a file in a folder beside a run's own files, whole or not at all. A run that was removed meanwhile is not made again. */
export async function saveBeside(path: string, bytes: Uint8Array | string): Promise<void> {
  try {
    await mkdir(dirname(path)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
    await replaceFile(path, bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
