import {readdir, readFile, stat, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {capture, type CaptureOptions} from "../../../capture/job/capture.ts";
import {captureSpecSchema, type CaptureSpec} from "../../../capture/job/captureSpec.ts";
import type {Engine} from "../../../capture/engine/engine.ts";
import {loadEngine} from "../../../capture/engine/loadEngine.ts";
import {initialStates} from "../../../capture/loop/initialState.ts";
import {openTrace} from "../../../capture/trace/reader.ts";
import {encodeSafetensors, openSafetensors} from "../../../capture/trace/safetensors.ts";
import type {z} from "zod";
import {copiedModel, cutWeights, editConfig, renameTensor, shippedModel} from "../../support/shippedModel.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

type Order = Partial<z.input<typeof captureSpecSchema>>;

const PROMPT = "\n48+37=";

async function specOf(order: Order = {}): Promise<CaptureSpec> {
  const dir = join(await temporaryFolder(), "run");
  const prompt = order.token_ids ? undefined : PROMPT;
  return captureSpecSchema.parse({model: shippedModel, dir, prompt, steps: 16, inits: 2, ...order});
}

describe("capture", () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await loadEngine(shippedModel, {threads: 1});
  });
  afterAll(() => engine.dispose());

  const run = (spec: CaptureSpec, options: Partial<CaptureOptions> = {}) => capture(spec, {engine: async () => engine, ...options});

  it("capture writes a complete trace that says what ran", async () => {
    const spec = await specOf({title: "a sum", seed: 7});
    const trace = await run(spec, {now: () => new Date("2026-01-02T03:04:05Z")});
    expect(trace).toMatchObject({
      schema: "orrery-trace/2",
      family: "huginn",
      trained_steps: 8,
      injects_input: true,
      status: "complete",
      stopped: null,
      steps: 16,
      steps_written: 16,
      title: "a sum",
      prompt: PROMPT,
      width: 96,
      sites: [{name: "state", phase: "step", first_step: 0, width: 96, per_init: true}],
      compute_dtype: "f32",
      storage_dtype: "f32",
      readout: {lens: "coda", top: 5},
      inits: [
        {kind: "normal", seed: 7, scale: 1},
        {kind: "normal", seed: 7, scale: 1}
      ],
      engine: {device: "cpu", threads: 1},
      software: {name: "orrery"},
      created: "2026-01-02T03:04:05.000Z"
    });
    expect(trace.tokens.map(({text}) => text).join("")).toBe(PROMPT);
    expect(trace.model).toMatchObject({name: "tiny-arithmetic", config: {n_embd: 96}});
    expect(trace.model.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(trace.step_ms).toHaveLength(16);
    expect((await readdir(spec.dir)).sort()).toEqual(["readout.safetensors", "readout_texts.json", "states.safetensors", "trace.json"]);
  });

  it("capture keeps the drawn initial state as step 0, the input and ln_f beside the states", async () => {
    const spec = await specOf({seed: 3});
    await run(spec);
    const reader = await openTrace(spec.dir);
    expect(reader.sites).toEqual(["state", "state_normed"]);
    expect((await reader.readSite("state", {steps: [0, 0]})).data).toEqual(initialStates(engine.model, {inits: 2, tokens: 7, seed: 3}));
    expect((await reader.readConstant("input")).shape).toEqual([7, 96]);
    expect((await reader.readConstant("ln_f")).data).toEqual(await engine.weight("final_norm"));
    await reader.close();
  });

  it("capture reads out at each step: the trained model's answer to 48+37 begins with 8", async () => {
    const spec = await specOf();
    const {tokens} = await run(spec);
    const reader = await openTrace(spec.dir);
    const {top_ids, entropy, kl_prev, kl_final, target_logprob} = (await reader.readReadout())!;
    await reader.close();
    expect(top_ids.shape).toEqual([17, 2, 7, 5]);
    const eight = tokens.find(({text}) => text === "8")!.id;
    const lastToken = (init: number) => top_ids.data[((16 * 2 + init) * 7 + 6) * 5];
    expect([lastToken(0), lastToken(1)]).toEqual([eight, eight]);
    expect([...kl_prev.data.subarray(0, 14)].every(Number.isNaN)).toBe(true);
    expect([...kl_final.data.subarray(16 * 14)]).toEqual(new Array(14).fill(0));
    expect([...kl_final.data, ...entropy.data].every((x) => x >= 0)).toBe(true);
    expect(Number.isNaN(target_logprob.data[6])).toBe(true);
  });

  it("capture gives the same bytes for the same order, and others for another seed", async () => {
    const specs = [await specOf({seed: 1}), await specOf({seed: 1}), await specOf({seed: 2})];
    for (const spec of specs) await run(spec);
    const [first, again, other] = await Promise.all(specs.map(({dir}) => readFile(join(dir, "states.safetensors"))));
    expect(again.equals(first)).toBe(true);
    expect(other.equals(first)).toBe(false);
  });

  it("capture keeps the sites that were asked for: core sites from step 1, prelude sites once", async () => {
    const spec = await specOf({sites: ["core.1.out", "prelude.0.out", "logits", "state"], steps: 3});
    await run(spec);
    const reader = await openTrace(spec.dir);
    expect(reader.sites).toEqual(["state", "core.1.out", "logits", "state_normed"]);
    expect(reader.extentOf("core.1.out")).toEqual({firstStep: 1, lastStep: 3, width: 96});
    expect(reader.extentOf("logits")).toEqual({firstStep: 0, lastStep: 3, width: 96});
    const [last, state] = [await reader.readSite("core.1.out"), await reader.readSite("state", {steps: [1, 3]})];
    expect(last.data).toEqual(state.data); // the last core block's output is the state
    expect((await reader.readConstant("prelude.0.out")).data).toEqual((await reader.readConstant("input")).data); // one prelude block
    await reader.close();
  });

  it("capture without a readout writes none", async () => {
    const spec = await specOf({readout: null, steps: 2});
    expect((await run(spec)).readout).toBeNull();
    expect((await readdir(spec.dir)).sort()).toEqual(["states.safetensors", "trace.json"]);
  });

  it.each(["bf16", "f16"] as const)("capture stores states as %s within half a unit in the last place", async (storage_dtype) => {
    const [exact, narrow] = [await specOf({steps: 2}), await specOf({steps: 2, storage_dtype})];
    for (const spec of [exact, narrow]) await run(spec);
    const [a, b] = await Promise.all(
      [exact, narrow].map(async ({dir}) => {
        const reader = await openTrace(dir);
        const {data} = await reader.readSite("state");
        await reader.close();
        return data;
      })
    );
    const relative = storage_dtype === "bf16" ? 2 ** -8 : 2 ** -11;
    expect(a.every((x, i) => Math.abs(x - b[i]) <= Math.abs(x) * relative + 2 ** -25)).toBe(true);
    expect(a).not.toEqual(b);
  });

  it("capture starts from the states of a file", async () => {
    const state = Float32Array.from({length: 3 * 7 * 96}, (_, i) => Math.sin(i));
    const file = join(await temporaryFolder(), "start.safetensors");
    await writeFile(file, encodeSafetensors({state: {shape: [3, 7, 96], data: state}}));
    const spec = await specOf({init_states: file, steps: 1});
    expect((await run(spec)).inits).toEqual(new Array(3).fill({kind: "file", seed: null, scale: null}));
    const reader = await openTrace(spec.dir);
    expect((await reader.readSite("state", {steps: [0, 0]})).data).toEqual(state);
    await reader.close();
  });

  it("capture makes its edits and notes them in the trace; one that changes nothing gives the same bytes", async () => {
    const edits = [
      {op: "add" as const, site: "state", step: 2, tokens: [6], vector: 0, scale: 1},
      {op: "scale" as const, site: "input", factor: 1}
    ];
    const [plain, same, changed] = [
      await specOf({steps: 4}),
      await specOf({steps: 4, edits}),
      await specOf({steps: 4, edits: [{op: "set", site: "state", step: 2, tokens: [6], vector: 0.5}]})
    ];
    for (const spec of [plain, same, changed]) await run(spec);
    expect(await readFile(join(same.dir, "states.safetensors"))).toEqual(await readFile(join(plain.dir, "states.safetensors")));
    const reader = await openTrace(changed.dir);
    expect(reader.trace.edits).toEqual(changed.edits);
    expect((await reader.readSite("state", {steps: [2, 2], inits: [0], tokens: [6]})).data).toEqual(new Float32Array(96).fill(0.5));
    await reader.close();
  });

  it("capture tells its progress from −1 to the last step", async () => {
    const told: number[] = [];
    await run(await specOf({steps: 3}), {onProgress: ({step}) => told.push(step)});
    expect(told).toEqual([-1, 0, 1, 2, 3]);
  });

  it("capture that is aborted leaves a partial trace that any reader opens", async () => {
    const abort = new AbortController();
    const spec = await specOf({steps: 1000});
    const trace = await run(spec, {signal: abort.signal, onProgress: ({step}) => step === 5 && abort.abort("cancelled")});
    expect(trace).toMatchObject({status: "partial", stopped: "cancelled", steps_written: 5});
    const file = await openSafetensors(join(spec.dir, "states.safetensors"));
    expect(file.tensors.get("state")!.shape).toEqual([6, 2, 7, 96]);
    await file.close();
    const reader = await openTrace(spec.dir);
    expect((await reader.readReadout())!.kl_final.data.every(Number.isNaN)).toBe(true); // the last step was never made
    await reader.close();
  });

  it("capture whose engine fails leaves a partial trace with the reason, and throws", async () => {
    const spec = await specOf();
    const failing: Engine = {
      ...engine,
      step: (state, input, options) =>
        options.step === 4 ? Promise.reject(new Error("out of memory\n  at a place")) : engine.step(state, input, options)
    };
    await expect(run(spec, {engine: async () => failing})).rejects.toThrow("out of memory");
    const reader = await openTrace(spec.dir);
    expect(reader.trace).toMatchObject({status: "partial", stopped: "out of memory at a place", steps_written: 3});
    await reader.close();
  });

  it("capture refuses an occupied folder and leaves it as it is", async () => {
    const spec = await specOf();
    const dir = await temporaryFolder();
    await writeFile(join(dir, "notes.txt"), "mine");
    await expect(run({...spec, dir})).rejects.toThrow(`invalid run folder: ${dir} is not empty; expected a new or an empty one`);
    expect(await readdir(dir)).toEqual(["notes.txt"]);
  });

  const refusals: readonly [string, Order, string][] = [
    ["a token id beyond the vocabulary", {token_ids: [96]}, "invalid token id: 96; expected 0 to 95"],
    ["a prompt longer than the model takes", {prompt: "1".repeat(1025)}, "prompt too long: 1025 tokens; the model takes at most 1024"],
    [
      "an edit beyond the sequence",
      {edits: [{op: "set", site: "state", tokens: [7], vector: 0}]},
      "invalid edit 0: token 7; expected 0 to 6"
    ],
    ["a site that is not there", {sites: ["core.2.out"]}, "unknown site: core.2.out; one of embed, prelude.0.out, input, state,"]
  ];
  it.each(refusals)("capture refuses %s and makes no folder", async (_what, order, message) => {
    const spec = await specOf(order);
    await expect(run(spec)).rejects.toThrow(message);
    await expect(stat(spec.dir)).rejects.toThrow("ENOENT");
  });

  const damages: readonly [string, (folder: string) => Promise<void>, string][] = [
    ["a missing config key", (folder) => editConfig(folder, {intermediate_size: undefined}), "missing config key: intermediate_size"],
    [
      "an unsupported config key",
      (folder) => editConfig(folder, {injection_type: "add"}),
      'unsupported config key injection_type: "add"; expected linear'
    ],
    [
      "a missing tensor",
      (folder) => renameTensor(folder, "transformer.adapter.weight", "transformer.adapted.weight"),
      "missing tensor: transformer.adapter.weight; expected [96, 192]"
    ],
    [
      "a tensor of another shape",
      (folder) => editConfig(folder, {intermediate_size: 128}),
      "unexpected shape of transformer.prelude.0.mlp.fc.weight: [512, 96]; the config needs [256, 96]"
    ],
    ["truncated weights", (folder) => cutWeights(folder, 1_000_000), "truncated or padded file: 1000000 bytes; the header promises 1893984"]
  ];
  it.each(damages)("capture refuses a model with %s and makes no folder", async (_what, damage, message) => {
    const model = await copiedModel();
    await damage(model);
    const spec = await specOf({model});
    await expect(capture(spec, {engine: () => loadEngine(model)})).rejects.toThrow(message);
    await expect(stat(spec.dir)).rejects.toThrow("ENOENT");
  });
});
