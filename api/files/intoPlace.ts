import {mkdir, readdir, rename, rm, stat} from "node:fs/promises";
import {dirname} from "node:path";
import {ifThere} from "../../capture/trace/ifThere.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

export interface IntoPlaceOptions {
  /** Replace a file, or a folder that `marker` shows to be of the same kind; defaults to false. */
  readonly overwrite?: boolean;
  /** A name that every folder of this kind holds; without one no folder is ever replaced. */
  readonly marker?: string;
}

/**
 * Makes a file or folder under a temporary name and moves it to `out` when it is whole, so that nobody ever sees half of it.
 * Throws where `out` is there already, unless it may be replaced; what is something else is never deleted.
 */
export async function intoPlace(
  out: string,
  make: (temporary: string) => Promise<void>,
  {overwrite = false, marker}: IntoPlaceOptions = {}
): Promise<void> {
  await refuseTaken(out, overwrite, marker);
  const temporary = `${out}.orrery-partial`; // a name that nobody else gives
  await mkdir(dirname(out), {recursive: true});
  await rm(temporary, {recursive: true, force: true}); // of a try that was killed
  try {
    await make(temporary);
    if (overwrite) await rm(out, {recursive: true, force: true});
    await rename(temporary, out);
  } finally {
    await rm(temporary, {recursive: true, force: true});
  }
}

async function refuseTaken(out: string, overwrite: boolean, marker: string | undefined): Promise<void> {
  const status = await ifThere(stat(out), undefined);
  if (!status) return;
  if (!overwrite) throw new Refusal(`invalid output: ${out} is there already; expected a new name`, {kind: "conflict"});
  if (status.isFile()) return;
  const names = await readdir(out);
  if (!marker || (names.length > 0 && !names.includes(marker)))
    throw new Refusal(`invalid output: ${out} is a folder of something else, and is not replaced; expected a new name`, {
      kind: "conflict"
    });
}
