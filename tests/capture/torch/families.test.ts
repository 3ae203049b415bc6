import {existsSync} from "node:fs";
import {copyFile, mkdir, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {beforeAll, describe, expect, it} from "vitest";
import {logSoftmax, topOf} from "../../../capture/loop/readoutRow.ts";
import {openTrace, type TraceReader} from "../../../capture/trace/reader.ts";
import {encodeSafetensors, openSafetensors} from "../../../capture/trace/safetensors.ts";
import type {SafetensorsFile} from "../../../capture/trace/tensorPlaces.ts";
import {everyPythonWith, type Python} from "../../support/python.ts";
import {temporaryFolder, useTemporaryFolder} from "../../support/temporaryFolder.ts";

const script = join(import.meta.dirname, "../../../capture/torch/capture_trace.py");
const pythons = everyPythonWith("torch", "numpy", "transformers").map((python) => {
  const [version, hasGpu] = python("import torch, transformers; print(transformers.__version__, torch.cuda.is_available())")
    .trim()
    .split(" ");
  return {python, version, devices: hasGpu === "True" ? ["cpu", "cuda"] : ["cpu"]};
});
const TOLERANCE = 1e-4;

/** A golden model's folder, in the project or beside it. */
const goldenOf = (name: string): string | undefined =>
  ["../../../fixtures/golden", "../../../../shared/golden-models"].map((dir) => join(import.meta.dirname, dir, name)).find(existsSync);

interface Case {
  readonly golden: string;
  /** The stand-in for the authors' code; none where transformers itself has the architecture. */
  readonly code?: string;
  readonly run: string;
  /** The golden's tensors of what the trace calls `state` and, where there is one, `low` after each step. */
  readonly states: string;
  readonly low?: string;
  /** Whether the golden's first state is given, or the model's own. */
  readonly given?: boolean;
  readonly options?: readonly string[];
  /** Major versions of transformers that the architecture runs with. */
  readonly major: readonly number[];
}

const retrofit = {code: "modeling_retrofit.py", run: "fwd_len11", states: "states", given: true, major: [4]};
const ouro = {code: "modeling_ouro.py", run: "fwd_len12", states: "states", major: [4]};
const hrm = {states: "z_H", low: "z_L", major: [5]};
const cases: readonly Case[] = [
  {golden: "retrofit-llama_a", ...retrofit},
  {golden: "retrofit-llama_b", ...retrofit},
  {golden: "retrofit-olmo2_a", ...retrofit},
  {golden: "ouro_a", ...ouro},
  {golden: "ouro_b", ...ouro},
  {golden: "hrm-text_a", ...hrm, run: "fwd_len12_causal", options: ["--prefix", "0"]},
  {golden: "hrm-text_a", ...hrm, run: "fwd_len12_prefix7", options: ["--prefix", "7"]},
  {golden: "hrm-text_b", ...hrm, run: "fwd_len12_prefix7", options: ["--prefix", "7"]}
];

/** A model folder as the hub has it: the golden's weights, and the stand-in as the code that comes with them. */
async function modelFolder(dir: string, golden: string, code?: string): Promise<string> {
  const model = join(dir, "model");
  await mkdir(model);
  const config = JSON.parse(await readFile(join(golden, "config.json"), "utf8"));
  await copyFile(join(golden, "model.safetensors"), join(model, "model.safetensors"));
  if (code) {
    await copyFile(join(import.meta.dirname, code), join(model, code));
    const module = code.replace(".py", "");
    config.auto_map = {AutoConfig: `${module}.LoopConfig`, AutoModelForCausalLM: `${module}.LoopForCausalLM`};
    if (code === "modeling_retrofit.py") config.norms_on_branches = golden.includes("olmo2");
  }
  await writeFile(join(model, "config.json"), JSON.stringify(config));
  return model;
}

/** Runs the script's command line for every list of arguments, in one process: loading torch takes longer than all of them. Gives the exits' texts. */
const runScript = (python: Python, dir: string, runs: readonly (readonly string[])[]): (string | null)[] => {
  const printed = python(
    `import os, sys, json
os.environ.update(HF_HUB_OFFLINE="1", HF_HOME=os.path.join(sys.argv[2], "home"))
sys.path.insert(0, os.path.dirname(sys.argv[1]))
import capture_trace, torch
torch.set_num_threads(1)
exits = []
for arguments in json.loads(sys.argv[3]):
    try: exits.append(capture_trace.main(arguments))
    except SystemExit as error: exits.append(str(error))
print(json.dumps(exits))`,
    script,
    dir,
    JSON.stringify(runs)
  );
  return JSON.parse(printed.trim().split("\n").at(-1)!);
};

const largest = (a: Float32Array, b: Float32Array): number =>
  a.reduce((max, x, i) => Math.max(max, Math.abs(x - b[i])), a.length === b.length ? 0 : Infinity);

it.skipIf(pythons.length > 0)("capture_trace.py's families need a Python with torch and transformers", ({skip}) => skip());

const everyDevice = pythons.flatMap(({devices, ...rest}) => devices.map((device) => ({...rest, device})));

describe.each(everyDevice)("capture_trace.py with transformers $version on $device", ({python, version, device}) => {
  const here = cases.filter(({golden}) => goldenOf(golden));
  if (here.length < cases.length) console.log("skipped: the golden models of further families are not at hand");
  const works = ({major}: Case): boolean => major.includes(Number.parseInt(version, 10));
  const folder = useTemporaryFolder();
  const runOf = (i: number): string => join(folder.path, String(i), "run");
  let exits: readonly (string | null)[] = [];

  beforeAll(async () => {
    const args = here.map(async (entry, i) => {
      const dir = join(folder.path, String(i));
      await mkdir(dir);
      return argumentsOf(entry, dir, goldenOf(entry.golden)!, device);
    });
    exits = runScript(python, folder.path, await Promise.all(args));
  });

  it.each(here.map((entry, i) => ({...entry, i})).filter(works))("gives $golden's numbers, $run", async (entry) => {
    expect(exits[entry.i]).toBeNull();
    const reference = await openSafetensors(join(goldenOf(entry.golden)!, `${entry.run}.safetensors`));
    const errors = await errorsOf(entry, await openTrace(runOf(entry.i)), reference);
    await reference.close();
    const figures = Object.entries(errors).map(([what, error]) => `${what} ${error.toExponential(1)}`);
    console.log(`capture_trace.py, transformers ${version}, ${device}, ${entry.golden} ${entry.run}: largest errors ${figures.join(", ")}`);
    for (const [what, error] of Object.entries(errors)) expect(error, what).toBeLessThan(TOLERANCE);
  });

  it.each(here.map((entry, i) => ({...entry, i})).filter((entry) => !works(entry)))("says what to install for $golden, $run", ({i}) => {
    expect(exits[i]).toMatch(
      new RegExp(
        `^capture_trace: \\w+ does not load with transformers ${version} \\(.*\\); install what was tested: pip install .* transformers==.*$`
      )
    );
    expect(existsSync(runOf(i))).toBe(false);
  });
});

describe.each(pythons.filter(({version}) => version.startsWith("4.")).slice(0, 1))("capture_trace.py's families", ({python}) => {
  /** What telling the family of a golden's model says, or what a line of Python does that comes before it. */
  async function refusalOf(golden: string, code: string, change: string): Promise<string> {
    const dir = await temporaryFolder();
    const model = await modelFolder(dir, goldenOf(golden)!, code);
    const printed = python(
      `import os, sys
os.environ.update(HF_HUB_OFFLINE="1", HF_HOME=os.path.join(sys.argv[2], "home"))
sys.path.insert(0, os.path.dirname(sys.argv[1]))
import capture_trace, torch
model, _ = capture_trace.load(sys.argv[3], dtype="f32", device="cpu")
${change}
try: print(capture_trace.loop_of(model).family)
except capture_trace.CaptureError as error: print(error)`,
      script,
      dir,
      model
    );
    return printed.trim().split("\n").at(-1)!;
  }

  it.skipIf(!goldenOf("ouro_a"))("refuse a loop without an exit gate, as Nanbeige's, and name what it lacks", async () => {
    expect(await refusalOf("ouro_a", ouro.code, "del model.model.early_exit_gate")).toBe(
      "invalid model: ouro is none of huginn, retrofit, ouro, hrm-text; ouro comes closest, and it has no model.early_exit_gate"
    );
  });

  it.skipIf(!goldenOf("retrofit-llama_a"))("leave the attention that their code forbids to all of the process", async () => {
    expect(await refusalOf("retrofit-llama_a", retrofit.code, "print(torch.backends.cuda.math_sdp_enabled()); sys.exit()")).toBe("True");
  });

  it.skipIf(!goldenOf("retrofit-llama_a"))("refuse a retrofit with another kind of block, as Gemma's, and name the tensor", async () => {
    const change = "model.transformer.core_block[0].post_norm = torch.nn.LayerNorm(4)";
    expect(await refusalOf("retrofit-llama_a", retrofit.code, change)).toBe(
      "invalid model: unexpected tensor core_block.0.post_norm.bias; known are retrofits of the Llama and OLMo-2 kinds"
    );
  });
});

/** The script's arguments for a golden's run, its model and start written to `dir`. */
async function argumentsOf(entry: Case, dir: string, golden: string, device: string): Promise<string[]> {
  const reference = await openSafetensors(join(golden, `${entry.run}.safetensors`));
  const ids = [...(await reference.readFloats("input_ids"))];
  const [rows, , tokens, width] = reference.tensors.get(entry.states)!.shape;
  const start = {shape: [1, tokens, width], data: await reference.readFloats(entry.states, 0, tokens * width)};
  await reference.close();
  await writeFile(join(dir, "start.safetensors"), encodeSafetensors({state: start}));
  const model = await modelFolder(dir, golden, entry.code);
  const given = entry.given ? ["--init-states", join(dir, "start.safetensors")] : ["--inits", "1"];
  const fixed = ["--model", model, "--tokens", ids.join(), "--steps", String(rows - 1), "--dtype", "f32", "--device", device];
  return [...fixed, ...given, ...(entry.options ?? []), "--out", join(dir, "run")];
}

/** The largest errors of a trace against a golden's run, by what was compared. */
async function errorsOf(entry: Case, trace: TraceReader, reference: SafetensorsFile): Promise<Record<string, number>> {
  const readout = (await trace.readReadout())!;
  const errors: Record<string, number> = {
    states: largest((await trace.readSite("state")).data, await reference.readFloats(entry.states)),
    readout: await readoutError(readout, reference)
  };
  const [rows, , tokens, width] = reference.tensors.get(entry.states)!.shape;
  if (entry.low) {
    const cycles = reference.tensors.get(entry.low)!.shape[0] / (rows - 1); // of the low state in a step; its last is what is kept
    const {data} = await trace.readSite("low", {steps: [1, rows - 1]});
    errors.low = 0;
    for (let step = 1; step < rows; ++step) {
      const expected = await reference.readFloats(entry.low, (step * cycles - 1) * tokens * width, tokens * width);
      errors.low = Math.max(errors.low, largest(data.subarray((step - 1) * tokens * width, step * tokens * width), expected));
    }
  }
  if (reference.tensors.has("gate_logits")) {
    const gate = readout.gate.data;
    expect(gate.subarray(0, tokens).every(Number.isNaN)).toBe(true); // no loop, no gate
    errors.gate = largest(
      gate.subarray(tokens),
      (await reference.readFloats("gate_logits")).map((x) => 1 / (1 + Math.exp(-x)))
    );
  }
  await trace.close();
  return errors;
}

/** The largest error of the most likely tokens' log-probabilities at every step. */
async function readoutError({top_logprobs}: Readout, reference: SafetensorsFile): Promise<number> {
  const [steps, , tokens, vocabulary] = reference.tensors.get("logits")!.shape;
  const logits = await reference.readFloats("logits");
  const top = {ids: new Int32Array(5), values: new Float32Array(5)};
  let error = 0;
  for (let row = 0; row < steps * tokens; ++row) {
    topOf(logSoftmax(logits.subarray(row * vocabulary, (row + 1) * vocabulary), new Float32Array(vocabulary)), top.ids, top.values);
    error = Math.max(error, largest(top_logprobs.data.subarray(5 * row, 5 * row + 5), top.values));
  }
  return error;
}

type Readout = Readonly<Record<string, {readonly data: Float32Array}>>;
