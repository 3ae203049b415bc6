import {writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {runCli} from "../../support/runCli.ts";
import {goldenRoot} from "../../support/goldenModels.ts";
import {shippedModel} from "../../support/shippedModel.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const captured = async (name: string, ...args: string[]): Promise<string> => {
  const dir = join(await temporaryFolder(), "run");
  const model = name === "tiny-arithmetic" ? shippedModel : join(goldenRoot, name);
  const {status, stderr} = await runCli([
    "capture",
    "--model",
    model,
    "--tokens",
    "1,2,3,4",
    "--steps",
    "8",
    "--inits",
    "2",
    "--out",
    dir,
    ...args
  ]);
  expect([status, stderr.split("\n").filter((line) => line.startsWith("error"))]).toEqual([0, []]);
  return dir;
};

describe("orrery with a model that has a gate", () => {
  it("gate prints when each token leaves, and gives all of it as one document", async () => {
    const dir = await captured("ouro_b");
    const {status, stdout} = await runCli(["gate", dir, "--model", join(goldenRoot, "ouro_b"), "--threshold", "0.5", "--json"]);
    expect(status).toBe(0);
    const {loops, tokens} = JSON.parse(stdout) as {
      loops: number;
      tokens: {gate: number[]; exit: number[]; leaves: {q: number; step: number}[]; weighted: {id: number}}[];
    };
    expect([loops, tokens.length]).toEqual([6, 4]); // as many as it was trained with, though eight were run
    for (const {gate, exit, leaves, weighted} of tokens) {
      expect([gate.length, exit.length]).toEqual([6, 6]);
      expect(exit.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 6);
      expect(leaves).toEqual([{q: 0.5, step: expect.any(Number) as number}]);
      expect(weighted.id).toBeGreaterThanOrEqual(0);
    }
    const text = await runCli(["gate", dir, "--init", "1"]);
    expect(text.stdout.split("\n")[0]).toMatch(
      /^token 0 "#1": λ( 0\.\d{3}){6}; leaves at step \d at q 0\.5, step \d at q 0\.9, step 6 at q 1$/
    );
  });

  it.each([
    ["a run of a model without one", ["tiny-arithmetic"], [], "no gate in this run: huginn has none, or no readout was kept"],
    ["a run without a readout", ["ouro_b", "--no-readout"], [], "no gate in this run: ouro has none, or no readout was kept"],
    ["an init that is not there", ["ouro_b"], ["--init", "2"], "invalid init: 2; expected 0 to 1"],
    ["another model", ["ouro_b"], ["--model", shippedModel], "invalid model: tiny-arithmetic"]
  ] as const)("gate refuses %s in one line", async (_, [name, ...capture], args, message) => {
    const {status, stderr} = await runCli(["gate", await captured(name, ...capture), ...args]);
    expect(status).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });
});

describe("orrery paths", () => {
  it("--sensitivity gives every token's distance, and writes nothing", async () => {
    const prompts = join(await temporaryFolder(), "prompts.jsonl");
    await writeFile(prompts, '{"prompt": "1+2="}\n');
    const {status, stdout} = await runCli([
      "paths",
      "--model",
      shippedModel,
      "--prompts",
      prompts,
      "--steps",
      "6",
      "--inits",
      "3",
      "--sensitivity",
      "0.01",
      "--json"
    ]);
    expect(status).toBe(0);
    const {prompts: found, summary} = JSON.parse(stdout) as {
      prompts: {tokens: {distance: number[]; text: string}[]}[];
      summary: Record<string, unknown>;
    };
    expect(found[0].tokens.map(({text, distance}) => [text, distance.length])).toEqual([..."1+2="].map((text) => [text, 7]));
    expect(summary).toMatchObject({prompts: 1, tokens: 4, epsilon: 0.01, draws: 3, steps: 6, family: "huginn"});
  });

  it("refuses a model whose start is its input, in one line that says what is measured instead", async () => {
    const prompts = join(await temporaryFolder(), "prompts.jsonl");
    await writeFile(prompts, '{"prompt": "1+2="}\n');
    const {status, stderr} = await runCli([
      "paths",
      "--model",
      join(goldenRoot, "ouro_b"),
      "--prompts",
      prompts,
      "--out",
      join(await temporaryFolder(), "e")
    ]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^path independence is not defined: ouro .*--sensitivity.*\n$/);
  });
});
