import {describe, expect, it} from "vitest";
import {answers, extracted} from "../../../analysis/eval/answerText.ts";
import {correctSteps} from "../../../analysis/eval/correctSteps.ts";
import {fisherExact, oddsRatio} from "../../../analysis/eval/fisherExact.ts";
import {settlingSentence} from "../../../analysis/eval/settlingSentence.ts";
import {choiceScores, shareOf} from "../../../analysis/eval/scores.ts";

describe("scores", () => {
  it("shareOf gives the sample's standard error", () => {
    expect(shareOf([true, true, false, false])).toEqual({mean: 0.5, standardError: Math.sqrt(1 / 3) / 2, n: 4});
    expect(shareOf([true]).standardError).toBeNaN();
    expect(shareOf([]).mean).toBeNaN();
  });
  it("choiceScores divides by the characters of a choice for acc_norm", () => {
    expect(choiceScores([-4, -5], [" a", " a long one"], 1)).toEqual({acc: false, acc_norm: true, acc_bytes: true});
    expect(choiceScores([-1, -1], ["x", "y"], 0)).toEqual({acc: true, acc_norm: true, acc_bytes: true}); // of equal ones the first
    // three characters each, four and three bytes: -6/4 > -5.9/3
    expect(choiceScores([-6, -5.9], ["née", "nee"], 1)).toEqual({acc: true, acc_norm: true, acc_bytes: false});
    // one character in Python, two units in JavaScript
    expect(choiceScores([-3, -4], ["𝟙", "no"], 1)).toEqual({acc: false, acc_norm: true, acc_bytes: false});
    expect(() => choiceScores([-1], ["x", "y"], 0)).toThrow("invalid log-likelihoods: 1; expected 2");
  });
});

describe("answers", () => {
  it.each([
    ["So 3 + 4 = 7. #### 7", "gsm8k-strict", "7"],
    ["So 3 + 4 = 7", "gsm8k-strict", "[invalid]"],
    ["It costs $1,234.50 in all", "gsm8k-flexible", "$1,234.50"],
    ["no number", "gsm8k-flexible", "[invalid]"],
    ["from -5 to 9", "gsm8k-flexible", "9"],
    ["it is 3.", "gsm8k-flexible", "3."],
    ["#### 1,234.", "gsm8k-strict", "1,234."],
    ["a ... b", "gsm8k-flexible", "..."] // the harness's pattern, odd as it is
  ] as const)("extracted(%j, %s) is %s", (text, filter, found) => expect(extracted(text, filter)).toBe(found));
  it("compares what the harness compares", () => {
    expect(answers("the total is $1,234.", "some work\n#### 1234", "gsm8k-flexible")).toBe(true);
    expect(answers("it is 3.", "work\n#### 3", "gsm8k-flexible")).toBe(true);
    expect(answers("#### 3", "work\n#### 3.\n", "gsm8k-strict")).toBe(false); // Python's strip is the filter's, not the target's
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

describe("settlingSentence", () => {
  it.each([
    [
      [
        [10, 0],
        [2, 8]
      ],
      "Wrong are 0 of 10 (0.0 %) settled answers and 8 of 10 (80.0 %) of those that did not settle: failures come more often where the model did not settle (Fisher’s exact p = 0.00071)."
    ],
    [
      [
        [2, 8],
        [10, 0]
      ],
      "failures come more often where it settled"
    ],
    [
      [
        [5, 5],
        [4, 6]
      ],
      "no difference beyond chance (Fisher’s exact p = 1.0)."
    ],
    [
      [
        [9, 3],
        [0, 0]
      ],
      "All 12 answers that have a label settled, the 3 wrong ones too"
    ],
    [
      [
        [0, 0],
        [2, 1]
      ],
      "None of the 3 answers that have a label settled, 1 of them wrong"
    ],
    [
      [
        [3, 0],
        [2, 0]
      ],
      "All 5 answers that have a label are right, whether they settled (3) or not (2)."
    ]
  ] as const)("of %j", (table, sentence) => expect(settlingSentence(table, fisherExact(table))).toContain(sentence));
});

describe("fisherExact", () => {
  // scipy.stats.fisher_exact
  it.each([
    [
      [
        [10, 2],
        [3, 15]
      ],
      0.0005367241191434357
    ],
    [
      [
        [1, 9],
        [11, 3]
      ],
      0.0027594561852200836
    ], // Fisher's own twins, as scipy's documentation has them
    [
      [
        [500, 20],
        [60, 40]
      ],
      3.941035961409867e-21
    ]
  ] as const)("of %j is the reference's", (table, p) => expect(fisherExact(table) / p).toBeCloseTo(1, 6));
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
