import {describe, expect, it} from "vitest";
import {harmonicShift, harmonicsOf} from "../../../analysis/paths/harmonics.ts";
import {gapFloorOf} from "../../../analysis/paths/gapFloor.ts";
import {recordTail, sequenceOf, tailLengthOf} from "../../../analysis/paths/tail.ts";
import {toBfloat16} from "../../../analysis/patterns/path/rounding.ts";
import {statesOf} from "../../../analysis/states.ts";
import {circle, statesIn, tailOf} from "../../support/worlds.ts";

describe("harmonics", () => {
  it.each([
    [2, 1],
    [2.37, 0.6],
    [5, 0.6],
    [9.1, 3.3]
  ])("account for a circle of period %f, and shift one to another by its lag of %f", (period, ahead) => {
    const tail = tailOf(
      statesIn(
        circle(period, (start) => ahead * start, 0),
        {starts: 2, steps: 31}
      ),
      30
    ); // without the state at step 0, where the transient still is
    const [a, b] = [0, 1].map((start) => harmonicsOf(tail, 0, start, 1 / period));
    expect(b.residual).toBeLessThan(1e-5 * b.norm);
    const {lag, distance} = harmonicShift(b, a);
    const turns = (lag - ahead) / period;
    expect(turns - Math.round(turns)).toBeCloseTo(0, 2);
    expect(distance).toBeLessThan(0.002);
  });
  it("of another centre stay as far as the centres are", () => {
    const tail = statesOf(
      {steps: 24, inits: 2, tokens: 1, width: 3},
      Float32Array.from(Array.from({length: 24}, (_, t) => [0, 1].map((start) => [10 * (1 - start), Math.cos(t), Math.sin(t)])).flat(2))
    );
    const [a, b] = [0, 1].map((start) => harmonicsOf(tail, 0, start, 1 / (2 * Math.PI)));
    expect(harmonicShift(a, b).distance).toBeCloseTo(10 / Math.sqrt((101 + 1) / 2), 2);
  });
});

describe("recordTail", () => {
  it("keeps the last steps, oldest first, and copies them", () => {
    const recorder = recordTail({starts: 1, tokens: 2, width: 1, length: 2});
    const reused = new Float32Array(2);
    for (let step = 0; step < 5; ++step) recorder.push(reused.fill(step));
    expect([...recorder.tail().data]).toEqual([3, 3, 4, 4]);
    expect(sequenceOf(recorder.tail())).toMatchObject({steps: 2, tokens: 1, width: 2});
    expect(() => recorder.push(new Float32Array(3))).toThrow("invalid states: 3 numbers; expected 1 × 2 × 1");
  });
  it.each([
    [1, 1],
    [4, 4],
    [64, 32],
    [500, 64]
  ])("of %i steps keeps %i", (steps, kept) => {
    expect(tailLengthOf(steps)).toBe(kept);
  });
});

describe("gapFloorOf", () => {
  it("is √2 half-unit roundings of the format that the states are in, relative to their norm", () => {
    const data = Float32Array.from({length: 512}, (_, k) => 1 + (k % 100) / 100.3);
    const shape = {steps: 1, inits: 2, tokens: 1, width: 256};
    const [single, brain] = [data, toBfloat16(data)].map((numbers) => gapFloorOf(statesOf(shape, numbers), 0).rounding);
    expect(brain / single).toBeCloseTo(2 ** 16, -3);
    const norm = Math.sqrt(data.subarray(0, 256).reduce((sum, x) => sum + x * x, 0));
    expect(single).toBeCloseTo((Math.SQRT2 * Math.sqrt((256 * (2 ** -23) ** 2) / 12)) / norm, 12); // all between 1 and 2: one unit everywhere
  });
  it("of zero states is zero", () => {
    expect(gapFloorOf(statesOf({steps: 1, inits: 1, tokens: 1, width: 2}, new Float32Array(2)), 0)).toEqual({rounding: 0, amplified: 0});
  });
});
