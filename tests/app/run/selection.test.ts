import {describe, expect, it} from "vitest";
import {chosenOf, extendTo} from "../../../app/run/selection.ts";
import {matchesOf} from "../../../app/run/TokenSearch.tsx";

describe("chosen tokens", () => {
  it("chosenOf is the last token where the view says nothing, and none where it says none", () => {
    expect(chosenOf({tokens: undefined}, 6)).toEqual([5]);
    expect(chosenOf({tokens: []}, 6)).toEqual([]);
    expect(chosenOf({tokens: undefined}, 0)).toEqual([]);
  });
  it("chosenOf leaves out tokens that the run does not have", () => expect(chosenOf({tokens: [1, 9]}, 6)).toEqual([1]));
  it.each([
    [[2], 4, [2, 3, 4]],
    [[4], 2, [4, 3, 2]],
    [[0, 2], 3, [0, 2, 3]],
    [[], 3, [3]],
    [[3], 3, [3]]
  ])("extendTo(%j, %d) is %j", (chosen, token, expected) => expect(extendTo(chosen, token)).toEqual(expected));
  it("matchesOf finds tokens by their text and by how it is shown", () => {
    expect(matchesOf(["\n", "4", " Claire", "4"], "4")).toEqual([1, 3]);
    expect(matchesOf(["\n", "4", " Claire"], "⏎")).toEqual([0]);
    expect(matchesOf(["\n", "4", " Claire"], "cla")).toEqual([2]);
    expect(matchesOf(["a"], "")).toEqual([]);
  });
});
