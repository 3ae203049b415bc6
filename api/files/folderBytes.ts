import {readdir, stat} from "node:fs/promises";
import {join} from "node:path";

/** What the files of a folder take, those of the folders in it too. */
export async function folderBytes(dir: string): Promise<number> {
  const entries = await readdir(dir, {withFileTypes: true, recursive: true}).catch(() => []); // a folder in it that may not be read
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        stat(join(entry.parentPath, entry.name)).then(
          ({size}) => size,
          () => 0
        )
      )
  ); // 0: renamed away meanwhile
  return sizes.reduce((sum, size) => sum + size, 0);
}
