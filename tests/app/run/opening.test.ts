import {describe, expect, it} from "vitest";
import type {PatternAnswer} from "../../../api/contract/contract.ts";
import {nextPattern, openingToken} from "../../../app/run/opening.ts";
import type {Verdicts} from "../../../app/run/verdicts.ts";

const field = (last: readonly number[]) => ({
  step_norm: {steps: 2, inits: 1, tokens: last.length, values: [...last.map(() => 1), ...last]}
});
const verdicts = (parts: readonly Partial<PatternAnswer>[]): Verdicts =>
  ({
    summary: {tokens: parts.length},
    tokens: parts.map((part, index) => ({index, init: 0, amplitude: null, drift_speed: null, ...part}))
  }) as Verdicts;

describe("openingToken", () => {
  it("is the token that moves most in its last step, while there are no labels", () => {
    expect(openingToken(undefined, field([1e-7, 0.4, 0.5, 1e-6]))).toBe(2);
    expect(openingToken(undefined, field([1e-7, 1e-6]))).toBeUndefined();
    expect(openingToken(undefined, field([Number.NaN, 0.1]))).toBe(1);
    expect(openingToken(undefined, {})).toBeUndefined();
  });

  it("is the largest orbit, else the fastest slider, once there are", () => {
    const orbit = (amplitude: number) => ({pattern: "orbit" as const, amplitude});
    const slider = (drift_speed: number) => ({pattern: "slider" as const, drift_speed});
    expect(openingToken(verdicts([slider(9), orbit(0.1), orbit(0.3), orbit(0.2)]), field([1, 0, 0, 0]))).toBe(2);
    expect(openingToken(verdicts([slider(0.1), slider(0.2), {pattern: "converging"}]), field([1, 0, 0]))).toBe(1);
    expect(openingToken(verdicts([{pattern: "converging"}, {pattern: "unsettled"}]), field([0, 1]))).toBeUndefined();
  });
});

it("nextPattern goes round the prompt, either way, over what is found from an init or from any", () => {
  const found = verdicts([{pattern: "orbit"}, {pattern: "converging"}, {pattern: "slider"}, {pattern: "unsettled"}]);
  expect([0, 1, 2, 3].map((from) => nextPattern(found, from, 1, undefined))).toEqual([2, 2, 0, 0]);
  expect([0, 1, 2, 3].map((from) => nextPattern(found, from, -1, undefined))).toEqual([2, 0, 0, 2]);
  expect(nextPattern(found, undefined, 1, undefined)).toBe(0);
  expect(nextPattern(found, undefined, -1, undefined)).toBe(2);
  expect(nextPattern(found, 0, 1, 1)).toBeUndefined();
});
