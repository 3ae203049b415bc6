import {describe, expect, it} from "vitest";
import {curveAt, extentOf, padded, valueAt} from "../../../app/plot/field.ts";

// [step][init][token] of 3 × 2 × 2: the value is 100 step + 10 init + token
const field = {steps: 3, inits: 2, tokens: 2, values: Float32Array.of(0, 1, 10, 11, 100, 101, 110, 111, 200, 201, 210, 211)};

describe("fields", () => {
  it("valueAt finds a state's value by step, init and token", () => expect(valueAt(field, 2, 1, 0)).toBe(210));
  it("curveAt gives one trajectory by step", () => expect([...curveAt(field, 1, 1)]).toEqual([11, 111, 211]));
  it("extentOf leaves out what is not finite, and with `positive` what is not above zero", () => {
    expect(extentOf({values: [NaN, -3, 0, 5, Infinity]})).toEqual([-3, 5]);
    expect(extentOf({values: [NaN, -3, 0, 5, 2]}, {positive: true})).toEqual([2, 5]);
    expect(extentOf({values: [NaN, 0]}, {positive: true})).toBeUndefined();
  });
  it("padded puts undefined values before the first", () => expect([...padded(Float32Array.of(1), 2)]).toEqual([NaN, NaN, 1]));
});
