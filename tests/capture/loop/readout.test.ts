import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import type {Engine} from "../../../capture/engine/engine.ts";
import {loadEngine} from "../../../capture/engine/loadEngine.ts";
import {readoutOf, type ReadoutOptions, type StepReadout} from "../../../capture/loop/readout.ts";
import {openSafetensors} from "../../../capture/trace/safetensors.ts";
import {maxDifference, shippedGolden} from "../../support/golden.ts";

const folder = join(shippedGolden, "a_d32_h4_p2c4k2");
const STEPS = 64;

describe("a readout of the golden states", () => {
  let engine: Engine;
  let golden: Record<"states" | "lens" | "entropy" | "logprobs", Float32Array>;
  let ids: number[];
  beforeAll(async () => {
    engine = await loadEngine(folder);
    const file = await openSafetensors(join(folder, "fwd_len7.safetensors"));
    ids = Array.from(await file.readFloats("input_ids"));
    golden = {
      states: await file.readFloats("states"),
      lens: await file.readFloats("lens_logits"),
      entropy: await file.readFloats("entropy_64"),
      logprobs: await file.readFloats("logprobs_64")
    };
    await file.close();
  });
  afterAll(() => engine.dispose());

  const stateAt = (step: number) => golden.states.slice(step * 7 * 32, (step + 1) * 7 * 32);
  const readAll = async (options: Partial<ReadoutOptions> = {}) => {
    const readout = readoutOf(engine, {ids, inits: 1, states: STEPS + 1, ...options});
    const read: StepReadout[] = [];
    for (let step = 0; step <= STEPS; ++step) read.push(await readout.read(step, stateAt(step)));
    const klFinal: Float32Array[] = [];
    for await (const divergence of readout.klFinal(async (step) => stateAt(step))) klFinal.push(divergence);
    return {read, klFinal};
  };
  const probabilities = (step: number, token: number) => {
    const logits = golden.lens.subarray((step * 7 + token) * 96, (step * 7 + token + 1) * 96);
    const weights = Array.from(logits, Math.exp);
    const sum = weights.reduce((a, b) => a + b);
    return weights.map((weight) => weight / sum);
  };
  const divergence = (p: readonly number[], q: readonly number[]) => p.reduce((sum, x, i) => sum + x * Math.log(x / q[i]), 0);

  it("has the authors' entropies and log-probabilities at the last step", async () => {
    const {read} = await readAll();
    const last = read[STEPS];
    expect(maxDifference(last.curves.entropy, golden.entropy)).toBeLessThan(1e-4);
    for (let token = 0; token < 7; ++token) {
      expect(last.topLogprobs[5 * token]).toBeCloseTo(Math.max(...golden.logprobs.subarray(96 * token, 96 * (token + 1))), 4);
      expect(golden.logprobs[96 * token + last.topIds[5 * token]]).toBeCloseTo(last.topLogprobs[5 * token], 4);
      if (token < 6) expect(last.curves.target_logprob[token]).toBeCloseTo(golden.logprobs[96 * token + ids[token + 1]], 4);
    }
    expect(last.curves.target_logprob[6]).toBeNaN();
  });

  it("has the divergences that follow from the authors' logits", async () => {
    const {read, klFinal} = await readAll();
    expect(read[0].curves.kl_prev.every(Number.isNaN)).toBe(true);
    for (const step of [1, 2, 5]) {
      for (let token = 0; token < 7; ++token) {
        expect(read[step].curves.kl_prev[token]).toBeCloseTo(divergence(probabilities(step - 1, token), probabilities(step, token)), 4);
        expect(klFinal[step][token]).toBeCloseTo(divergence(probabilities(step, token), probabilities(STEPS, token)), 4);
      }
    }
    expect(klFinal).toHaveLength(STEPS + 1);
    expect(klFinal[STEPS]).toEqual(new Float32Array(7));
  });

  it.each([
    ["one step", 2 * 7 * 96 * 4],
    ["nothing", 0]
  ])("is the same where the budget holds %s", async (_, budgetBytes) => {
    const [plenty, little] = [await readAll(), await readAll({budgetBytes})];
    expect(little).toEqual(plenty);
  });

  it("is the same from logits that the caller has", async () => {
    const given = readoutOf(engine, {ids, inits: 1, states: 2});
    const own = readoutOf(engine, {ids, inits: 1, states: 2});
    for (const step of [0, 1]) {
      const logits = await engine.head(await engine.decode(stateAt(step), {inits: 1, tokens: 7}));
      expect(await given.read(step, stateAt(step), logits)).toEqual(await own.read(step, stateAt(step)));
    }
  });

  it("applies edits of the readout's own sites, also in the second pass", async () => {
    const flat = {
      records: [],
      changes: ["logits"],
      tap: (_: string, step: number, value: Float32Array) => (step === 3 ? new Float32Array(value.length) : undefined)
    };
    const [kept, again] = [await readAll({edits: flat}), await readAll({edits: flat, budgetBytes: 0})];
    expect(kept.read[3].curves.entropy[0]).toBeCloseTo(Math.log(96), 5);
    expect(again).toEqual(kept);
  });

  it("reads through the head alone with the logit lens", async () => {
    const readout = readoutOf(engine, {ids, inits: 1, states: 1, lens: "logit", top: 96});
    const {topLogprobs} = await readout.read(64, stateAt(64));
    const logits = await engine.head(await engine.decode(stateAt(64), {inits: 1, tokens: 7, lens: "logit"}));
    const sorted = Array.from(logits.subarray(0, 96)).sort((a, b) => b - a);
    for (let i = 1; i < 96; ++i) expect(topLogprobs[0] - topLogprobs[i]).toBeCloseTo(sorted[0] - sorted[i], 4);
  });
});
