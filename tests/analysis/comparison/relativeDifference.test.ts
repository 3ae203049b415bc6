import {describe, expect, it} from "vitest";
import {relativeDifference} from "../../../analysis/comparison/relativeDifference.ts";

// one init, two tokens of width 2: (3, 4) and (0, 5)
const a = {inits: 1, tokens: 2, width: 2, data: Float32Array.of(3, 4, 0, 5)};

describe("relativeDifference", () => {
  it("is the distance over the first run's norm, token by token with its partner", () => {
    const b = {inits: 1, tokens: 3, width: 2, data: Float32Array.of(9, 9, 3, 4, 3, 9)};
    expect([...relativeDifference(a, b, [1, 2])]).toEqual([0, 1]);
  });
  it("is undefined for a token without a partner", () => expect([...relativeDifference(a, a, [-1, 1])]).toEqual([NaN, 0]));
  it("compares with the first init where the other run has fewer", () => {
    const two = {inits: 2, tokens: 1, width: 2, data: Float32Array.of(3, 4, 6, 8)};
    expect([...relativeDifference(two, {...a, tokens: 1, data: Float32Array.of(3, 4)}, [0])]).toEqual([0, 0.5]);
  });
  it("measures a state of length 0 by the distance alone", () => {
    const zero = {inits: 1, tokens: 1, width: 2, data: new Float32Array(2)};
    expect([...relativeDifference(zero, {...zero, data: Float32Array.of(3, 4)}, [0])]).toEqual([5]);
  });
  it("refuses states of another width", () => {
    expect(() => relativeDifference(a, {inits: 1, tokens: 1, width: 3, data: new Float32Array(3)}, [0, 0])).toThrow(
      "invalid width: 3; expected 2, as in the first run"
    );
  });
});
