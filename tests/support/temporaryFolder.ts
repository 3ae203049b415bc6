import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, onTestFinished} from "vitest";

/** A new folder that is gone when the test is over. */
export async function temporaryFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "orrery-test-"));
  onTestFinished(() => rm(dir, {recursive: true, force: true}));
  return dir;
}

/** A new folder for all tests of a block, gone after them. */
export function useTemporaryFolder(): {readonly path: string} {
  let path: string;
  beforeAll(async () => {
    path = await mkdtemp(join(tmpdir(), "orrery-test-"));
  });
  afterAll(() => rm(path, {recursive: true, force: true}));
  return {
    get path() {
      return path;
    }
  };
}
