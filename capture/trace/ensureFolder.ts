import {mkdir} from "node:fs/promises";
import {dirname} from "node:path";
import {statIfThere} from "./ifThere.ts";
import {lastingPlace, Refusal} from "./refusal.ts";

/**
 * Makes a folder and those above it that are not there; answers with the first that it made, if any. By the plain call: Node's recursive one says of a file
 * system that is read-only that there is no such folder, and never comes to an end in a folder that takes none, as /proc.
 */
export async function ensureFolder(dir: string): Promise<string | undefined> {
  try {
    await mkdir(dir);
    return dir;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") return refuseUnlessFolder(dir, error);
  }
  const first = await ensureFolder(dirname(dir));
  try {
    await mkdir(dir);
    return first ?? dir;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      throw new Refusal(`nothing can be made there (ENOENT): ${lastingPlace(dir)}`, {kind: "storage", cause: error});
    await refuseUnlessFolder(dir, error); // somebody else made it meanwhile
    return first;
  }
}

/** What the system says of a place where a folder cannot be made is no fault where one stands. */
async function refuseUnlessFolder(dir: string, error: unknown): Promise<undefined> {
  const found = await statIfThere(dir);
  if (found?.isDirectory()) return undefined;
  throw found ? new Refusal(`a file stands where a folder is expected: ${dir}`, {kind: "damaged", cause: error}) : error;
}
