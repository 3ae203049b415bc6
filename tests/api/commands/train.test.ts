import {createHash} from "node:crypto";
import {readdir, readFile, writeFile} from "node:fs/promises";
import {join, relative} from "node:path";
import {expect, it} from "vitest";
import {TRACE_FILE} from "../../../capture/trace/writer.ts";
import {LOG_FILE} from "../../../capture/train/trainingLog.ts";
import {runCli, startCli} from "../../support/runCli.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const recipe = {
  task: "clock",
  updates: 20,
  rows: 2,
  tokens: 4,
  model: {width: 8, heads: 1, hidden: 8},
  depth: {kind: "uniform", most: 2, through: 2},
  measure_every: 5,
  save_every: 6,
  depths: [1, 2],
  probe: "a2"
};

/** The hash of every file below a folder, by its path: of all but trace.json, which says how long the steps took. */
async function filesOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const files = (await readdir(folder, {recursive: true, withFileTypes: true})).filter((file) => file.isFile() && file.name !== TRACE_FILE);
  const paths = files.map((file) => join(file.parentPath, file.name)).sort();
  const hashed = paths.map(
    async (path) =>
      [
        relative(folder, path),
        createHash("sha256")
          .update(await readFile(path))
          .digest("hex")
      ] as const
  );
  return Object.fromEntries(await Promise.all(hashed));
}

it("orrery train, killed in mid-training with SIGKILL, and again, ends with the bytes of one that nobody disturbed", async () => {
  const root = await temporaryFolder();
  const file = join(root, "recipe.json");
  await writeFile(file, JSON.stringify(recipe));
  const [whole, killed] = [join(root, "whole"), join(root, "killed")];
  expect((await runCli(["train", file, "--out", whole])).stdout).toBe(`trained 20 updates: ${whole}\n`);
  for (const lines of [1, 10]) {
    const running = startCli(["train", file, "--out", killed]);
    const written = async () => (await readFile(join(killed, LOG_FILE), "utf8").catch(() => "")).split("\n").length - 1;
    await expect.poll(written, {interval: 3}).toBeGreaterThanOrEqual(lines);
    running.process.kill("SIGKILL");
    expect((await running.end).status).toBeNull();
    expect(await written()).toBeLessThanOrEqual(recipe.updates); // it was under way
  }
  expect((await runCli(["train", file, "--out", killed])).status).toBe(0);
  expect(await filesOf(killed)).toEqual(await filesOf(whole));
});
