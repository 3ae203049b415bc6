import {mkdir, readdir, readFile, stat, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {patternsSchema, spectrumSchema} from "../../../api/contract/contract.ts";
import {openTrace, readTrace} from "../../../capture/trace/reader.ts";
import {encodeSafetensors, openSafetensors} from "../../../capture/trace/safetensors.ts";
import {exampleRun} from "../../../fixtures/makeExampleRun.ts";
import {runCli, startCli} from "../../support/runCli.ts";
import {copiedModel, cutWeights, editConfig, renameTensor, shippedModel} from "../../support/shippedModel.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const LONG = "4096"; // steps: some ten seconds, which no test waits for

const captureArgs = (...args: string[]): string[] => ["capture", "--model", shippedModel, "--steps", "4", "--inits", "1", ...args];

describe("orrery", () => {
  it("--help lists the verbs", async () => {
    const {status, stdout} = await runCli(["--help"]);
    expect(status).toBe(0);
    for (const verb of ["serve", "capture", "analyze", "project", "spectrum", "paths", "report", "export", "import"])
      expect(stdout).toContain(`\n  ${verb} `);
  });

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
    ]
  ];
  it.each(usageErrors)("ends with 2 and one line for %s", async (_what, args, message) => {
    const {status, stdout, stderr} = await runCli(args);
    expect({status, stdout, stderr}).toEqual({status: 2, stdout: "", stderr: `${message}\n`});
  });
});

describe("orrery capture", () => {
  it("--json prints one document that names the run, which is complete", async () => {
    const dir = join(await temporaryFolder(), "run");
    const {status, stdout, stderr} = await runCli(
      captureArgs("--prompt", "1+2=", "--out", dir, "--seed", "5", "--sites", "core.0.out", "--storage-dtype", "bf16", "--json")
    );
    expect([status, stderr]).toEqual([0, ""]);
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
    expect(stdout).toBe(`${join(user, "runs", name)}: complete, 1 steps × 1 inits × 2 tokens × width 96\n`);
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
    expect([status, stdout]).toEqual([1, ""]);
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
      "a prompt longer than the model takes",
      async () => {},
      ["--prompt", "1".repeat(1025)],
      "prompt too long: 1025 tokens; the model takes at most 1024"
    ],
    ["a token id beyond the vocabulary", async () => {}, ["--tokens", "96"], "invalid token id: 96; expected 0 to 95"],
    ["an unknown site", async () => {}, ["--prompt", "1", "--sites", "core.7.out"], "unknown site: core.7.out; one of embed, "],
    [
      "a folder that is no model",
      async () => {},
      ["--prompt", "1", "--model", "nothing"],
      "unknown model: nothing; expected a checkpoint folder"
    ],
    ["an edit file that is not there", async () => {}, ["--prompt", "1", "--edit", "none.json"], "missing file: "]
  ];
  it.each(failures)("ends with 1, one line and no run for %s", async (_what, damage, args, message) => {
    const model = await copiedModel();
    await damage(model);
    const dir = join(await temporaryFolder(), "run");
    const prompt = args.some((arg) => arg === "--prompt" || arg === "--tokens") ? [] : ["--prompt", "1+2="];
    const {status, stdout, stderr} = await runCli(["capture", "--model", model, "--out", dir, ...prompt, ...args]);
    expect([status, stdout]).toEqual([1, ""]);
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

describe("orrery analyze", () => {
  it("--json labels every trajectory of a run with its evidence", async () => {
    const {status, stdout, stderr} = await runCli(["analyze", exampleRun, "--json"]);
    expect([status, stderr]).toEqual([0, ""]);
    const {tokens, summary} = patternsSchema.parse(JSON.parse(stdout));
    expect(summary).toMatchObject({
      site: "state",
      steps: 65,
      inits: 4,
      tokens: 21,
      width: 96,
      precision: "float32",
      collapse: {collapsed: false, since: null}
    });
    expect(tokens).toHaveLength(84);
    expect(tokens[22]).toMatchObject({index: 1, init: 1, text: "4", pattern: "converging"}); // the shipped model settles everywhere
    expect(summary.counts).toMatchObject({converging: 84});
  });

  it("labels a bare file whose path is drawn: a circle of period 5 is an orbit of period 5", async () => {
    const [steps, width] = [60, 8];
    const state = new Float32Array(steps * width);
    for (let t = 0; t < steps; ++t) state.set([3, Math.cos((2 * Math.PI * t) / 5), Math.sin((2 * Math.PI * t) / 5)], t * width);
    const file = join(await temporaryFolder(), "circle.safetensors");
    await writeFile(file, encodeSafetensors({state: {shape: [steps, width], data: state}}));
    const {status, stdout} = await runCli(["analyze", file, "--json"]);
    expect(status).toBe(0);
    const {
      tokens: [token],
      summary
    } = patternsSchema.parse(JSON.parse(stdout));
    expect(summary).toMatchObject({steps, inits: 1, tokens: 1, width});
    expect(token.pattern).toBe("orbit");
    expect(token.period).toBeCloseTo(5, 2);
    // the published measures of a circle about (3, 0, 0): it comes back in whole turns and one pair of eigenvalues turns by 2π/5
    const {dmd, recurrence, two_scale_exit} = token.measures!;
    expect(two_scale_exit).toBeNull();
    expect(recurrence).toMatchObject({determinism: 1, laminarity: 0});
    expect(dmd).toHaveLength(2);
    expect(dmd[0][0]).toBeCloseTo(Math.cos((2 * Math.PI) / 5), 4);
    expect(dmd[0][1]).toBeCloseTo(Math.sin((2 * Math.PI) / 5), 4);
    expect(summary.exits!.map(({name, steps: at}) => [name, at])).toEqual([
      ["latent-diff", [null]],
      ["cosine", [null]],
      ["latent-acceleration", [null]]
    ]);
  });

  it("says that tokens have become one another, and since which step", async () => {
    const [steps, tokens, width] = [20, 3, 8];
    const state = new Float32Array(steps * tokens * width);
    const axis = (k: number): number[] => Array.from({length: width}, (_, i) => Number(i === k));
    for (let t = 0; t < steps; ++t)
      for (let token = 0; token < tokens; ++token) state.set(axis(t < 6 ? token : 7), (t * tokens + token) * width);
    const file = join(await temporaryFolder(), "collapsed.safetensors");
    await writeFile(file, encodeSafetensors({state: {shape: [steps, tokens, width], data: state}}));
    const {summary} = patternsSchema.parse(JSON.parse((await runCli(["analyze", file, "--json"])).stdout));
    expect(summary.collapse).toMatchObject({collapsed: true, since: 6});
    expect(summary.collapse.correlation).toBeCloseTo(summary.collapse.most, 6);
    // three orthogonal states differ in two directions, equal ones in none; and one step can be named right of each of the two places
    expect(summary.measures).toMatchObject({
      tokens,
      state_rank: [[2, 2, 2, 2, 2, 2, ...Array<number>(14).fill(0)]],
      loop_index_decodability: {chance: 1 / steps}
    });
    expect(summary.measures!.loop_index_decodability!.accuracy.filter((share) => share === 1)).toHaveLength(2);
    expect((await runCli(["analyze", file])).stdout).toContain(
      "collapsed: the tokens have become one another since step 6, correlation 0.667 of at most 0.667\n"
    );
  });

  it("measures the jump from the loop to the coda where the run holds both sides", async () => {
    const run = join(await temporaryFolder(), "run");
    await runCli(captureArgs("--prompt", "1+2=", "--sites", "state,coda.0.out", "--out", run));
    const {tokens} = patternsSchema.parse(JSON.parse((await runCli(["analyze", run, "--json"])).stdout));
    const reader = await openTrace(run);
    const [normed, coda] = await Promise.all(["state_normed", "coda.0.out"].map((site) => reader.readSite(site, {tokens: [1]})));
    await reader.close();
    const at = (step: number): number[] => Array.from(normed.data.subarray(step * normed.width, (step + 1) * normed.width));
    const apart = (a: number[], b: ArrayLike<number>): number => Math.hypot(...a.map((x, k) => x - b[k]));
    const meanStep = [1, 2, 3, 4].reduce((sum, step) => sum + apart(at(step), at(step - 1)), 0) / 4;
    expect(tokens[1].measures!.depth_loop_ratio).toBeCloseTo(apart(at(4), coda.data.subarray(4 * coda.width)) / meanStep, 4);
  });

  it("claims nothing from two states", async () => {
    const steps = 2;
    const file = join(await temporaryFolder(), "short.safetensors");
    await writeFile(file, encodeSafetensors({state: {shape: [steps, 1, 2, 3], data: Float32Array.from({length: steps * 6}, (_, i) => i)}}));
    const {status, stdout} = await runCli(["analyze", file, "--json"]);
    expect(status).toBe(0);
    expect(patternsSchema.parse(JSON.parse(stdout)).tokens.map(({pattern}) => pattern)).toEqual(["unsettled", "unsettled"]);
  });

  it.each([
    ["a file that is no array file", "notes.txt", "an unknown kind of file; expected safetensors, .npy or .npz"],
    ["nothing", "none", "unknown run: "]
  ])("ends with 1 and one line for %s", async (_what, name, message) => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "notes.txt"), "these are some notes");
    const {status, stdout, stderr} = await runCli(["analyze", join(folder, name)]);
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });
});

describe("orrery spectrum", () => {
  it("--json prints eigenvalues of a token's block, largest first, and of the sequence", async () => {
    const {status, stdout} = await runCli(["spectrum", exampleRun, "--token", "2", "--count", "3", "--json"]);
    expect(status).toBe(0);
    const {tokens, sequence} = spectrumSchema.parse(JSON.parse(stdout));
    expect(tokens.map(({index, text, init, eigenvalues}) => [index, text, init, eigenvalues.length])).toEqual([[2, "8", 0, 3]]);
    expect(sequence.eigenvalues).toHaveLength(3);
  });

  it("refuses a model that did not make the run", async () => {
    const model = await copiedModel();
    await editConfig(model, {mean_recurrence: 9});
    const {status, stdout, stderr} = await runCli(["spectrum", exampleRun, "--model", model]);
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^invalid model: damaged \([0-9a-f]{12}\); the run was made by tiny-arithmetic \([0-9a-f]{12}\)\n$/);
  });
});

describe("orrery project", () => {
  it("writes points and explained variance, the same as the page gets", async () => {
    const out = join(await temporaryFolder(), "points.safetensors");
    const {status, stdout} = await runCli(["project", exampleRun, "--dims", "3", "--out", out, "--json"]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({out, method: "pca", fit: "all", site: "state", shape: [65, 4, 21, 3]});
    const file = await openSafetensors(out);
    const explained = await file.readFloats("explained");
    expect(file.tensors.get("points")!.shape).toEqual([65, 4, 21, 3]);
    expect(explained[0]).toBeGreaterThan(explained[1]);
    await file.close();
  });

  it("writes a table with a row for each point", async () => {
    const out = join(await temporaryFolder(), "points.csv");
    expect((await runCli(["project", exampleRun, "--fit", "chosen", "--tokens", "6", "--out", out])).status).toBe(0);
    const text = await readFile(out, "utf8");
    expect(text.startsWith('step,init,token,text,x1,x2\n0,0,0,"\n",')).toBe(true); // the first token is a line break
    expect(text.match(/^\d+,\d+,\d+,/gm)).toHaveLength(65 * 4 * 21);
  });
});

describe("orrery serve", () => {
  it("says where it is, and in one line that its port is taken", async () => {
    const folder = await temporaryFolder();
    const running = startCli(["serve", "--port", "0"], {cwd: folder});
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(await running.until("\n"))![0];
    expect(await (await fetch(`${url}/api/info`)).json()).toMatchObject({
      name: "orrery",
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/)
    });
    const {port} = new URL(url);
    const second = await runCli(["serve", "--port", port], {cwd: folder});
    expect(second).toEqual({status: 1, stdout: "", stderr: `port in use: ${port} on 127.0.0.1; choose another with --port\n`});
    running.process.kill("SIGTERM");
    expect(await running.end).toMatchObject({status: 0});
  });

  it("that is killed -9 leaves its capture as a readable partial run", async () => {
    const folder = await temporaryFolder();
    const running = startCli(["serve", "--port", "0"], {cwd: folder});
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(await running.until("\n"))![0];
    const asked = await fetch(`${url}/api/captures`, {
      method: "POST",
      headers: {"content-type": "application/json"},
      body: JSON.stringify({model: "tiny-arithmetic", prompt: "1+2=", steps: Number(LONG), inits: 1})
    });
    const dir = join(folder, "runs", ((await asked.json()) as {run: string}).run);
    await expect
      .poll(() =>
        readTrace(dir).then(
          ({steps_written}) => steps_written,
          () => -1
        )
      )
      .toBeGreaterThan(2);
    running.process.kill("SIGKILL");
    await expect.poll(async () => (await readTrace(dir)).stopped).toBe("killed"); // by the capture process, which is alone now
    const {steps_written} = await readTrace(dir);
    await expect
      .poll(async () =>
        openSafetensors(join(dir, "states.safetensors")).then(
          async (file) => {
            await file.close();
            return file.tensors.get("state")!.shape[0];
          },
          () => undefined
        )
      )
      .toBe(steps_written + 1);
  });

  it("refuses a models folder that is not there", async () => {
    const {status, stderr} = await runCli(["serve", "--port", "0", "--models", "/nowhere"]);
    expect([status, stderr]).toEqual([1, "missing models folder: /nowhere\n"]);
  });
});
