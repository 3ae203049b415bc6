import {writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {patternsOf, sourcePatterns} from "../../../api/analyses/patterns.ts";
import {bareChunks, precisionOfArray} from "../../../api/exchange/bareChunks.ts";
import {load, withState} from "../../../api/exchange/bareStates.ts";
import {seededRandom} from "../../../analysis/random.ts";
import {encodeSafetensors} from "../../../capture/trace/safetensors.ts";
import {gaussianOf} from "../../support/gaussian.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";
import {npy} from "./importFiles.ts";

const [STEPS, INITS, TOKENS, WIDTH] = [24, 2, 5, 16];
const shape = [STEPS, INITS, TOKENS, WIDTH];
const TWO_TOKENS = {most: 4 * STEPS * INITS * WIDTH * 2 + 100};

/** Contractions of rate 0.8 in a little noise, every token its own. */
function contractions(): Float32Array {
  const gaussian = gaussianOf(seededRandom(3));
  const perStep = INITS * TOKENS * WIDTH;
  const ends = Float32Array.from({length: perStep}, gaussian);
  return Float32Array.from({length: STEPS * perStep}, (_, at) => {
    const [step, k] = [Math.floor(at / perStep), at % perStep];
    return ends[k] * (1 + 0.8 ** step) + 1e-4 * gaussian();
  });
}

async function written(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, bytes);
  return path;
}

describe("bareChunks", () => {
  const data = contractions();
  it.each([
    ["x.npy", npy("F32", shape, data)],
    ["x.safetensors", encodeSafetensors({state: {shape, data}})]
  ])("labels of %s read two tokens at a time are those of all at once", async (name, bytes) => {
    const path = await written(name, bytes);
    await withState(path, {}, async (state) => {
      const chunks = bareChunks(state, TWO_TOKENS)!;
      expect(chunks.atOnce).toBe(2);
      const options = {site: "state", precision: await precisionOfArray(state.array), measures: true, fromInitial: false};
      const streamed = await sourcePatterns(chunks, options);
      const {states} = await load(state);
      const whole = patternsOf(states, options);
      expect(streamed.tokens).toEqual(whole.tokens);
      expect(streamed.summary.counts).toEqual(whole.summary.counts);
      expect(whole.summary.counts.converging).toBe(INITS * TOKENS);
    });
  });
  it("reads the tokens asked for, in that order, and says what is missing of a file that was cut meanwhile", async () => {
    const path = await written("x.npy", npy("F32", shape, data));
    await withState(path, {}, async (state) => {
      const chunks = bareChunks(state, TWO_TOKENS)!;
      const {states} = await load(state);
      const some = await chunks.read([4, 0, 1]);
      for (const [at, token] of [4, 0, 1].entries()) {
        for (let row = 0; row < STEPS * INITS; ++row)
          expect(some.data.subarray((row * 3 + at) * WIDTH, (row * 3 + at + 1) * WIDTH)).toEqual(
            states.data.subarray((row * TOKENS + token) * WIDTH, (row * TOKENS + token + 1) * WIDTH)
          );
      }
      await writeFile(path, npy("F32", shape, data).subarray(0, 4000));
      await expect(chunks.read([4])).rejects.toThrow("the file ends at byte");
    });
  });
  it("leaves to others what fits at once, and what does not lie in the file as steps of tokens", async () => {
    const path = await written("x.npy", npy("F32", [STEPS, TOKENS * INITS, WIDTH], data));
    await withState(path, {}, async (state) => expect(bareChunks(state)).toBeUndefined());
    await withState(path, {axes: ["token", "step", "width"]}, async (state) => expect(bareChunks(state, {most: 10})).toBeUndefined());
  });
  it.each([
    ["bfloat16", Float32Array.of(0, 1.5, -2)],
    ["float16", Float32Array.of(0, 1.0009765625, 0)],
    ["float32", Float32Array.of(0, 1.5, 0.1)],
    ["float32", Float32Array.of(0, 0, 0)]
  ] as const)("%s is the narrowest format that holds %s", async (precision, values) => {
    const path = await written("x.npy", npy("F32", [3, 1], values));
    await withState(path, {}, async ({array}) => expect(await precisionOfArray(array)).toBe(precision));
  });
});
