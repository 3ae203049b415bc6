import {readdir, stat} from "node:fs/promises";
import {totalmem} from "node:os";
import {join} from "node:path";

/** What an order may take: everything that a file can make slow or large has a bound that comes from the file's own size. */
interface Bounds {
  readonly deadlineMs: number;
  readonly memoryBytes: number;
}

const BASE_MS = 600_000; // of the smallest file: UMAP of a few thousand states, spectra of many tokens
const MS_PER_MB = 1000;
const BASE_BYTES = 2 * 2 ** 30; // a process with its libraries, and a matrix product's memory
const MEMORY_FACTOR = 8; // states as 64-bit numbers with a copy of them, and as much again

/** The most memory that one process may hold: the machine's, but for a tenth. */
export const machineBytes = (): number => 0.9 * Math.min(totalmem(), process.constrainedMemory() || Infinity);

/** Bounds for work on the files that lie in some folders. */
export async function boundsOf(...folders: readonly string[]): Promise<Bounds> {
  const bytes = (await Promise.all(folders.map(bytesIn))).reduce((sum, size) => sum + size, 0);
  return {
    deadlineMs: BASE_MS + (bytes / 2 ** 20) * MS_PER_MB,
    memoryBytes: Math.min(machineBytes(), BASE_BYTES + MEMORY_FACTOR * bytes)
  };
}

async function bytesIn(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        (found) => (found.isFile() ? found.size : 0),
        () => 0
      )
    )
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
