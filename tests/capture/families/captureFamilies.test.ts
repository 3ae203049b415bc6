import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import type {z} from "zod";
import {capture} from "../../../capture/job/capture.ts";
import {captureSpecSchema, type CaptureSpec} from "../../../capture/job/captureSpec.ts";
import type {Engine} from "../../../capture/engine/engine.ts";
import {loadEngine} from "../../../capture/engine/loadEngine.ts";
import {lensReadout, lensSpecSchema} from "../../../capture/loop/lensReadout.ts";
import {siteNames} from "../../../capture/model/site.ts";
import {runSpectrum} from "../../../capture/spectrum/runSpectrum.ts";
import {spectrumSpecSchema} from "../../../capture/spectrum/spectrumSchema.ts";
import {openTrace} from "../../../capture/trace/reader.ts";
import {encodeSafetensors, openSafetensors} from "../../../capture/trace/safetensors.ts";
import {changedGolden} from "../../support/checkpoints.ts";
import {maxDifference} from "../../support/golden.ts";
import {goldenRoot} from "../../support/goldenModels.ts";
import {momentsOf} from "../../support/runs.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const ids = [3, 1, 4, 1, 5, 9, 2];
const golden = ["retrofit-llama_a", "retrofit-olmo2_a", "ouro_b", "hrm-text_b"] as const;

describe.each(golden)("capture of %s", (name) => {
  const model = join(goldenRoot, name);
  let engine: Engine;
  beforeAll(async () => {
    engine = await loadEngine(model, {threads: 1});
  });
  afterAll(() => engine.dispose());
  const specOf = async (order: Partial<z.input<typeof captureSpecSchema>> = {}): Promise<CaptureSpec> =>
    captureSpecSchema.parse({model, dir: join(await temporaryFolder(), "run"), token_ids: ids, steps: 5, inits: 2, ...order});
  const run = (spec: CaptureSpec) => capture(spec, {engine: async () => engine});

  it("needs no tokenizer, and says the family, its trained steps, what it carries and every site as data", async () => {
    const spec = await specOf({sites: siteNames(engine.model)});
    const trace = await run(spec);
    expect(trace).toMatchObject({
      family: engine.model.family,
      trained_steps: engine.model.trainedSteps,
      injects_input: name.startsWith("retrofit"),
      state_parts: engine.model.parts.map(({name, width}) => ({name, width})),
      tokens: ids.map((id) => ({id, text: `#${id}`}))
    });
    const reader = await openTrace(spec.dir);
    for (const {name: site, first_step: firstStep, width, phase} of trace.sites) {
      if (phase === "before") expect((await reader.readConstant(site)).shape).toEqual([ids.length, width]);
      else expect(reader.extentOf(site)).toEqual({firstStep, lastStep: 5, width});
    }
    for (const scalar of trace.scalars) {
      const {data} = await reader.readSite(scalar);
      expect((await reader.readReadout([scalar]))![scalar].data.slice(-data.length)).toEqual(data);
    }
    const texts = await reader.readTexts();
    for (const id of (await reader.readReadout(["top_ids"]))!.top_ids.data) expect(texts?.get(id)).toBe(`#${id}`);
    await reader.close();
  });

  it("keeps what the engine's steps give, from its own start on", async () => {
    const spec = await specOf();
    await run(spec);
    const reader = await openTrace(spec.dir);
    const {data: first} = await reader.readSite("state", {steps: [0, 0], inits: [0]});
    const {input, start} = await engine.begin(ids);
    const batch = {inits: 1, tokens: ids.length, prefix: reader.trace.prefix};
    const width = engine.model.carriedWidth;
    let state = name.startsWith("retrofit") ? first : start;
    for (let step = 0; step <= 5; ++step) {
      if (step > 0) state = await engine.step(state, input, {...batch, step});
      const own = state.filter((_, i) => i % width < engine.model.width);
      expect(maxDifference((await reader.readSite("state", {steps: [step, step], inits: [0]})).data, own)).toBeLessThan(1e-5);
    }
    expect(maxDifference((await reader.readSite("state", {steps: [0, 0], inits: [1]})).data, first) > 0).toBe(!name.startsWith("hrm"));
    await reader.close();
  });

  it("gives the same numbers through either of a run's readings: stored, or made again of the stored states", async () => {
    const spec = await specOf({readout: {top: 3}});
    await run(spec);
    const out = join(await temporaryFolder(), "lens.safetensors");
    const lens = engine.model.lenses[0] as "coda" | "logit";
    await lensReadout(lensSpecSchema.parse({dir: spec.dir, model, lens, top: 3, out}), {engine: async () => engine});
    const [again, reader] = [await openSafetensors(out), await openTrace(spec.dir)];
    const stored = (await reader.readReadout())!;
    for (const tensor of ["top_ids", "entropy", "kl_final"])
      expect(maxDifference(await again.readFloats(tensor), stored[tensor].data), tensor).toBeLessThan(1e-4);
    await again.close();
    await reader.close();
  });

  it("takes initial states from a file", async () => {
    const path = join(await temporaryFolder(), "states.safetensors");
    const {width} = engine.model;
    const data = Float32Array.from({length: 3 * ids.length * width}, (_, i) => Math.sin(i));
    await writeFile(path, encodeSafetensors({state: {shape: [3, ids.length, width], data}}));
    const spec = await specOf({init_states: path, steps: 2});
    const trace = await run(spec);
    expect(trace.inits).toEqual([1, 2, 3].map(() => ({kind: "file", seed: null, scale: null})));
    const reader = await openTrace(spec.dir);
    expect((await reader.readSite("state", {steps: [0, 0]})).data).toEqual(data);
    await reader.close();
  });

  it("takes edits at every site that is listed, and an identity changes nothing", async () => {
    const [plain, edited] = [
      await specOf(),
      await specOf({edits: siteNames(engine.model).map((site) => ({op: "scale", site, factor: 1}))})
    ];
    await run(plain);
    await run(edited);
    const [a, b] = [await openTrace(plain.dir), await openTrace(edited.dir)];
    expect(maxDifference((await a.readSite("state")).data, (await b.readSite("state")).data)).toBeLessThan(1e-6);
    const frozen = await specOf({edits: [{op: "freeze", tokens: [2], from: 2}]});
    await run(frozen);
    const reader = await openTrace(frozen.dir);
    for (const {name: part} of engine.model.parts) {
      const at = async (step: number) => (await reader.readSite(part, {steps: [step, step], tokens: [2]})).data;
      expect(await at(5)).toEqual(await at(2));
    }
    await Promise.all([a.close(), b.close(), reader.close()]);
  });

  it("stays near float32 in 8 bits, and is the same out of shards, read in place or not", async () => {
    const options = {ids, initial: (await engine.begin(ids)).start, inits: 1, steps: 3};
    const wholly = await momentsOf(engine, options);
    const folder = await changedGolden(name, {shards: 3});
    const cacheFolder = await temporaryFolder();
    for (const [dtype, largeBytes, tolerance] of [
      ["f32", 1e9, 1e-6],
      ["f32", 0, 1e-6],
      ["int8", 1e9, 0.05],
      ["int8", 0, 0.05]
    ] as const) {
      const other = await loadEngine(folder, {dtype, largeBytes, cacheFolder, threads: 1});
      const {carried} = (await momentsOf(other, options))[3];
      await other.dispose();
      const expected = wholly[3].carried;
      const error = Math.sqrt(carried.reduce((sum, x, i) => sum + (x - expected[i]) ** 2, 0) / expected.reduce((sum, x) => sum + x * x, 0));
      console.log(`${name} ${dtype} ${largeBytes === 0 ? "in place" : "in the graph"}: relative error ${error.toExponential(1)}`);
      expect(error).toBeLessThan(tolerance);
      if (dtype === "int8") expect(error).toBeGreaterThan(1e-5);
    }
  });

  it("gives spectra of its step, whose leading values the blocks of a causal model share with the whole", async () => {
    const spec = await specOf({steps: 8, inits: 1});
    await run(spec);
    const spectrum = await runSpectrum(spectrumSpecSchema.parse({dir: spec.dir, model, count: 2}), {engine: async () => engine});
    const modulus = ([re, im]: readonly number[]) => Math.hypot(re, im);
    const blocks = Math.max(...spectrum.tokens.map(({eigenvalues}) => modulus(eigenvalues[0])));
    if (!name.startsWith("hrm")) expect(modulus(spectrum.sequence.eigenvalues[0])).toBeCloseTo(blocks, 4);
    expect(Math.max(...spectrum.sequence.residuals)).toBeLessThan(1e-3 * blocks);
    const {lyapunov} = await runSpectrum(spectrumSpecSchema.parse({dir: spec.dir, model, count: 2, tokens: [0], lyapunov: true}), {
      engine: async () => engine
    });
    expect(lyapunov).toHaveLength(2);
  });
});

describe("what only some families have", () => {
  const spec = async (name: string, order: Partial<z.input<typeof captureSpecSchema>>) =>
    captureSpecSchema.parse({
      model: join(goldenRoot, name),
      dir: join(await temporaryFolder(), "run"),
      token_ids: ids,
      steps: 3,
      inits: 2,
      ...order
    });
  const refusal = async (name: string, order: Partial<z.input<typeof captureSpecSchema>>) => {
    const engine = () => loadEngine(join(goldenRoot, name), {threads: 1});
    return capture(await spec(name, order), {engine}).then(
      () => "captured",
      (error: Error) => error.message
    );
  };

  it("is Ouro's gate: λ of each step in the readout, no number at step 0, and its start with ε", async () => {
    const order = await spec("ouro_b", {init: {scale: 2}});
    const engine = await loadEngine(join(goldenRoot, "ouro_b"), {threads: 1});
    const trace = await capture(order, {engine: async () => engine});
    expect(trace.scalars).toEqual(["gate"]);
    expect(trace.inits).toEqual([
      {kind: "own", seed: null, scale: null},
      {kind: "near", seed: 0, scale: 0.002}
    ]);
    const reader = await openTrace(order.dir);
    const {gate} = (await reader.readReadout(["gate"]))!;
    expect(gate.shape).toEqual([4, 2, ids.length]);
    expect(gate.data.slice(0, 2 * ids.length).every(Number.isNaN)).toBe(true);
    expect(gate.data.slice(2 * ids.length).every((p) => p > 0 && p < 1)).toBe(true);
    const [own, near] = [0, 1].map((init) => reader.readSite("state", {steps: [0, 0], inits: [init]}));
    const [a, b] = [(await own).data, (await near).data];
    const ratio = Math.sqrt(b.reduce((sum, x, i) => sum + (x - a[i]) ** 2, 0) / a.reduce((sum, x) => sum + x * x, 0));
    expect(ratio).toBeCloseTo(0.002, 3);
    await reader.close();
    await engine.dispose();
  });

  it("is HRM-Text's low state: stored for the first start, drawn for the others; and the two-way block of its prompt", async () => {
    const order = await spec("hrm-text_b", {inits: 3, seed: 5});
    const engine = await loadEngine(join(goldenRoot, "hrm-text_b"), {threads: 1});
    const trace = await capture(order, {engine: async () => engine});
    expect(trace.inits.map(({kind, seed}) => [kind, seed])).toEqual([
      ["own", null],
      ["normal", 5],
      ["normal", 5]
    ]);
    expect(trace.prefix).toBe(ids.length);
    const reader = await openTrace(order.dir);
    const low = (await reader.readSite("low", {steps: [0, 0]})).data;
    const stored = await engine.weight("low_start");
    const row = (i: number) => low.subarray(i * 48, (i + 1) * 48);
    expect(row(0)).toEqual(stored);
    expect(row(ids.length)).toEqual(row(ids.length + 3)); // one vector for all positions
    expect(maxDifference(row(ids.length), row(2 * ids.length))).toBeGreaterThan(0.1);
    const state = (await reader.readSite("state", {steps: [0, 0]})).data;
    expect(state.slice(0, ids.length * 48)).toEqual(state.slice(ids.length * 48, 2 * ids.length * 48));
    const causal = await spec("hrm-text_b", {prefix: 0});
    await capture(causal, {engine: async () => engine});
    const other = await openTrace(causal.dir);
    expect(
      maxDifference((await other.readSite("state", {inits: [0]})).data, (await reader.readSite("state", {inits: [0]})).data)
    ).toBeGreaterThan(1e-2);
    await Promise.all([reader.close(), other.close()]);
    await engine.dispose();
  });

  it.each([
    ["ouro_b", {init: {kind: "zero"}}, "invalid initial state: zero; ouro starts from its input"],
    [
      "ouro_b",
      {edits: [{op: "swap_input", from: 1, token_ids: ids}]},
      "invalid edit 0: op swap_input; expected another one: ouro injects no input"
    ],
    ["ouro_b", {edits: [{op: "noise", amount: 0.1}]}, "invalid edit 0: op noise; expected another one: ouro has no test-time noise"],
    [
      "retrofit-llama_a",
      {edits: [{op: "noise", amount: 0.1}]},
      "invalid edit 0: op noise; expected another one: retrofit has no test-time noise"
    ],
    ["ouro_b", {readout: {lens: "coda"}}, "unknown lens: coda; ouro has logit"],
    ["ouro_b", {sites: ["input"]}, "unknown site: input; one of embed, state, core.0.attn_out"],
    ["ouro_b", {prefix: 2}, "invalid prefix: 2; ouro sees what lies before a token only"],
    ["hrm-text_b", {prefix: 8}, "invalid prefix: 8; expected 0 to 7, the tokens of the prompt"],
    ["hrm-text_b", {prompt: "text", token_ids: undefined}, "tokenizer.json; without it only token ids can be given"]
  ] as const)("is refused of %s with %j", async (name, order, message) => {
    expect(await refusal(name, order as Partial<z.input<typeof captureSpecSchema>>)).toContain(message);
  });

  it("leaves no texts where there is no readout", async () => {
    const order = await spec("ouro_b", {readout: null});
    const engine = await loadEngine(join(goldenRoot, "ouro_b"), {threads: 1});
    expect((await capture(order, {engine: async () => engine})).scalars).toEqual([]);
    await expect(readFile(join(order.dir, "readout_texts.json"))).rejects.toThrow("ENOENT");
    await engine.dispose();
  });
});
