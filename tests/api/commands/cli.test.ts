import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {exampleRun} from "../../../fixtures/makeExampleRun.ts";
import {captureArgs} from "../../support/captureArgs.ts";
import {runCli} from "../../support/runCli.ts";

describe("orrery", () => {
  it("--help lists the verbs", async () => {
    const {status, stdout} = await runCli(["--help"]);
    expect(status).toBe(0);
    for (const verb of ["serve", "capture", "analyze", "project", "spectrum", "paths", "report", "export", "import"])
      expect(stdout).toContain(`\n  ${verb} `);
  });

  const EMPTY = "empty path; expected a file or a folder, or . for the folder that you are in";
  const other = join(exampleRun, "trace.json");
  const usageErrors: readonly [string, readonly string[], string][] = [
    ["no prompt", captureArgs(), "invalid prompt: expected exactly one of --prompt, --prompts and --tokens"],
    [
      "two prompts",
      captureArgs("--prompt", "1", "--tokens", "1"),
      "invalid prompt: expected exactly one of --prompt, --prompts and --tokens"
    ],
    ["an empty prompt", captureArgs("--prompt", ""), "empty prompt: expected at least one token"],
    [
      "no steps",
      captureArgs("--prompt", "1", "--steps", "0"),
      "option '--steps <number>' argument '0' is invalid. expected a whole number from 1 to 4096"
    ],
    [
      "a million steps",
      captureArgs("--prompt", "1", "--steps", "1000000"),
      "option '--steps <number>' argument '1000000' is invalid. expected a whole number from 1 to 4096"
    ],
    [
      "steps that are no number",
      captureArgs("--prompt", "1", "--steps", "many"),
      "option '--steps <number>' argument 'many' is invalid. expected a whole number from 1 to 4096"
    ],
    [
      "an unknown engine",
      captureArgs("--prompt", "1", "--engine", "torch"),
      "option '--engine <name>' argument 'torch' is invalid. Allowed choices are onnx, tfjs."
    ],
    ["a path that is empty", captureArgs("--prompt", "1", "--out", ""), EMPTY],
    ["a run that is empty", ["analyze", ""], EMPTY],
    [
      "an address to listen on that is empty",
      ["serve", "--host", ""],
      "option '--host <address>' argument '' is invalid. expected an address or a name, as 0.0.0.0"
    ],
    ["no model", ["capture", "--prompt", "1"], "required option '--model <folder>' not specified"],
    [
      "a site to analyze that is not there",
      ["analyze", exampleRun, "--site", "core.0.out"],
      "unknown site: core.0.out; one of state, state_normed"
    ],
    [
      "tokens to project without a choice",
      ["project", exampleRun, "--tokens", "1", "--out", "x.csv"],
      "invalid tokens: expected --tokens with --fit chosen, and only there"
    ],
    [
      "a projection into an unknown kind of file",
      ["project", exampleRun, "--out", "x.png"],
      "unknown kind of file: x.png; expected a name that ends in .safetensors or .csv"
    ],
    [
      "a file that is no recipe",
      ["train", other],
      `invalid ${other}: missing task; expected one of "clock"|"bistable"|"counter"|"arithmetic"`
    ],
    ["a file in the place of a folder", ["compare", other, other], `invalid folder: ${other}; expected a folder, found a file`]
  ];
  it.each(usageErrors)("ends with 2 and one line for %s", async (_what, args, message) => {
    const {status, stdout, stderr} = await runCli(args);
    expect({status, stdout, stderr}).toEqual({status: 2, stdout: "", stderr: `${message}\n`});
  });
});
