import {describe, expect, it} from "vitest";
import {basinOf} from "../../../analysis/paths/basin.ts";
import {landscapeModeOf, type StartOutcome} from "../../../analysis/paths/landscape.ts";
import type {Start} from "../../../analysis/paths/start.ts";

const right: StartOutcome = {own: true, settled: true, correct: true};
const wrong: StartOutcome = {...right, correct: false};
const underway: StartOutcome = {own: true, settled: false, correct: false};
const foreign = (outcome: StartOutcome): StartOutcome => ({...outcome, own: false});

describe("landscapeModeOf", () => {
  it.each([
    ["well_aligned", [right, right, foreign(wrong)]],
    ["correct_and_spurious", [right, wrong]],
    ["correct_and_spurious", [right, wrong, underway]],
    ["hard_to_reach", [right, underway]],
    ["hard_to_reach", [wrong, wrong, foreign(right)]],
    ["hard_to_reach", [underway, foreign(right)]],
    ["no_correct_attractor", [wrong, wrong, foreign(wrong)]],
    ["no_correct_attractor", [underway, {...underway, correct: true}]]
  ] as const)("says %s", (mode, outcomes) => {
    expect(landscapeModeOf(outcomes)).toBe(mode);
  });
  it("refuses a sample without own starts", () => {
    expect(() => landscapeModeOf([foreign(right)])).toThrow("invalid outcomes: no start of the model's own; expected at least one");
  });
});

describe("basinOf", () => {
  const starts: Start[] = [
    {kind: "normal", scale: 1},
    {kind: "normal", scale: 1},
    {kind: "swap", scale: 1},
    {kind: "zero", scale: 0},
    {kind: "normal", scale: 10},
    {kind: "normal", scale: 3},
    {kind: "constant", scale: 1}
  ];
  it("counts each kind and scale, and ends the radius before the first scale that misses", () => {
    const {groups, radius, radiusIsBound} = basinOf(starts, Int32Array.of(0, 0, 1, 0, -1, 0, 0), 0);
    expect(groups.map(({kind, scale, count, reached, elsewhere}) => [kind, scale, count, reached, elsewhere])).toEqual([
      ["normal", 1, 2, 2, 0],
      ["normal", 3, 1, 1, 0],
      ["normal", 10, 1, 0, 0],
      ["swap", 1, 1, 0, 1],
      ["zero", 0, 1, 1, 0],
      ["constant", 1, 1, 1, 0]
    ]);
    expect({radius, radiusIsBound}).toEqual({radius: 3, radiusIsBound: false});
  });
  it("calls the largest scale a bound where every scale reached, and knows no radius where zero misses or nothing is reached", () => {
    expect(basinOf(starts, new Int32Array(7), 0)).toMatchObject({radius: 10, radiusIsBound: true});
    expect(
      basinOf(
        starts,
        Int32Array.from(starts, ({kind}) => Number(kind === "zero")),
        0
      )
    ).toMatchObject({radius: undefined, radiusIsBound: false});
    expect(basinOf(starts, new Int32Array(7).fill(-1), -1)).toMatchObject({radius: undefined, radiusIsBound: false});
  });
});
