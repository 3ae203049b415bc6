import {existsSync} from "node:fs";
import {readdir, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {exampleRun} from "../../../fixtures/makeExampleRun.ts";
import {runCli, startCli, type CliEnd, type RunningCli} from "../../support/runCli.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

/** Sends the signal once something is underway in the folder. */
async function stopped({process, end}: RunningCli, folder: string, signal: NodeJS.Signals): Promise<CliEnd> {
  const isUnderway = async () => (await readdir(folder)).some((name) => name.startsWith(".orrery~"));
  await expect.poll(isUnderway, {interval: 2, timeout: 30_000}).toBe(true);
  process.kill(signal);
  return end;
}

describe("a command that is asked to stop", () => {
  it.each([
    ["SIGTERM", "import", ["--force"]],
    ["SIGINT", "export", ["--format", "csv", "--components", "100", "--force"]]
  ] as const)("by %s in the middle of an %s leaves what was there before, and nothing else", async (signal, verb, options) => {
    const folder = await temporaryFolder();
    const out = join(folder, "out");
    const from = verb === "import" ? join(await temporaryFolder(), "run.npz") : exampleRun;
    if (verb === "import") expect((await runCli(["export", exampleRun, "--format", "npz", "--out", from])).status).toBe(0);
    expect((await runCli([verb, from, "--out", out, ...options])).status).toBe(0);
    const file = verb === "import" ? join(out, "trace.json") : out;
    const before = await readFile(file);
    const end = await stopped(startCli([verb, from, "--out", out, ...options]), folder, signal);
    expect([end.status, end.stdout, end.stderr]).toEqual([1, "", "cancelled\n"]);
    expect([await readdir(folder), (await readFile(file)).equals(before)]).toEqual([["out"], true]);
  });

  it("train saves what it has, says how to go on, and goes on", async () => {
    const folder = await temporaryFolder();
    const out = join(folder, "run");
    const recipe = join(folder, "recipe.json");

    const small = {width: 8, heads: 1, hidden: 8};
    await writeFile(recipe, JSON.stringify({task: "clock", updates: 2000, rows: 2, tokens: 4, model: small, depths: [1, 2]}));
    const running = startCli(["train", recipe, "--out", out]);
    await expect.poll(() => existsSync(join(out, "training.safetensors")), {interval: 5, timeout: 30_000}).toBe(true);
    running.process.kill("SIGTERM");
    const {status, stdout, stderr} = await running.end;
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(new RegExp(`(^|\\n)cancelled after update \\d+ of 2000; the same command with --out ${out} goes on\n$`));
    expect((await readdir(out, {recursive: true})).filter((name) => /~|\.json$/.test(name) && /~|writer/.test(name))).toEqual([]);
  });
});
