import {constants} from "node:fs";
import {open} from "node:fs/promises";

/** A file that is read by pieces: of a disk, or of whatever else was given to `openElsewhere`. */
export interface OpenFile {
  stat(): Promise<{readonly size: number}>;
  read(into: Uint8Array, offset: number, length: number, position: number): Promise<{readonly bytesRead: number}>;
  readFile(): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Opens what lies on no disk; undefined for a path of this machine. Rejects with the code ENOENT where there is nothing. */
type Elsewhere = (path: string) => Promise<OpenFile> | undefined;

let elsewhere: Elsewhere = () => undefined;

/** Has further places read by whatever reads traces, such as buckets: this layer knows disks only. */
export function openElsewhere(opener: Elsewhere): void {
  elsewhere = opener;
}

/**
 * Opens a file to be read; undefined for what is none, such as a folder or a device. A pipe under a file's name would otherwise keep whoever opens it
 * waiting for a writer that never comes. Rejects with Node's own error where there is nothing.
 */
export async function openFile(path: string): Promise<OpenFile | undefined> {
  const other = elsewhere(path);
  if (other) return other;
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)); // Windows has no such flag
  const status = await file.stat();
  if (status.isFile()) return file;
  await file.close();
  return undefined;
}
