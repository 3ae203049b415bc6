import {readdir, stat} from "node:fs/promises";
import {join} from "node:path";

const BLOCK_BYTES = 512; // of `blocks`, whatever the disk's own are

/** What the files of a folder take of the disk, those of the folders in it too: a file that was cut short has holes, which take nothing. */
export async function folderBytes(dir: string): Promise<number> {
  const entries = await readdir(dir, {withFileTypes: true, recursive: true}).catch(() => []); // a folder in it that may not be read
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        stat(join(entry.parentPath, entry.name)).then(
          ({size, blocks}) => Math.min(size, blocks * BLOCK_BYTES),
          () => 0
        )
      )
  ); // 0: renamed away meanwhile
  return sizes.reduce((sum, size) => sum + size, 0);
}
