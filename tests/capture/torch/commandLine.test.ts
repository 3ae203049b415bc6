import {mkdir, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it, onTestFinished} from "vitest";
import {openTrace, type TraceReader} from "../../../capture/trace/reader.ts";
import {pythonWith} from "../../support/python.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const numpy = pythonWith("numpy");
const transformers = pythonWith("torch", "numpy", "transformers");
const script = join(import.meta.dirname, "../../../capture/torch");
const imports = `import sys, json, os
sys.path[:0] = [${JSON.stringify(script)}, ${JSON.stringify(import.meta.dirname)}]
import numpy as np, capture_trace`;

async function opened(dir: string): Promise<TraceReader> {
  const reader = await openTrace(dir);
  onTestFinished(() => reader.close());
  return reader;
}

describe("capture_trace.py's command line", () => {
  const run = (args: readonly string[]): string => numpy!(`${imports}\ncapture_trace.main(json.loads(sys.argv[1]))`, JSON.stringify(args));

  it.skipIf(!numpy).each([
    {args: ["--out", "x"], message: "one of the arguments --prompt --prompts --tokens is required"},
    {args: ["--prompt", "a"], message: "the following arguments are required: --out"},
    {args: ["--prompt", "a", "--out", "x", "--steps", "0"], message: "argument --steps: invalid number: 0; expected 1 to 100000"},
    {args: ["--prompt", "a", "--out", "x", "--init-scale", "-1"], message: "invalid --init-scale: -1.0; expected 0 or more"},
    {args: ["--prompt", "a", "--out", "x", "--system", "s"], message: "--system needs --chat"},
    {args: ["--tokens", "1,x", "--out", "x"], message: "capture_trace: invalid --tokens: 1,x; expected whole numbers joined by commas"},
    {args: ["--prompts", "nowhere.jsonl", "--out", "x"], message: "capture_trace: cannot read nowhere.jsonl: No such file or directory"}
  ])("refuses $args in one line", ({args, message}) => {
    expect(() => run(args)).toThrow(message);
  });

  it.skipIf(!numpy).each([
    ["--tokens", "1,x"],
    ["--prompts", "nowhere.jsonl"]
  ])("ends with status 2 for %s %s, as for an option that is wrong", (...args) => {
    const code = "try: capture_trace.main(sys.argv[1:])\nexcept SystemExit as end: print(end.code)";
    expect(numpy!(`${imports}\n${code}`, ...args, "--out", "x")).toBe("2\n");
  });

  it.skipIf(!numpy)("names the broken line of a prompt file", async () => {
    const path = join(await temporaryFolder(), "prompts.jsonl");
    await writeFile(path, '{"prompt": "a"}\n\n{"text": "b"}\n');
    expect(() => run(["--prompts", path, "--out", "x"])).toThrow(`capture_trace: invalid line 3 of ${path}: expected {"prompt": …}`);
  });

  it.skipIf(!numpy).each([
    {line: '{"prompt": 12}', problem: "prompt 12; expected text"},
    {line: '{"prompt": ""}', problem: 'prompt ""; expected text'},
    {line: "[1]", problem: 'expected {"prompt": …}'},
    {line: "not JSON", problem: 'expected {"prompt": …}'}
  ])("refuses the prompt line $line", async ({line, problem}) => {
    const path = join(await temporaryFolder(), "prompts.jsonl");
    await writeFile(path, `{"prompt": "a"}\n${line}\n`);
    expect(() => run(["--prompts", path, "--out", "x"])).toThrow(`capture_trace: invalid line 2 of ${path}: ${problem}`);
  });

  it.skipIf(!numpy)("reads prompts behind a byte order mark, whatever ends their lines", async () => {
    const path = join(await temporaryFolder(), "prompts.jsonl");
    await writeFile(path, '\uFEFF{"prompt": "a"}\r\n{"prompt": "b"}\r\n[1]\r\n');
    expect(() => run(["--prompts", path, "--out", "x"])).toThrow(`capture_trace: invalid line 3 of ${path}: expected {"prompt": …}`);
  });

  it.skipIf(!numpy)("refuses an occupied folder of one of the prompts before a model is loaded", async () => {
    const dir = await temporaryFolder();
    await writeFile(join(dir, "prompts.jsonl"), '{"prompt": "a"}\n{"prompt": "b"}\n');
    await mkdir(join(dir, "runs", "0002"), {recursive: true});
    await writeFile(join(dir, "runs", "0002", "mine"), "");
    expect(() => run(["--prompts", join(dir, "prompts.jsonl"), "--model", "nowhere", "--out", join(dir, "runs")])).toThrow(
      `capture_trace: invalid run folder: ${join(dir, "runs", "0002")} is there already; expected a new or an empty one`
    );
  });

  it.skipIf(!numpy).each([
    {
      error:
        "CUDA out of memory. Tried to allocate 16.00 GiB. GPU 0 has a total capacity of 79.18 GiB of which 6.30 GiB is free. Process 478 has 724.00 MiB memory in use. Including non-PyTorch memory, this process has 72.16 GiB memory in use.",
      told: "CUDA out of memory. Tried to allocate 16.00 GiB. GPU 0 has a total capacity of 79.18 GiB of which 6.30 GiB is free"
    },
    {
      error: "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
      told: "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"
    }
  ])("says what needs less memory when a GPU says $told", ({error, told}) => {
    expect(() =>
      numpy!(
        `${imports}
def fail(arguments): raise RuntimeError(sys.argv[1])
capture_trace.run = fail
capture_trace.main(["--tokens", "1", "--out", "x"])`,
        error
      )
    ).toThrow(`capture_trace: ${told}; less is needed with --inits 1, --batch 1, --top 0, --dtype bf16`);
  });

  it.skipIf(!numpy)("explains itself", () => {
    const help = run(["--help"]);
    for (const option of [
      "--prompt",
      "--prompts",
      "--tokens",
      "--chat",
      "--steps",
      "--inits",
      "--seed",
      "--init-scale",
      "--init-states",
      "--dtype",
      "--revision",
      "--top"
    ])
      expect(help).toContain(option);
  });

  it.skipIf(!numpy)("names the versions that it was tested with, in its head and in the documentation", async () => {
    const tested = numpy!(`${imports}\nprint(json.dumps(sorted({v for versions in capture_trace.TESTED.values() for v in versions})))`);
    const texts = [run(["--help"]), await readFile(join(import.meta.dirname, "../../../docs/gpu.md"), "utf8")];
    for (const version of JSON.parse(tested)) for (const text of texts) expect(text).toContain(version);
  });

  it.skipIf(!transformers)("loads a model with remote code through transformers, and runs every prompt of a file", async () => {
    const dir = await temporaryFolder();
    await writeFile(join(dir, "prompts.jsonl"), '\uFEFF{"prompt": "48+37"}\r\n{"prompt": "1"}\r\n'); // as Windows saves it
    const tokenizer = join(import.meta.dirname, "../../../fixtures/models/tiny-arithmetic/tokenizer.json");
    const args = [
      "--model",
      join(dir, "tiny"),
      "--prompts",
      join(dir, "prompts.jsonl"),
      "--chat",
      "--steps",
      "3",
      "--inits",
      "2",
      "--dtype",
      "f32",
      "--title",
      "t",
      "--out",
      join(dir, "runs")
    ];
    const printed = transformers!(
      `${imports}
os.environ.update(HF_HUB_OFFLINE="1", HF_HOME=os.path.join(sys.argv[1], "home"))
import modeling_tiny, shutil
modeling_tiny.make(os.path.join(sys.argv[1], "tiny"), sys.argv[2])
capture_trace.main(json.loads(sys.argv[3]))
kept = os.stat(os.path.join(sys.argv[1], "runs", "0001", "trace.json")).st_mtime_ns
shutil.rmtree(os.path.join(sys.argv[1], "runs", "0002"))
print("again")
capture_trace.main([*json.loads(sys.argv[3]), "--resume"])
assert os.stat(os.path.join(sys.argv[1], "runs", "0001", "trace.json")).st_mtime_ns == kept`,
      dir,
      tokenizer,
      JSON.stringify(args)
    );
    const [first, second] = [join(dir, "runs", "0001"), join(dir, "runs", "0002")];
    expect(printed.trim().split("\n").slice(-4)).toEqual([first, second, "again", second]);
    const reader = await opened(join(dir, "runs", "0001"));
    expect(reader.trace).toMatchObject({
      status: "complete",
      title: "t",
      prompt: "48+37",
      model: {name: "tiny", config: {width: 16}},
      compute_dtype: "f32",
      steps_written: 3,
      width: 16,
      readout: {top: 5}
    });
    expect(reader.trace.tokens.map(({text}) => text).join("")).toBe("48+37="); // the template asked for the answer
    expect(reader.trace.engine.version).toMatch(/^\d+\.\d+.* \(transformers \d+\./);
  });
});
