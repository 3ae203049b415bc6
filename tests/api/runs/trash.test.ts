import {access, mkdir, readdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {createTrash, KEPT_DAYS} from "../../../api/files/trash.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const DAY = 24 * 60 * 60 * 1000;

describe("createTrash", () => {
  it("gives back the folder of a name that was removed last", async () => {
    const folder = await temporaryFolder();
    const trash = createTrash(join(folder, ".trash"));
    expect(await trash.latest("run")).toBeUndefined();
    for (const mark of ["first", "second"]) {
      await mkdir(join(folder, "run"));
      await writeFile(join(folder, "run", mark), "");
      await trash.put("run", join(folder, "run"));
    }
    expect(await readdir((await trash.latest("run"))!)).toEqual(["second"]);
    expect(await trash.latest("ru")).toBeUndefined();
  });

  it("deletes for good what was removed too long ago, and nothing else", async () => {
    const folder = await temporaryFolder();
    const trash = createTrash(join(folder, ".trash"));
    await mkdir(join(folder, "run"));
    await trash.put("run", join(folder, "run"));
    const removed = Date.now();
    expect(await trash.empty(new Date(removed + (KEPT_DAYS - 1) * DAY))).toEqual([]);
    await access((await trash.latest("run"))!);
    expect(await trash.empty(new Date(removed + (KEPT_DAYS + 1) * DAY))).toEqual(["run"]);
    expect(await trash.latest("run")).toBeUndefined();
  });
});
