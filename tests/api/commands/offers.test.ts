import {readdirSync} from "node:fs";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {nearestName, thereIs} from "../../../api/commands/nearestName.ts";
import {wholeProgram} from "../../../api/commands/program.ts";
import {runCli} from "../../support/runCli.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const organisms = readdirSync(join(import.meta.dirname, "../../../fixtures/organisms"), {withFileTypes: true})
  .filter((entry) => entry.isDirectory())
  .map(({name}) => name)
  .sort();

const REQUIRED: Readonly<Record<string, number>> = {
  token: 1,
  capture: 1,
  generate: 1,
  eval: 2,
  project: 1,
  paths: 2,
  report: 1,
  bundle: 1,
  export: 2
};

/** Those that are required unless another is given. */
const ONE_OF: Readonly<Record<string, number>> = {capture: 1, generate: 1, census: 2, work: 1};

describe("orrery's help", () => {
  it("of every verb has an example and marks what is required", async () => {
    const {commands} = await wholeProgram();
    expect(commands.length).toBeGreaterThan(11);
    for (const command of commands) {
      let help = "";
      command.configureOutput({writeOut: (text) => (help += text)}).outputHelp();
      expect(help).toContain(`Examples:\n  $ orrery ${command.name()}`);
      const marks = [/\(required\)/g, /\(required[:,]/g].map((mark) => help.match(mark)?.length ?? 0);
      expect([command.name(), ...marks]).toEqual([command.name(), REQUIRED[command.name()] ?? 0, ONE_OF[command.name()] ?? 0]);
    }
  });
});

describe("what is not there", () => {
  it.each([
    [["fly"], 2, /^unknown command 'fly'; one of serve, open, token, models, /],
    [["help", "fly"], 2, /^unknown command 'fly'; one of serve, open, token, models, /],
    [["fly", "--help"], 2, /^unknown command 'fly'; one of serve, open, token, models, /],
    [["servee"], 2, /^unknown command 'servee' \(Did you mean serve\?\); one of /],
    [["runs", "a", "b c"], 2, /^too many arguments for 'runs'\. .* Left over: a b c; expected runs \[options\]\n$/],
    [["runs", "--run", "x"], 2, /^unknown option '--run' \(Did you mean --runs\?\); one of --runs, --json\n$/],
    [
      ["capture", "--modle=tiny-arithmetic", "--prompt", "1"],
      2,
      /^required option '--model <folder>' not specified; unknown option '--modle': did you mean --model\? one of --model, /
    ],
    [["capture", "--prompt", "1"], 2, /^required option '--model <folder>' not specified\n$/],
    [
      ["capture", "--model", "tiny-arithmetik", "--prompt", "1"],
      1,
      /^unknown model: tiny-arithmetik; .*did you mean tiny-arithmetic\? one of /
    ],
    [
      ["analyze", "sum-and-party"],
      1,
      /^unknown run: sum-and-party; .*did you mean sum-and-parity\? one of clock-of-five, column-of-sums, sum-and-parity\n$/
    ],
    [["export", "nothing", "--format", "npz", "--out", "x.npz"], 1, /^unknown run: nothing; .* ships: one of clock-of-five, /],
    [
      ["capture", "--model", "tiny-arithmetic", "--prompt", "1+é", "--out", "never-made"],
      2,
      /^unknown character: "é" \(U\+00E9\) at 2; the model's vocabulary lacks it\n$/
    ]
  ] as const)("orrery %j names what there is", async (args, expected, line) => {
    const {status, stderr, stdout} = await runCli([...args], {cwd: await temporaryFolder()});
    expect([status, stdout]).toEqual([expected, ""]);
    expect(stderr).toMatch(line);
  });

  it.each([
    ["tiny-arithmetik", ["tiny-arithmetic", "huginn"], "tiny-arithmetic"],
    ["HUGIN", ["tiny-arithmetic", "huginn"], "huginn"],
    ["ouro", ["tiny-arithmetic", "huginn"], undefined],
    ["x", [], undefined]
  ])("nearestName(%s) among %j is %s", (written, names, expected) => expect(nearestName(written, names)).toBe(expected));

  it("thereIs names a dozen of many", () => {
    const names = Array.from({length: 40}, (_, i) => `run-number-${i}`);
    expect(thereIs("other", names)).toMatch(/^one of run-number-0, .* and 28 more$/);
    expect(thereIs("other", [])).toBe("there is none");
  });
});

describe("lists", () => {
  it("orrery models says what ships, and what in a folder cannot be used", async () => {
    const {stdout} = await runCli(["models", "--json"]);
    const {models} = JSON.parse(stdout) as {models: {name: string; error: string | null}[]};
    expect(models.map(({name}) => name)).toEqual(["tiny-arithmetic", ...organisms]);
    expect(models.every(({error}) => error === null)).toBe(true);
    expect((await runCli(["models"])).stdout).toMatch(/^tiny-arithmetic: huginn, width 96, .* trained with 8 steps/);
  });

  it("orrery runs lists runs by names that the other verbs take", async () => {
    const folder = await temporaryFolder();
    const made = await runCli(
      ["capture", "--model", "tiny-arithmetic", "--prompt", "1+2=", "--steps", "2", "--inits", "1", "--out", join("runs", "mine")],
      {cwd: folder}
    );
    expect(made.status).toBe(0);
    const {stdout} = await runCli(["runs"], {cwd: folder});
    expect(stdout.split("\n")[0]).toMatch(/^mine: .*2 steps × 1 init × 4 tokens$/);
    expect((await runCli(["project", "mine", "--out", "points.csv"], {cwd: folder})).status).toBe(0);
  });
});
