import {constants} from "node:fs";
import {open, type FileHandle} from "node:fs/promises";

/**
 * Opens a file to be read; undefined for what is none, such as a folder or a device. A pipe under a file's name would otherwise keep whoever opens it
 * waiting for a writer that never comes. Rejects with Node's own error where there is nothing.
 */
export async function openFile(path: string): Promise<FileHandle | undefined> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)); // Windows has no such flag
  const status = await file.stat();
  if (status.isFile()) return file;
  await file.close();
  return undefined;
}
