import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {buildPrograms} from "./builtPrograms.ts";

/** Before any test file of a run: the programs that they start, and a folder for the page that they share. Returns what removes the folder after the last. */
export default async function setup(): Promise<() => Promise<void>> {
  await buildPrograms();
  const folder = await mkdtemp(join(tmpdir(), "orrery-tests-"));
  process.env.ORRERY_TEST_PAGE = folder;
  return () => rm(folder, {recursive: true, force: true});
}
