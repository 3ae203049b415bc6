import {writeFile} from "node:fs/promises";
import {join} from "node:path";
import type {Readable} from "node:stream";
import {buffer} from "node:stream/consumers";
import {describe, expect, it} from "vitest";
import {ZipFile} from "yazl";
import {patternsOf, sourcePatterns} from "../../../api/analyses/patterns.ts";
import {bareChunks, precisionOfArray} from "../../../api/exchange/bareChunks.ts";
import {laidOut} from "../../../api/exchange/laidOut.ts";
import {load, withState, type BareState} from "../../../api/exchange/bareStates.ts";
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

/** The same numbers with axis i being axis `order[i]` of before. */
function turnedAxes(numbers: Float32Array, sizes: readonly number[], order: readonly number[]) {
  const turned = new Float32Array(numbers.length);
  const strides = sizes.map((_, axis) => sizes.slice(axis + 1).reduce((product, size) => product * size, 1));
  const newSizes = order.map((axis) => sizes[axis]);
  for (let at = 0; at < turned.length; ++at) {
    let [rest, from] = [at, 0];
    for (let i = order.length - 1; i >= 0; --i) {
      from += (rest % newSizes[i]) * strides[order[i]];
      rest = Math.floor(rest / newSizes[i]);
    }
    turned[at] = numbers[from];
  }
  return {shape: newSizes, data: turned};
}

const tokensOf = (numbers: Float32Array, tokens: readonly number[]): Float32Array =>
  Float32Array.from({length: STEPS * INITS * tokens.length * WIDTH}, (_, at) => {
    const [row, token, k] = [Math.floor(at / WIDTH / tokens.length), tokens[Math.floor(at / WIDTH) % tokens.length], at % WIDTH];
    return numbers[(row * TOKENS + token) * WIDTH + k];
  });

async function npz(members: readonly (readonly [string, Uint8Array])[], {compress}: {readonly compress: boolean}): Promise<Uint8Array> {
  const zip = new ZipFile();
  for (const [name, bytes] of members) zip.addBuffer(Buffer.from(bytes), `${name}.npy`, {compress});
  zip.end();
  return buffer(zip.outputStream as Readable);
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
      const chunks = bareChunks(state, TWO_TOKENS);
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
  it.each([
    ["tokens before steps", ["token", "step", "init", "width"], [2, 0, 1, 3]],
    ["the width first", ["width", "token", "init", "step"], [3, 2, 1, 0]]
  ])("a file with %s is read some tokens at a time, too", async (_, axes, order) => {
    const turned = turnedAxes(data, shape, order);
    const path = await written("x.npy", npy("F32", turned.shape, turned.data));
    await withState(path, {axes}, async (state) => {
      expect((await bareChunks(state, TWO_TOKENS).read([1, 2, 4])).data).toEqual(tokensOf(data, [1, 2, 4]));
    });
  });

  it("an archive's members are read by parts where they are not compressed, also one a step, and else from the beginning, laid out once", async () => {
    const perStep = INITS * TOKENS * WIDTH;
    const steps = Array.from({length: STEPS}, (_, step): [string, Uint8Array] => [
      `step_${step}`,
      npy("F32", [INITS, TOKENS, WIDTH], data.subarray(step * perStep, (step + 1) * perStep))
    ]);
    const members: readonly (readonly [string, Uint8Array])[][] = [[["state", npy("F32", shape, data)]], steps];
    for (const some of members) {
      for (const compress of [false, true]) {
        const path = await written("x.npz", await npz(some, {compress}));
        await withState(path, some === steps ? {array: "step_#"} : {}, async (state) => {
          expect(state.array.along !== undefined).toBe(!compress);
          const parts = async (laid: BareState) =>
            expect((await bareChunks(laid, TWO_TOKENS).read([0, 3])).data).toEqual(tokensOf(data, [0, 3]));
          await (compress ? laidOut(state, parts) : parts(state));
        });
      }
    }
  });

  it("reads the tokens asked for, in that order, and says what is missing of a file that was cut meanwhile", async () => {
    const path = await written("x.npy", npy("F32", shape, data));
    await withState(path, {}, async (state) => {
      const chunks = bareChunks(state, TWO_TOKENS);
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
