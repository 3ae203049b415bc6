import {mkdir, readdir, readFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {saveBeside} from "../../../api/files/saveBeside.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

describe("saveBeside", () => {
  it("makes the folder and the file, and replaces an earlier one", async () => {
    const dir = await temporaryFolder();
    for (const text of ["first", "second"]) await saveBeside(join(dir, "analysis", "a.json"), text);
    expect(await readFile(join(dir, "analysis", "a.json"), "utf8")).toBe("second");
    expect(await readdir(join(dir, "analysis"))).toEqual(["a.json"]);
  });
  it("does not make a run again that was removed", async () => {
    const dir = await temporaryFolder();
    await saveBeside(join(dir, "gone", "analysis", "a.json"), "late");
    expect(await readdir(dir)).toEqual([]);
  });
  it("reports what else goes wrong", async () => {
    const dir = await temporaryFolder();
    await mkdir(join(dir, "analysis", "a.json"), {recursive: true});
    await expect(saveBeside(join(dir, "analysis", "a.json"), "x")).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
  });
});
