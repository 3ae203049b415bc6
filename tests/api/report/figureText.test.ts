import {expect, it} from "vitest";
import {tokenText} from "../../../capture/trace/tokenText.ts";
import {cosineText, countText, intervalText, listed, numberText, qText, shareText} from "../../../api/report/figureText.ts";

it.each([
  [0, "0"],
  [0.12345, "0.123"],
  [-2, "−2"],
  [64, "64"],
  [1.4e-7, "1.4\u00a0·\u00a010⁻⁷"],
  [-2.54e12, "−2.5\u00a0·\u00a010¹²"],
  [NaN, "–"],
  [undefined, "–"]
])("numberText(%s) is %s", (value, text) => {
  expect(numberText(value)).toBe(text);
});

it.each([
  [0, "0\u00a0%"],
  [0.00001, "<\u00a00.1\u00a0%"],
  [0.5268, "52.7\u00a0%"],
  [0.9996, ">\u00a099.9\u00a0%"],
  [1, "100\u00a0%"]
])("shareText(%s) is %s: all and none are said only where they are", (share, text) => {
  expect(shareText(share)).toBe(text);
});

it("cosineText shows how far a cosine is from 1 where three digits would hide it", () => {
  expect([cosineText(1), cosineText(0.93), cosineText(0.999978), cosineText(undefined)]).toEqual([
    "1",
    "0.93",
    "1 − 2.2\u00a0·\u00a010⁻⁵",
    "–"
  ]);
});

it("qText, intervalText, countText and listed read as in a paper", () => {
  expect([
    qText(1e-9),
    qText(0.031),
    intervalText([0.6, 0.64]),
    intervalText([4.99921, 5.0017]),
    intervalText(null),
    countText(1, "token"),
    countText(10_400, "state"),
    listed(["a", "b", "c"])
  ]).toEqual(["<\u00a00.001", "0.031", "[0.6, 0.64]", "[4.999, 5.002]", "", "1 token", "10,400 states", "a, b and c"]);
});

it("tokenText shows what cannot be seen", () => {
  expect(["\n", " the", "a b ", "\t", ""].map(tokenText)).toEqual(["⏎", "␣the", "a b␣", "⇥", "∅"]);
});
