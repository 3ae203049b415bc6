import {mkdir} from "node:fs/promises";

/**
 * Makes a folder and those above it that are not there; answers with the first that it made, if any. Node says of a file system that is read-only that there
 * is no such folder (ENOENT): what the system says itself is told instead.
 */
export async function ensureFolder(dir: string): Promise<string | undefined> {
  try {
    return await mkdir(dir, {recursive: true});
  } catch (error) {
    const {code, path} = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" || path === undefined) throw error;
    await mkdir(path); // the one that could not be made, by the plain call, which says why
    await mkdir(dir, {recursive: true});
    return path;
  }
}
