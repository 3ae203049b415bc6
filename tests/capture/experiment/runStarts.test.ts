import {afterAll, beforeAll, describe, expect, it} from "vitest";
import type {Engine} from "../../../capture/engine/engine.ts";
import {loadEngine} from "../../../capture/engine/loadEngine.ts";
import {answerLogits} from "../../../capture/experiment/answerLogits.ts";
import {runStarts} from "../../../capture/experiment/runStarts.ts";
import {startsOf, startStates} from "../../../capture/experiment/starts.ts";

const STEPS = 20;
const plan = {inits: 5, noise: 3, swaps: 2, scales: [0, 0.1, 10], scaleInits: 2, constants: [1]};
const folder = new URL("../../../fixtures/models/tiny-arithmetic", import.meta.url).pathname;

let engine: Engine;
beforeAll(async () => {
  engine = await loadEngine(folder, {threads: 1});
});
afterAll(() => engine.dispose());

async function lastOf(
  ids: readonly number[],
  {batch, threads}: {batch?: number; threads?: number} = {}
): Promise<{states: Float32Array; logits: Float32Array}> {
  const loaded = threads === undefined ? engine : await loadEngine(folder, {threads});
  const donors = [0.3, -0.2].map((value) => new Float32Array(3 * loaded.model.width).fill(value));
  const starts = startsOf(plan, donors.length);
  const initial = startStates(loaded.model, starts, {seed: 4, tokens: ids.length, input: (await loaded.begin(ids)).input, donors});
  let last = initial;
  for await (const {states} of runStarts(loaded, {ids, initial, starts: starts.length, steps: STEPS, batch})) last = states;
  const logits: number[] = [];
  for await (const part of answerLogits(loaded, last, {starts: starts.length, tokens: ids.length})) logits.push(...part.logits);
  if (loaded !== engine) await loaded.dispose();
  return {states: last.slice(), logits: Float32Array.from(logits)};
}

describe("runStarts", () => {
  const whole = [1, 9, 4, 30, 12];
  it.each([1, 2, 3, 4, 7, 15])("gives the same bits with %i starts in a pass as with all of them", async (batch) => {
    const [together, apart] = [await lastOf(whole), await lastOf(whole, {batch})];
    expect(Buffer.from(apart.states.buffer).equals(Buffer.from(together.states.buffer))).toBe(true);
    expect(Buffer.from(apart.logits.buffer).equals(Buffer.from(together.logits.buffer))).toBe(true);
  });
  it("gives the same bits for a single token, where a product has one row", async () => {
    const [together, apart] = [await lastOf([7]), await lastOf([7], {batch: 1})];
    expect(Buffer.from(apart.states.buffer).equals(Buffer.from(together.states.buffer))).toBe(true);
  });
  it("gives the same bits with two threads as with one", async () => {
    const [one, two] = [await lastOf(whole), await lastOf(whole, {threads: 2})];
    expect(Buffer.from(two.states.buffer).equals(Buffer.from(one.states.buffer))).toBe(true);
  });
  it("refuses a batch that is no number of starts, and initial states of another size", async () => {
    const run = (options: {initial: Float32Array; batch?: number}) => runStarts(engine, {ids: [1], starts: 1, steps: 1, ...options}).next();
    await expect(run({initial: new Float32Array(96), batch: 0})).rejects.toThrow("invalid batch: 0; expected a whole number from 1");
    await expect(run({initial: new Float32Array(95)})).rejects.toThrow("invalid initial states: 95 numbers; expected 1 × 1 × 96");
  });
  it("stops with the signal's reason", async () => {
    const abort = new AbortController();
    const run = runStarts(engine, {ids: [1], initial: new Float32Array(96), starts: 1, steps: 5, signal: abort.signal});
    await run.next();
    abort.abort(new Error("enough"));
    await expect(run.next()).rejects.toThrow("enough");
  });
});

describe("answerLogits", () => {
  it("gives the same logits in parts of one token as at once", async () => {
    const {states} = await lastOf([1, 9, 4]);
    const starts = states.length / (3 * engine.model.width);
    const parts: {first: number; logits: Float32Array}[] = [];
    for await (const {firstToken, tokens, logits} of answerLogits(engine, states, {starts, tokens: 3, budgetBytes: 1})) {
      expect(tokens).toBe(1);
      parts.push({first: firstToken, logits});
    }
    expect(parts.map(({first}) => first)).toEqual([0, 1, 2]);
    for await (const {logits} of answerLogits(engine, states, {starts, tokens: 3})) {
      const {vocab} = engine.model;
      for (let s = 0; s < starts; ++s)
        for (let token = 0; token < 3; ++token)
          expect(parts[token].logits.subarray(s * vocab, (s + 1) * vocab)).toEqual(
            logits.subarray((s * 3 + token) * vocab, (s * 3 + token + 1) * vocab)
          );
    }
  });
});
