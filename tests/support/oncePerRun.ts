import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";

/** Before any test file of a run: a folder for the page that they share. Returns what removes it after the last. */
export default async function setup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "orrery-tests-"));
  process.env.ORRERY_TEST_PAGE = folder;
  return () => rm(folder, {recursive: true, force: true});
}
