import {rename, rm, writeFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {passingName} from "./processIdentity.ts";
import {diskFault, isDiskFault} from "./refusal.ts";

/** Replaces a file, or makes it, in one rename, so that a reader never sees half of it; nothing is left where it fails. `mode` is who may read it; defaults to what the system gives. */
export async function replaceFile(path: string, bytes: Uint8Array | string, {mode}: {readonly mode?: number} = {}): Promise<void> {
  const temporary = join(dirname(path), passingName());
  try {
    await writeFile(temporary, bytes, {mode});
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, {force: true});
    throw isDiskFault(error) ? diskFault(error, path) : error;
  }
}
