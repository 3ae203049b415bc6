import {access, mkdir, rename, rm} from "node:fs/promises";
import {dirname} from "node:path";

/**
 * Makes a file or folder under a temporary name and moves it to `out` when it is whole, so that nobody ever sees half of it.
 * Throws where `out` is there already, unless `overwrite`.
 */
export async function intoPlace(out: string, make: (temporary: string) => Promise<void>, {overwrite = false}: {overwrite?: boolean} = {}): Promise<void> {
  const isThere = await access(out).then(() => true, () => false);
  if (isThere && !overwrite) throw new Error(`invalid output: ${out} is there already; expected a new name`);
  const temporary = `${out}.partial`;
  await mkdir(dirname(out), {recursive: true});
  await rm(temporary, {recursive: true, force: true});
  try {
    await make(temporary);
    await rm(out, {recursive: true, force: true});
    await rename(temporary, out);
  } finally {
    await rm(temporary, {recursive: true, force: true});
  }
}
