import {existsSync} from "node:fs";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {engineKinds} from "../../../capture/engine/choices.ts";
import type {Engine} from "../../../capture/engine/engine.ts";
import {loadEngine} from "../../../capture/engine/loadEngine.ts";
import {initialStates} from "../../../capture/loop/initialState.ts";
import {openSafetensors} from "../../../capture/trace/safetensors.ts";
import {maxDifference, shippedGolden, wholeGolden} from "../../support/golden.ts";
import {runInChunks} from "../../support/inChunks.ts";

const ids = [3, 1, 4, 1, 5, 9, 2];
const steps = 4;

describe.each(engineKinds)("an attention cache on %s", (kind) => {
  let engine: Engine;
  let initial: Float32Array;
  beforeAll(async () => {
    engine = await loadEngine(join(shippedGolden, "b_d48_h3_p1c2k1"), {engine: kind});
    initial = initialStates(engine.model, {inits: 1, tokens: ids.length, seed: 1});
  });
  afterAll(() => engine.dispose());
  const run = (chunks: readonly number[], prefix?: number) => runInChunks(engine, {ids, chunks, steps, initial, prefix});

  it("gives a sequence in chunks the states and logits that it has at once", async () => {
    const [whole, parts] = [await run([7]), await run([3, 1, 2, 1])];
    parts.states.forEach((state, step) => expect(maxDifference(state, whole.states[step])).toBeLessThan(1e-5));
    expect(maxDifference(parts.logits, whole.logits)).toBeLessThan(2e-5);
  });

  it("gives what the same calls give without one", async () => {
    const {states, logits} = await run([2, 5]);
    const {input} = await engine.begin(ids);
    let state = initial;
    for (let step = 1; step <= steps; ++step) {
      state = await engine.step(state, input, {inits: 1, tokens: 7, step});
      expect(maxDifference(states[step], state)).toBeLessThan(1e-5);
    }
    expect(maxDifference(logits, await engine.head(await engine.decode(state, {inits: 1, tokens: 7})))).toBeLessThan(2e-5);
  });

  it("lets the tokens of a prefix see one another, and no later chunk change what they saw", async () => {
    const [whole, parts, causal] = [await run([7], 4), await run([4, 1, 2], 4), await run([7])];
    expect(maxDifference(parts.logits, whole.logits)).toBeLessThan(2e-5);
    expect(maxDifference(whole.states[1].subarray(0, 48), causal.states[1].subarray(0, 48))).toBeGreaterThan(1e-2);
    const {input} = await engine.begin(ids, {prefix: 4});
    const next = await engine.step(initial, input, {inits: 1, tokens: 7, prefix: 4});
    expect(maxDifference(next, whole.states[1])).toBeLessThan(1e-5);
  });

  it("takes positions from the caller: only their distances matter", async () => {
    const at = async (...positions: readonly number[]) => (await engine.begin(ids.slice(0, 3), {positions})).input;
    const plain = (await engine.begin(ids.slice(0, 3))).input;
    expect(maxDifference(await at(7, 8, 9), plain)).toBeLessThan(1e-5);
    expect(maxDifference(await at(0, 1, 40), plain)).toBeGreaterThan(1e-3);
  });

  it("refuses rows of another size, positions beyond the model's, and too many or too few of them", async () => {
    const short = {keys: new Float32Array(48), values: new Float32Array(96)};
    const cache = {length: 2, past: () => short, keep: () => {}};
    await expect(engine.begin([1], {cache})).rejects.toThrow("48");
    await expect(engine.begin([1], {cache: {...cache, length: 96}})).rejects.toThrow("invalid position: 96; expected 0 to 95");
    await expect(engine.begin([1, 2], {positions: [3]})).rejects.toThrow("invalid positions: 1 of them; expected 2");
    await expect(engine.begin([1, 2], {prefix: 3})).rejects.toThrow("invalid prefix: 3; expected 0 to 2");
  });

  it.skipIf(!existsSync(wholeGolden))("reproduces the reference's cache in chunks (needs ../shared/golden)", async () => {
    const folder = join(wholeGolden, "a_d32_h4_p2c4k2");
    const other = await loadEngine(folder, {engine: kind});
    const file = await openSafetensors(join(folder, "cache_full_chunked.safetensors"));
    const list = async (name: string) => Array.from(await file.readFloats(name));
    const depth = (await list("num_steps"))[0];
    const {logits, slot} = await runInChunks(other, {
      ids: await list("input_ids"),
      chunks: await list("chunks"),
      steps: depth,
      initial: await file.readFloats("s0")
    });
    const error = maxDifference(logits, await file.readFloats("logits"));
    console.log(`${kind}: cache_full_chunked, logits ${error.toExponential(1)}`);
    expect(error).toBeLessThan(1e-4);
    const keys = await file.readFloats("cache_key_last_slot"); // [1, heads, positions, head width] of the last step's last block
    const own = slot(`step ${depth}`, "core.3").keys; // [positions, heads · head width]
    const turned = Float32Array.from(keys, (_, i) => own[(Math.floor(i / 8) % 12) * 32 + Math.floor(i / 96) * 8 + (i % 8)]);
    expect(maxDifference(turned, keys)).toBeLessThan(1e-4);
    await file.close();
    await other.dispose();
  });
});
