import {mkdir, readdir} from "node:fs/promises";
import {dirname, join} from "node:path";
import {setImmediate} from "node:timers/promises";
import {expect, it} from "vitest";
import {intoPlace} from "../../../api/files/intoPlace.ts";
import {endPassing} from "../../../api/files/passing.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

/** This process can begin nothing after it, so the file has one test. */
it("what is being made when a process ends is gone, though its maker makes its folder once more; and nothing is begun any more", async () => {
  const folder = await temporaryFolder();
  const isThere = async (made: string): Promise<boolean> => (await readdir(dirname(made)).catch(() => [])).length > 0;
  let told = () => {};
  const begun = new Promise<void>((resolve) => (told = resolve));
  const making = intoPlace(join(folder, "out"), async (temporary) => {
    for (const _ of ["before it is asked to end", "after"]) {
      await mkdir(temporary, {recursive: true});
      told();
      while (await isThere(temporary)) await setImmediate();
    }
    throw new Error("gone");
  });
  const failed = expect(making).rejects.toThrow("gone");
  await begun;
  await endPassing();
  expect(await readdir(folder)).toEqual([]);
  await failed;
  await expect(intoPlace(join(folder, "late"), async (temporary) => void (await mkdir(temporary)))).rejects.toThrow("cancelled");
  expect(await readdir(folder)).toEqual([]);
});
