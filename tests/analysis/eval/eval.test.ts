import {describe, expect, it} from "vitest";
import {answers, extracted} from "../../../analysis/eval/answerText.ts";
import {correctSteps} from "../../../analysis/eval/correctSteps.ts";
import {fisherExact, oddsRatio} from "../../../analysis/eval/fisherExact.ts";
import {choiceScores, shareOf} from "../../../analysis/eval/scores.ts";

describe("scores", () => {
  it("shareOf gives the sample's standard error", () => {
    expect(shareOf([true, true, false, false])).toEqual({mean: 0.5, standardError: Math.sqrt(1 / 3) / 2, n: 4});
    expect(shareOf([true]).standardError).toBeNaN();
    expect(shareOf([]).mean).toBeNaN();
  });
  it("choiceScores divides by the characters of a choice for acc_norm", () => {
    expect(choiceScores([-4, -5], [" a", " a long one"], 1)).toEqual({acc: false, acc_norm: true});
    expect(choiceScores([-1, -1], ["x", "y"], 0)).toEqual({acc: true, acc_norm: true});
    expect(() => choiceScores([-1], ["x", "y"], 0)).toThrow("invalid log-likelihoods: 1; expected 2");
  });
});

describe("answers", () => {
  it.each([
    ["So 3 + 4 = 7. #### 7", "gsm8k-strict", "7"],
    ["So 3 + 4 = 7", "gsm8k-strict", "[invalid]"],
    ["It costs $1,234.50 in all", "gsm8k-flexible", "$1,234.50"],
    ["no number", "gsm8k-flexible", "[invalid]"],
    ["from -5 to 9", "gsm8k-flexible", "9"]
  ] as const)("extracted(%j, %s) is %s", (text, filter, found) => expect(extracted(text, filter)).toBe(found));
  it("compares what the harness compares", () => {
    expect(answers("the total is $1,234.", "some work\n#### 1234", "gsm8k-flexible")).toBe(true);
    expect(answers("it is 12", "13", "gsm8k-flexible")).toBe(false);
    expect(answers(" 85\n", "85", "exact")).toBe(true);
  });
});

describe("correctSteps", () => {
  it("says when an answer was had and lost", () => {
    expect(correctSteps([1, 2, 4, 8], [false, true, true, false])).toEqual({first: 2, last: 4, lost: true});
    expect(correctSteps([1, 2], [false, true])).toEqual({first: 2, last: 2, lost: false});
    expect(correctSteps([1, 2], [false, false])).toEqual({first: undefined, last: undefined, lost: false});
  });
});

describe("fisherExact", () => {
  it("is the tea tasting's: 0.4857 for 3 of 4", () =>
    expect(
      fisherExact([
        [3, 1],
        [1, 3]
      ])
    ).toBeCloseTo(34 / 70, 12));
  it("sums both tails", () =>
    expect(
      fisherExact([
        [8, 2],
        [1, 5]
      ])
    ).toBeCloseTo(0.03496503, 7));
  it("is 1 where a margin is empty", () =>
    expect(
      fisherExact([
        [0, 0],
        [3, 4]
      ])
    ).toBe(1));
  it("refuses what is no count", () =>
    expect(() =>
      fisherExact([
        [0.5, 0],
        [3, 4]
      ])
    ).toThrow("invalid count: 0.5; expected a whole number from 0"));
  it("oddsRatio of a table", () =>
    expect(
      oddsRatio([
        [8, 2],
        [1, 5]
      ])
    ).toBe(20));
});
