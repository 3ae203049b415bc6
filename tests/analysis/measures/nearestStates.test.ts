import {describe, expect, it} from "vitest";
import {nearestStates} from "../../../analysis/measures/nearestStates.ts";
import {statesOf} from "../../../analysis/states.ts";

// two tokens on a line: one walks 0, 1, 2 …, the other stays at 10
const walk = (values: readonly (readonly [number, number])[]) =>
  statesOf({steps: values.length, inits: 1, tokens: 2, width: 1}, Float32Array.from(values.flat()));

describe("nearestStates", () => {
  it("gives of each trajectory the step where it is nearest, relative to the state's norm", () => {
    const states = walk([
      [0, 10],
      [1, 10],
      [3, 9]
    ]);
    expect(nearestStates(states, Float32Array.of(2))).toEqual([
      {init: 0, token: 0, step: 1, distance: 0.5}, // 1 and 3 are as near: the first
      {init: 0, token: 1, step: 2, distance: 3.5}
    ]);
  });
  it("measures absolutely from the origin, and leaves out what is not finite", () => {
    const states = walk([
      [5, NaN],
      [4, Infinity]
    ]);
    expect(nearestStates(states, Float32Array.of(0))).toEqual([{init: 0, token: 0, step: 1, distance: 4}]);
  });
});
