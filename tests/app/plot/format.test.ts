import {describe, expect, it} from "vitest";
import {
  formatBytes,
  formatDecade,
  formatInterval,
  formatNumber,
  formatSeconds,
  formatShare,
  fitting,
  powerText,
  sharedPower,
  shortened,
  tokenLabel
} from "../../../app/plot/format.ts";

describe("numbers for people", () => {
  it.each([
    [0, "0"],
    [0.123456, "0.123"],
    [-1.5, "−1.5"],
    [1234.5, "1230"],
    [2.4e-7, "2.4e−7"],
    [NaN, "–"],
    [Infinity, "–"]
  ])("formatNumber(%d) is %s", (value, text) => expect(formatNumber(value)).toBe(text));
  it.each([
    [[0.6, 0.64], "[0.6, 0.64]"],
    [[4.99921, 5.0017], "[4.999, 5.002]"],
    [[5, 5.00001], "[5, 5.00001]"],
    [[1.231e-7, 1.239e-7], "[1.23e−7, 1.24e−7]"],
    [[2, 2], "[2, 2]"],
    [[null, 1], "[–, 1]"]
  ] as const)("formatInterval(%o) is %s: its ends are told apart where six digits can", (interval, text) =>
    expect(formatInterval(interval)).toBe(text)
  );
  it.each([
    [1e-6, "10⁻⁶"],
    [1, "1"],
    [0.01, "0.01"],
    [1e4, "10⁴"]
  ])("formatDecade(%d) is %s", (value, text) => expect(formatDecade(value)).toBe(text));
  it.each([
    [[-3.4e-4, 3.4e-4, -1e-6], -4, "10⁻⁴"],
    [[0, 0.0102], 0, "10⁰"],
    [[-250_000, 3], 5, "10⁵"],
    [[0, 0], 0, "10⁰"]
  ] as const)("an axis from and to %o has figures of 10 to the %d, %s", (ends, power, text) => {
    expect(sharedPower(ends)).toBe(power);
    expect(powerText(power)).toBe(text);
  });
  it.each([
    [0.541, "54 %"],
    [0.0312, "3.1 %"],
    [1, "100 %"]
  ])("formatShare(%d) is %s", (value, text) => expect(formatShare(value)).toBe(text));
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [354_623, "355 kB"],
    [7.1e9, "7.1 GB"]
  ])("formatBytes(%d) is %s", (value, text) => expect(formatBytes(value)).toBe(text));
  it.each([
    [0.2, "1 s"],
    [59, "59 s"],
    [300, "5 min"],
    [7500, "2 h 5 min"]
  ])("formatSeconds(%d) is %s", (value, text) => expect(formatSeconds(value)).toBe(text));
  it.each([
    ["\n", "⏎"],
    [" ", "␣"],
    [" Claire", "␣Claire"],
    ["a b", "a b"],
    ["   ", "␣␣␣"],
    ["", "∅"],
    ["a\r\n", "a␍⏎"],
    ["a\u202eb\u001b", "a\\u202eb\\u001b"],
    ["a\u200bb", "a\\u200bb"]
  ])("tokenLabel(%j) shows what cannot be seen: %s", (text, label) => expect(tokenLabel(text)).toBe(label));
});

describe("shortened(text, most)", () => {
  it.each([
    ["exact", 5, "exact"],
    ["longer", 5, "long…"],
    ["🪐🪐🪐", 2, "🪐…"],
    ["ab", 0, "a…"]
  ])("%s in %i characters is %s", (text, most, short) => expect(shortened(text, most)).toBe(short));
});

describe("fitting(text, room, widthOf)", () => {
  const widthOf = (text: string): number =>
    [...text].reduce((sum, character) => sum + (character === "﷽" ? 90 : character === "漢" ? 12 : 6), 0);
  it.each([
    ["letters", 42, "letters"],
    ["letters", 41, "lette…"],
    ["漢漢漢漢漢漢漢", 74, "漢漢漢漢漢…"],
    ["a﷽", 74, "a…"],
    ["﷽", 74, "…"]
  ])("%s in %i pixels is %s", (text, room, shown) => expect(fitting(text, room, widthOf)).toBe(shown));
});
