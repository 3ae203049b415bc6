import {describe, expect, it} from "vitest";
import {captureCost, costWords, stateMilliseconds} from "../../../app/capture/captureCost.ts";

const draft = {steps: 64, inits: 2, sites: ["state"], readout: true, top: 5};

describe("captureCost", () => {
  it("counts the initial state as a step, every site, and what each step says", () => {
    expect(captureCost(draft, {width: 96}, 200, 0.01)).toEqual({states: 26_000, bytes: 26_000 * 4 * (96 + 14), seconds: 0.26});
    expect(captureCost({...draft, sites: ["state", "core.0.out"], readout: false}, {width: 96}, 1, undefined)).toEqual({
      states: 130,
      bytes: 130 * 4 * 192,
      seconds: undefined
    });
  });

  it("is undefined while something is missing", () => {
    expect(captureCost(draft, undefined, 5, 1)).toBeUndefined();
    expect(captureCost(draft, {width: 96}, 0, 1)).toBeUndefined();
    expect(captureCost({...draft, steps: Number.NaN}, {width: 96}, 5, 1)).toBeUndefined();
  });

  it("is said in one line", () => {
    expect(costWords({states: 26_000, bytes: 11_440_000, seconds: 8})).toBe(
      "26,000 states, 11.4 MB on disk, about 8 s at the pace of the last run"
    );
  });
});

it("stateMilliseconds is the median step over the states of a step", () => {
  const run = (step_ms: number[]) =>
    ({trace: {step_ms, inits: [{}, {}], tokens: [{}, {}, {}]}}) as unknown as Parameters<typeof stateMilliseconds>[0];
  expect(stateMilliseconds(run([600, 6, 12]))).toBe(2);
  expect(stateMilliseconds(run([]))).toBeUndefined();
});
