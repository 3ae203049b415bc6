import {mkdir, stat, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {expect, it} from "vitest";
import {ensureFolder} from "../../../capture/trace/ensureFolder.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

it("ensureFolder makes what is missing, once, and answers with the first that it made", async () => {
  const root = await temporaryFolder();
  const [a, c] = [join(root, "a"), join(root, "a", "b", "c")];
  expect(await ensureFolder(c)).toBe(a);
  expect((await stat(c)).isDirectory()).toBe(true);
  expect(await ensureFolder(c)).toBeUndefined();
  await mkdir(join(root, "d"));
  expect(await ensureFolder(join(root, "d", "e"))).toBe(join(root, "d", "e"));
  expect(await ensureFolder("/")).toBeUndefined();
});

it("ensureFolder of many at once has one maker for each folder", async () => {
  const deep = join(await temporaryFolder(), "a", "b", "c");
  const made = await Promise.all(Array.from({length: 20}, () => ensureFolder(deep)));
  expect(made.some((first) => first?.endsWith("a"))).toBe(true);
  expect((await stat(deep)).isDirectory()).toBe(true);
});

it("ensureFolder refuses a file in the place of a folder", async () => {
  const file = join(await temporaryFolder(), "file");
  await writeFile(file, "");
  await expect(ensureFolder(file)).rejects.toThrow(`a file stands where a folder is expected: ${file}`);
  await expect(ensureFolder(join(file, "x"))).rejects.toMatchObject({code: "ENOTDIR"});
});

it.runIf(process.platform === "linux")("ensureFolder comes to an end where no folder can be made", async () => {
  await expect(ensureFolder("/proc/orrery/runs")).rejects.toThrow("nothing can be made there (ENOENT): /proc/orrery");
});
