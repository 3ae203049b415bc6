import {writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {initialStates, readInitialStates} from "../../../capture/loop/initialState.ts";
import {encodeSafetensors} from "../../../capture/trace/safetensors.ts";
import {smallHuginn as model} from "../../support/smallHuginn.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

describe("initialStates", () => {
  it("draws a normal of deviation √(2/5) cut at three deviations, whose own deviation is 0.98658 of that", () => {
    const states = initialStates(model, {inits: 50, tokens: 100, seed: 1});
    const deviation = Math.sqrt(states.reduce((sum, x) => sum + x * x, 0) / states.length);
    expect(deviation).toBeCloseTo(0.98658 * Math.sqrt(2 / 5), 2.5);
    expect(states.reduce((sum, x) => sum + x, 0) / states.length).toBeCloseTo(0, 2);
    const largest = states.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
    expect(largest).toBeLessThanOrEqual(3 * Math.sqrt(2 / 5) * (1 + 1e-6));
    expect(largest).toBeGreaterThan(2.9 * Math.sqrt(2 / 5)); // a cut at two deviations would be another distribution
  });

  it("gives the same numbers for the same seed and others for another", () => {
    const options = {inits: 2, tokens: 3, seed: 7};
    expect(initialStates(model, options)).toEqual(initialStates(model, options));
    expect(initialStates(model, options)).not.toEqual(initialStates(model, {...options, seed: 8}));
  });

  it("gives an init the same states however many inits are asked for, and tokens the same ones in a longer prompt", () => {
    const few = initialStates(model, {inits: 2, tokens: 3, seed: 7});
    expect(initialStates(model, {inits: 5, tokens: 3, seed: 7}).subarray(0, few.length)).toEqual(few);
    expect(initialStates(model, {inits: 1, tokens: 9, seed: 7}).subarray(0, 3 * 64)).toEqual(few.subarray(0, 3 * 64));
  });

  it("gives every init states of its own", () => {
    const states = initialStates(model, {inits: 2, tokens: 1, seed: 0});
    expect(states.subarray(0, 64)).not.toEqual(states.subarray(64));
  });

  it("scales the normal, and gives zeros and constants as asked", () => {
    const whole = initialStates(model, {inits: 1, tokens: 2, seed: 3});
    const half = initialStates(model, {inits: 1, tokens: 2, seed: 3, scale: 0.5});
    half.forEach((x, i) => expect(x).toBeCloseTo(whole[i] / 2, 6));
    expect(initialStates(model, {inits: 1, tokens: 2, seed: 3, scale: 0})).toEqual(new Float32Array(128));
    expect(initialStates(model, {inits: 1, tokens: 2, seed: 3, kind: "zero"})).toEqual(new Float32Array(128));
    expect(initialStates(model, {inits: 1, tokens: 2, seed: 3, kind: "constant", scale: -2})).toEqual(new Float32Array(128).fill(-2));
  });

  it("refuses no inits and a negative scale", () => {
    expect(() => initialStates(model, {inits: 0, tokens: 1, seed: 0})).toThrow("invalid inits: 0; expected a whole number from 1");
    expect(() => initialStates(model, {inits: 1, tokens: 1, seed: 0, scale: -1})).toThrow("invalid scale: -1; expected 0 or more");
  });
});

describe("readInitialStates", () => {
  const fileOf = async (name: string, shape: readonly number[], fill = 1) => {
    const path = join(await temporaryFolder(), "states.safetensors");
    await writeFile(path, encodeSafetensors({[name]: {shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(fill)}}));
    return path;
  };

  it("reads `state` and says how many inits it holds", async () => {
    const path = await fileOf("state", [3, 2, 64], 0.5);
    expect(await readInitialStates(path, model, {tokens: 2})).toEqual({
      inits: 3,
      parts: new Map([["state", new Float32Array(3 * 2 * 64).fill(0.5)]])
    });
  });

  it("refuses another shape, another name and numbers that are not finite", async () => {
    await expect(readInitialStates(await fileOf("state", [3, 5, 64]), model, {tokens: 2})).rejects.toThrow(
      "[3, 5, 64]; expected [inits, 2, 64]"
    );
    await expect(readInitialStates(await fileOf("states", [3, 2, 64]), model, {tokens: 2})).rejects.toThrow("the file holds states");
    await expect(readInitialStates(await fileOf("state", [1, 2, 64], NaN), model, {tokens: 2})).rejects.toThrow(
      "not all numbers are finite"
    );
  });
});
