import {readdir, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {describe, expect, it} from "vitest";
import {patternsOf} from "../../../api/analyses/patterns.ts";
import {readPromptLines} from "../../../api/captures/promptFile.ts";
import {loadStates} from "../../../api/exchange/bareStates.ts";
import {importRun} from "../../../api/exchange/importRun.ts";
import type {Patterns} from "../../../api/contract/contract.ts";
import {encodeSafetensors} from "../../../capture/trace/safetensors.ts";
import {openTrace, readTrace} from "../../../capture/trace/reader.ts";
import {runCli, withoutProgress} from "../../support/runCli.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

/** Files that an earlier version failed on; most hold the same 40 steps of 3 tokens of width 32 that contract by 0.8 a step. */
const failing = (name: string): string => fileURLToPath(new URL(`../../../fixtures/failing/${name}`, import.meta.url));

describe("what was refused for a part that nobody asked for, or for how it was laid out", () => {
  it.each([
    ["sibling-object-meta.npz", {}],
    ["sibling-uint32-ids.npz", {}],
    ["sibling-fortran-logits.npz", {array: "states"}],
    ["sibling-u32-ids.safetensors", {}],
    ["unpadded-header-f4.npz", {}],
    ["big-endian.npy", {}],
    ["one-array-per-step.npz", {}],
    ["one-array-per-step.npz", {array: "step_#"}],
    ["batch-axis-first.safetensors", {axes: ["init", "step", "token", "width"]}],
    ["batch-axis-first.safetensors", {axes: ["inits", "steps", "tokens", "width"]}]
  ])("%s is read (%o), analysed and imported bit for bit: three tokens that converge at 0.80", async (name, options) => {
    const {states} = await loadStates(failing(name), options);
    expect(states).toMatchObject({steps: 40, inits: 1, tokens: 3, width: 32});
    for (const {pattern, rate} of patternsOf(states, {site: "state"}).tokens)
      expect([pattern, Number(rate!.toFixed(2))]).toEqual(["converging", 0.8]);
    const out = join(await temporaryFolder(), "run");
    await importRun(failing(name), {out, ...options});
    const reader = await openTrace(out);
    expect((await reader.readSite("state")).data).toEqual(states.data);
    await reader.close();
  });

  it("all of them hold the same numbers, however they are laid out", async () => {
    const {states} = await loadStates(failing("unpadded-header-f4.npz"));
    for (const name of ["big-endian.npy", "one-array-per-step.npz", "sibling-u32-ids.safetensors"])
      expect((await loadStates(failing(name))).states.data, name).toEqual(states.data);
  });

  it("fortran-order.npy: one token of 40 steps", async () => {
    const {states} = await loadStates(failing("fortran-order.npy"));
    expect(states).toMatchObject({steps: 40, inits: 1, tokens: 1, width: 32});
    expect(patternsOf(states, {site: "state"}).tokens[0].rate).toBeCloseTo(0.8, 2);
  });

  it("bfloat16-V2.npy is read as bfloat16, and stored as such", async () => {
    const {states, dtype, container} = await loadStates(failing("bfloat16-V2.npy"));
    expect([dtype, container]).toEqual(["bf16", "BF16"]);
    expect(patternsOf(states, {site: "state", precision: "bfloat16"}).tokens.map(({rate}) => rate!.toFixed(2))).toEqual([
      "0.80",
      "0.80",
      "0.80"
    ]);
    const out = join(await temporaryFolder(), "run");
    await importRun(failing("bfloat16-V2.npy"), {out});
    expect((await readTrace(out)).storage_dtype).toBe("bf16");
  });

  it("what was left unread is named in the trace's notes", async () => {
    const out = join(await temporaryFolder(), "run");
    await importRun(failing("sibling-object-meta.npz"), {out});
    expect((await readTrace(out)).imported?.notes).toContain(
      "meta was not read: invalid .npy type: Python objects (pickle), which are never loaded; expected numbers"
    );
    const said = "meta was not read: invalid .npy type: Python objects (pickle), which are never loaded; expected numbers\n";
    for (const verb of [["analyze"], ["import", "--out", `${out}1`]]) {
      const {status, stderr} = await runCli([verb[0], failing("sibling-object-meta.npz"), ...verb.slice(1)]);
      expect([status, stderr]).toEqual([0, said]);
    }
    await expect(importRun(failing("sibling-object-meta.npz"), {out: `${out}2`, array: "meta"})).rejects.toThrow(
      "invalid array meta: invalid .npy type: Python objects (pickle)"
    );
  });
});

describe("what is not what it seems", () => {
  it("batch-axis-first.safetensors is questioned, with the option that helps", async () => {
    const question =
      "invalid state: [1, 40, 3, 32] is one step of 40 inits as step,init,token,width; where the first axis is a batch, say --axes init,step,token,width";
    for (const verb of [["analyze"], ["import", "--out", join(await temporaryFolder(), "run")]])
      expect(await runCli([verb[0], failing("batch-axis-first.safetensors"), ...verb.slice(1)])).toEqual({
        status: 1,
        stdout: "",
        stderr: `${failing("batch-axis-first.safetensors")}: ${question}\n`
      });
  });

  it("float64-beyond-float32.npy is refused with the value", async () => {
    const message = /invalid state: -?\d\.\d+e\+\d+ is beyond float32; expected at most 3\.4028235e38$/;
    await expect(loadStates(failing("float64-beyond-float32.npy"))).rejects.toThrow(message);
    const dir = await temporaryFolder();
    await expect(importRun(failing("float64-beyond-float32.npy"), {out: join(dir, "run")})).rejects.toThrow(message);
    expect(await readdir(dir)).toEqual([]);
  });

  it("lfs-pointer.safetensors is told as one", async () => {
    await expect(loadStates(failing("lfs-pointer.safetensors"))).rejects.toThrow(
      "lfs-pointer.safetensors: a Git LFS pointer, not the file itself: git lfs pull"
    );
  });

  it("nan-in-one-token.npy is imported, and the token is named with its first bad step", async () => {
    const out = join(await temporaryFolder(), "run");
    const {warnings} = await importRun(failing("nan-in-one-token.npy"), {out});
    expect(warnings).toEqual(["token 1 is not finite from step 10 on (NaN)"]);
    expect((await readTrace(out)).imported?.notes).toContain(warnings[0]);
  });

  it.each(["a run", "a file"])("nan-in-one-token.npy as %s: --json has every measure of the others, and none of the one", async (kind) => {
    const file = failing("nan-in-one-token.npy");
    const out = join(await temporaryFolder(), "run");
    if (kind === "a run") await importRun(file, {out});
    const {status, stdout, stderr} = await runCli(["analyze", kind === "a run" ? out : file, "--json"]);
    expect([status, withoutProgress(stderr)]).toEqual([0, ""]);
    const {tokens, summary} = JSON.parse(stdout) as Patterns;
    const sound = tokens.filter(({bad_from}) => bad_from === null);
    expect(tokens.length - sound.length).toBe(1);
    expect(sound.map(({measures}) => measures?.recurrence === null)).toEqual(sound.map(() => false));
    expect(tokens.find(({bad_from}) => bad_from !== null)?.measures).toMatchObject({cosine_to_final: "unknown", dmd: [], recurrence: null});
    expect(summary.measures?.tokens).toBe(sound.length);
    expect(Math.min(...summary.measures!.state_rank.flat())).toBeGreaterThan(0);
  });
});

describe("one bad part of a folder", () => {
  it("huginn-research-one-bad: the good examples are imported, the others named, in words and in JSON", async () => {
    const out = join(await temporaryFolder(), "runs");
    const {status, stdout, stderr} = await runCli(["import", failing("huginn-research-one-bad"), "--out", out]);
    expect([status, stdout]).toEqual([
      0,
      `${join(out, "example_000000")}: from huginn-research\n${join(out, "example_000002")}: from huginn-research\n`
    ]);
    expect(stderr.split("\n")).toEqual([
      expect.stringMatching(/^not imported: example_000001: missing file: .*tokens\/example_000001\.json$/),
      expect.stringMatching(/^not imported: example_000003: .*example_000003\.npz: not a readable archive: /),
      'example_000002: token 1 "b" is not finite from step 5 on (NaN)',
      ""
    ]);
    expect((await readdir(out)).sort()).toEqual(["example_000000", "example_000002"]);
    const again = await runCli(["import", failing("huginn-research-one-bad"), "--out", `${out}2`, "--json"]);
    expect(JSON.parse(again.stdout)).toMatchObject({
      runs: [join(`${out}2`, "example_000000"), join(`${out}2`, "example_000002")],
      skipped: [{example: "example_000001"}, {example: "example_000003"}]
    });
  });

  it("prompts-bom-crlf.jsonl is read, and so is what a Windows shell writes", async () => {
    const dir = await temporaryFolder();
    const utf16 = Buffer.from('\uFEFF{"prompt":"é数"}\r\n', "utf16le");
    await writeFile(join(dir, "utf16.jsonl"), utf16);
    expect(await readPromptLines(join(dir, "utf16.jsonl"))).toEqual([{prompt: "é数"}]);
    await writeFile(join(dir, "utf16be.jsonl"), Buffer.from(utf16).swap16());
    expect(await readPromptLines(join(dir, "utf16be.jsonl"))).toEqual([{prompt: "é数"}]);
    expect(await readPromptLines(failing("prompts-bom-crlf.jsonl"))).toEqual([{prompt: "1+1="}, {prompt: "2+2="}]);
  });
});

describe("states of which a picture, a table or a report could not be made", () => {
  const STEPS = 40;
  /** Two tokens that contract by 0.8 a step. */
  const contraction = (width: number, unit = 1): Float32Array =>
    Float32Array.from({length: STEPS * 2 * width}, (_, at) => {
      const [step, own] = [Math.floor(at / (2 * width)), at % (2 * width)];
      return unit * (Math.sin(own) + Math.cos(3 * own) * 0.8 ** step);
    });
  const WORDS = {
    "one coordinate": {width: 1, data: contraction(1)},
    "the size of float32": {width: 8, data: contraction(8, 1e38)},
    "Infinity at the last step": {width: 8, data: contraction(8).fill(Infinity, (STEPS - 1) * 16)}
  };

  it.each(Object.entries(WORDS))("%s: all are", async (_, {width, data}) => {
    const folder = await temporaryFolder();
    const [file, run] = [join(folder, "states.safetensors"), join(folder, "run")];
    await writeFile(file, encodeSafetensors({state: {shape: [STEPS, 1, 2, width], data}}));
    await importRun(file, {out: run});
    for (const args of [
      ["report", run, "--out", join(folder, "report.html")],
      ["export", run, "--format", "parquet-wide", "--out", join(folder, "wide.parquet")],
      ["export", run, "--format", "csv", "--out", join(folder, "table.csv")],
      ["project", run, "--fit", "token", "--out", join(folder, "own.csv")],
      ["project", run, "--dims", "3", "--out", join(folder, "space.csv")],
      ["project", run, "--method", "umap", "--out", join(folder, "umap.csv")]
    ]) {
      const {status, stderr} = await runCli(args);
      expect([args, status, withoutProgress(stderr)]).toEqual([args, 0, ""]);
    }
    const [, first] = (await readFile(join(folder, "table.csv"), "utf8")).trim().split("\n");
    expect(first.split(",").at(-1)).toMatch(/^-?[0-9]/);
  });
});
