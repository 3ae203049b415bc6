import {chown, rename, rm, writeFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {passingName} from "./processIdentity.ts";
import {diskFault, isDiskFault} from "./refusal.ts";

interface ReplaceOptions {
  /** Who may read it; defaults to what the system gives. */
  readonly mode?: number;
  /** Whose it is to be, where that is another's; defaults to this process's user. */
  readonly owner?: {readonly uid: number; readonly gid: number};
}

/** Replaces a file, or makes it, in one rename, so that a reader never sees half of it; nothing is left where it fails. */
export async function replaceFile(path: string, bytes: Uint8Array | string, {mode, owner}: ReplaceOptions = {}): Promise<void> {
  const temporary = join(dirname(path), passingName());
  try {
    await writeFile(temporary, bytes, {mode});
    if (owner) await chown(temporary, owner.uid, owner.gid);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, {force: true});
    throw isDiskFault(error) ? diskFault(error, path) : error;
  }
}
