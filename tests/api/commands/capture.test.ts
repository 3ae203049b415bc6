import {mkdir, readdir, stat, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {openTrace, readTrace} from "../../../capture/trace/reader.ts";
import {openSafetensors} from "../../../capture/trace/safetensors.ts";
import {captureArgs} from "../../support/captureArgs.ts";
import {runCli, startCli, withoutProgress} from "../../support/runCli.ts";
import {copiedModel, cutWeights, editConfig, renameTensor, shippedModel} from "../../support/shippedModel.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const LONG = "4096"; // steps: some ten seconds, which no test waits for

describe("orrery capture", () => {
  it("--json prints one document that names the run, which is complete", async () => {
    const dir = join(await temporaryFolder(), "run");
    const {status, stdout, stderr} = await runCli(
      captureArgs("--prompt", "1+2=", "--out", dir, "--seed", "5", "--sites", "core.0.out", "--storage-dtype", "bf16", "--json")
    );
    expect([status, withoutProgress(stderr)]).toEqual([0, ""]);
    expect(JSON.parse(stdout)).toEqual({
      run: dir,
      status: "complete",
      stopped: null,
      steps: 4,
      steps_written: 4,
      inits: 1,
      tokens: 4,
      width: 96,
      prompt: "1+2="
    });
    expect(await readTrace(dir)).toMatchObject({
      status: "complete",
      sites: [{name: "state"}, {name: "core.0.out", first_step: 1}],
      storage_dtype: "bf16",
      inits: [{seed: 5}]
    });
  });

  it("takes paths from the user's folder, and makes a run there where none is named", async () => {
    const user = await temporaryFolder();
    const {status, stdout} = await runCli(["capture", "--model", "tiny-arithmetic", "--tokens", "16,17", "--steps", "1", "--inits", "1"], {
      env: {INIT_CWD: user}
    });
    expect(status).toBe(0);
    const [name] = await readdir(join(user, "runs"));
    expect(stdout).toBe(`${join(user, "runs", name)}: complete, 1 step × 1 init × 2 tokens × width 96\n`);
  });

  it("gives the same states by either engine to 1e-4", async () => {
    const folder = await temporaryFolder();
    const states = await Promise.all(
      ["onnx", "tfjs"].map(async (engine) => {
        const dir = join(folder, engine);
        expect((await runCli(captureArgs("--prompt", "1+2=", "--engine", engine, "--out", dir))).status).toBe(0);
        const reader = await openTrace(dir);
        const {data} = await reader.readSite("state");
        await reader.close();
        return data;
      })
    );
    expect(Math.max(...states[0].map((x, i) => Math.abs(x - states[1][i])))).toBeLessThan(1e-4);
  });

  it("--prompts captures a run for each line", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "prompts.jsonl"), '{"prompt": "1+1="}\n\n{"prompt": "2+2=4", "answer": "4"}\n');
    const {status, stdout} = await runCli(captureArgs("--prompts", "prompts.jsonl", "--out", "all", "--json"), {cwd: folder});
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      runs: [
        {run: join(folder, "all", "1"), prompt: "1+1="},
        {run: join(folder, "all", "2"), prompt: "2+2=4"}
      ]
    });
    expect((await readTrace(join(folder, "all", "2"))).tokens).toHaveLength(5);
  });

  it.each([
    ['{"prompt": "1"}\n{"prompt": ', 'prompts.jsonl line 2: not JSON; expected {"prompt": …}'],
    ['{"prompt": "1"}\n\n{"text": "1"}', "prompts.jsonl line 3: missing prompt; expected string, received undefined"],
    ['{"prompt": ""}', 'prompts.jsonl line 1: invalid prompt: ""; expected string to have >=1 characters'],
    ["\n", 'prompts.jsonl holds nothing; expected {"prompt": …} a line']
  ])("--prompts with %j names the broken line and captures nothing", async (text, message) => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "prompts.jsonl"), text);
    const {status, stdout, stderr} = await runCli(captureArgs("--prompts", "prompts.jsonl", "--out", "all"), {cwd: folder});
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^invalid (prompt file: )?\//);
    expect(stderr.endsWith(`${message}\n`)).toBe(true);
    expect(await readdir(folder)).toEqual(["prompts.jsonl"]);
  });

  const failures: readonly [string, (model: string) => Promise<void>, readonly string[], string][] = [
    ["a missing config key", (model) => editConfig(model, {n_layers_in_prelude: undefined}), [], "missing config key: n_layers_in_prelude"],
    [
      "an unsupported config key",
      (model) => editConfig(model, {state_init: "zero"}),
      [],
      'unsupported config key state_init: "zero"; expected like-init'
    ],
    [
      "a missing tensor",
      (model) => renameTensor(model, "transformer.ln_f.weight", "transformer.ln_g.weight"),
      [],
      "missing tensor: transformer.ln_f.weight; expected [96]"
    ],
    [
      "a tensor of another shape",
      (model) => editConfig(model, {vocab_size: 97}),
      [],
      "unexpected shape of transformer.wte.weight: [96, 96]; the config needs [97, 96]"
    ],
    ["truncated weights", (model) => cutWeights(model, 900_000), [], "truncated or padded file: 900000 bytes; the header promises 1893984"],
    [
      "a folder that is no model",
      async () => {},
      ["--prompt", "1", "--model", "nothing"],
      "unknown model: nothing; expected a checkpoint folder"
    ]
  ];
  const refusals: typeof failures = [
    [
      "a prompt longer than the model takes",
      async () => {},
      ["--prompt", "1".repeat(1025)],
      "prompt too long: 1025 tokens; the model takes at most 1024"
    ],
    ["a token id beyond the vocabulary", async () => {}, ["--tokens", "96"], "invalid token id: 96; expected 0 to 95"],
    ["an unknown site", async () => {}, ["--prompt", "1", "--sites", "core.7.out"], "unknown site: core.7.out; one of embed, "],
    ["an edit file that is not there", async () => {}, ["--prompt", "1", "--edit", "none.json"], "missing file: "],
    ["an edit file that is no JSON", async () => {}, ["--prompt", "1", "--edit", "README.md"], "README.md: not JSON"],
    ["prompts that are not there", async () => {}, ["--prompts", "none.jsonl"], "missing prompt file: "],
    ["a folder of prompts", async () => {}, ["--prompts", "tests"], "tests is a folder; expected a file"],
    ["an edit file that is another's", async () => {}, ["--prompt", "1", "--edit", "package.json"], "received object; in "]
  ];
  const ends = [...failures.map((one) => [1, ...one] as const), ...refusals.map((one) => [2, ...one] as const)];
  it.each(ends)("ends with %i, one line and no run for %s", async (expected, _what, damage, args, message) => {
    const model = await copiedModel();
    await damage(model);
    const dir = join(await temporaryFolder(), "run");
    const prompt = args.some((arg) => arg.startsWith("--prompt") || arg === "--tokens") ? [] : ["--prompt", "1+2="];
    const {status, stdout, stderr} = await runCli(["capture", "--model", model, "--out", dir, ...prompt, ...args]);
    expect([status, stdout]).toEqual([expected, ""]);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    await expect(stat(dir)).rejects.toThrow("ENOENT");
  });

  it("refuses an occupied folder, and leaves it as it is", async () => {
    const dir = await temporaryFolder();
    await mkdir(join(dir, "mine"));
    const {status, stderr} = await runCli(captureArgs("--prompt", "1", "--out", dir));
    expect([status, stderr]).toEqual([1, `invalid run folder: ${dir} is not empty; expected a new or an empty one\n`]);
    expect(await readdir(dir)).toEqual(["mine"]);
  });

  it("that is interrupted keeps a partial run that says so", async () => {
    const dir = join(await temporaryFolder(), "run");
    const running = startCli([
      "capture",
      "--model",
      shippedModel,
      "--prompt",
      "1+2=",
      "--inits",
      "1",
      "--steps",
      LONG,
      "--out",
      dir,
      "--json"
    ]);
    await expect
      .poll(() =>
        readTrace(dir).then(
          ({steps_written}) => steps_written,
          () => -1
        )
      )
      .toBeGreaterThan(2);
    running.process.kill("SIGINT");
    const {status, stdout, stderr} = await running.end;
    const trace = await readTrace(dir);
    expect(trace).toMatchObject({status: "partial", stopped: "cancelled"});
    expect(JSON.parse(stdout)).toMatchObject({run: dir, status: "partial", steps_written: trace.steps_written});
    expect([status, stderr]).toEqual([1, `cancelled at step ${trace.steps_written} of ${LONG}; what was written is in ${dir}\n`]);
    const file = await openSafetensors(join(dir, "states.safetensors"));
    expect(file.tensors.get("state")!.shape[0]).toBe(trace.steps_written + 1);
    await file.close();
  });
});
