import {createHash} from "node:crypto";
import {readdir, readFile, writeFile} from "node:fs/promises";
import {join, relative} from "node:path";
import {expect, it} from "vitest";
import {TRACE_FILE} from "../../../capture/trace/writer.ts";
import {LOG_FILE, readLog} from "../../../capture/train/trainingLog.ts";
import {runCli, startCli} from "../../support/runCli.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const recipe = {
  task: "clock",
  updates: 60,
  rows: 8,
  tokens: 6,
  model: {width: 16, heads: 2, hidden: 24},
  depth: {kind: "uniform", most: 2, through: 2},
  loss: "every",
  optimiser: {rate: 0.01, warmup: 5},
  measure_every: 20,
  save_every: 16,
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

// The toy that continuous integration trains: some seconds, for what a minute would not show better.
it("orrery train makes the loss of a toy fall and, killed in mid-training with SIGKILL, and again, ends with the bytes of a training that nobody disturbed", async () => {
  const root = await temporaryFolder();
  const file = join(root, "recipe.json");
  await writeFile(file, JSON.stringify(recipe));
  const [whole, killed] = [join(root, "whole"), join(root, "killed")];
  expect((await runCli(["train", file, "--out", whole])).stdout).toBe(`trained 60 updates: ${whole}\n`);
  const losses = (await readLog(whole)).lines.flatMap(({loss}) => loss ?? []);
  const [first, last] = [losses.slice(0, 10), losses.slice(-10)].map((ten) => ten.reduce((sum, loss) => sum + loss, 0) / 10);
  console.log(`toy: loss ${first.toFixed(2)} over the first ten updates, ${last.toFixed(2)} over the last`);
  expect(losses.length).toBe(recipe.updates);
  expect(last).toBeLessThan(0.8 * first);
  for (const lines of [1, 30]) {
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

it.each([
  ["nowhere.json", undefined, "missing file: "],
  ["words.json", "words", "not JSON"],
  ["other.json", "{}", "missing task; expected one of "]
])("train %s ends with the status of a usage error, and makes nothing", async (name, text, message) => {
  const folder = await temporaryFolder();
  if (text !== undefined) await writeFile(join(folder, name), text);
  const {status, stdout, stderr} = await runCli(["train", join(folder, name), "--out", join(folder, "out")]);
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(message);
  expect(await readdir(folder)).toEqual(text === undefined ? [] : [name]);
});
