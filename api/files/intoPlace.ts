import {link, readdir, rename, stat} from "node:fs/promises";
import {dirname} from "node:path";
import {ensureFolder} from "../../capture/trace/ensureFolder.ts";
import {ifThere} from "../../capture/trace/ifThere.ts";
import {diskFault, Refusal} from "../../capture/trace/refusal.ts";
import {passingBeside, sweepPassing} from "./passing.ts";

interface IntoPlaceOptions {
  /** Replace a file, or a folder that `marker` shows to be of the same kind; defaults to false. */
  readonly overwrite?: boolean;
  /** A name that every folder of this kind holds; without one no folder is ever replaced. */
  readonly marker?: string;
}

/**
 * Makes a file or folder beside its place and moves it to `out` when it is whole, so that nobody ever sees half of it.
 * Throws where `out` is there already, unless it may be replaced; what is something else is never deleted.
 */
export async function intoPlace(
  out: string,
  make: (temporary: string) => Promise<void>,
  {overwrite = false, marker}: IntoPlaceOptions = {}
): Promise<void> {
  await ensureFolder(dirname(out));
  await sweepPassing(dirname(out)); // it may bring back what a killed replacement had put away
  await refuseTaken(out, overwrite, marker);
  const passing = await passingBeside(out);
  try {
    await make(passing.fresh);
    if (overwrite) await passing.replace();
    else await moveInto(passing.fresh, out);
  } catch (error) {
    throw diskFault(error, out);
  } finally {
    await passing.remove();
  }
}

/** Moves to a place where nothing lies, whoever else is at it. */
async function moveInto(from: string, out: string): Promise<void> {
  const isFile = (await stat(from)).isFile();
  try {
    if (isFile)
      await link(from, out).catch((error: NodeJS.ErrnoException) => (error.code === "EEXIST" ? Promise.reject(error) : rename(from, out)));
    else await rename(from, out);
  } catch (error) {
    throw ["EEXIST", "ENOTEMPTY", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "") ? isThere(out) : error;
  }
}

const isThere = (out: string): Refusal => new Refusal(`invalid output: ${out} is there already; expected a new name`, {kind: "conflict"});

async function refuseTaken(out: string, overwrite: boolean, marker: string | undefined): Promise<void> {
  const status = await ifThere(stat(out), undefined);
  if (!status) return;
  if (!overwrite) throw isThere(out);
  if (status.isFile()) return;
  const names = await readdir(out);
  if (!marker || (names.length > 0 && !names.includes(marker)))
    throw new Refusal(`invalid output: ${out} is a folder of something else, and is not replaced; expected a new name`, {
      kind: "conflict"
    });
}
