import {describe, expect, it} from "vitest";
import {distanceToLast} from "../../../analysis/measures/distanceToLast.ts";
import {stepCosine} from "../../../analysis/measures/stepCosine.ts";
import {stepNorm} from "../../../analysis/measures/stepNorm.ts";
import {statesOf} from "../../../analysis/states.ts";

/** One trajectory of points in the plane. */
const walk = (...points: [number, number][]) =>
  statesOf({steps: points.length, inits: 1, tokens: 1, width: 2}, Float32Array.from(points.flat()));

describe("curves", () => {
  it("stepNorm is the step's length over the state's norm, undefined at step 0", () => {
    expect([...stepNorm(walk([3, 0], [3, 4], [3, 4]))]).toEqual([NaN, Math.fround(4 / 5), 0]);
  });
  it("stepNorm of two zero states is zero", () => {
    expect([...stepNorm(walk([0, 0], [0, 0]))]).toEqual([NaN, 0]);
  });
  it("stepCosine is 1 on a line, 0 at a right angle, −1 on the way back and undefined beside a step of no length", () => {
    expect([...stepCosine(walk([0, 0], [1, 0], [2, 0], [2, 5], [2, 4], [2, 4], [2, 3]))]).toEqual([NaN, NaN, 1, 0, -1, NaN, NaN]);
  });
  it("distanceToLast is relative to the last norm and ends at zero", () => {
    expect([...distanceToLast(walk([0, 0], [3, 0], [3, 4]))]).toEqual([1, Math.fround(4 / 5), 0]);
  });
  it("curves keep the layout [step][init][token]", () => {
    const states = statesOf({steps: 2, inits: 2, tokens: 1, width: 1}, Float32Array.of(0, 0, 1, 2));
    expect([...distanceToLast(states)]).toEqual([1, 1, 0, 0]);
    expect([...stepNorm(states)]).toEqual([NaN, NaN, 1, 1]);
  });
});
