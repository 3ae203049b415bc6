import {readdir, rm} from "node:fs/promises";
import {join} from "node:path";
import {isLeftBehind} from "./processIdentity.ts";

/** Removes what processes that are gone had begun in a folder under passing names. */
export async function removeLeftBehind(folder: string): Promise<void> {
  const left = (await readdir(folder)).filter(isLeftBehind);
  await Promise.all(left.map((name) => rm(join(folder, name), {recursive: true, force: true})));
}
