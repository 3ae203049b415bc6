import {describe, expect, it} from "vitest";
import {alignTokens} from "../../../analysis/comparison/alignTokens.ts";

/** One token a letter; its id is the letter's code. */
const prompt = (text: string) => [...text].map((letter) => ({id: letter.charCodeAt(0), text: letter}));
const partners = (a: string, b: string): number[] => [...alignTokens(prompt(a), prompt(b)).partners];

describe("alignTokens", () => {
  it.each([
    ["48+37=", "48+37=", [0, 1, 2, 3, 4, 5]],
    ["48+37=", "48+52=", [0, 1, 2, -1, -1, 5]],
    ["8+7=", "48+37=", [1, 2, 4, 5]],
    ["48+37=", "8+7=", [-1, 0, 1, -1, 2, 3]],
    ["abcbdab", "bdcaba", [-1, 0, -1, -1, 1, 3, 4]],
    ["aa", "a", [0, -1]],
    ["ab", "xy", [-1, -1]],
    ["", "ab", []],
    ["ab", "", [-1, -1]]
  ])("pairs %j with %j as %j", (a, b, expected) => expect(partners(a, b)).toEqual(expected));

  it("finds as many pairs as a longest common subsequence has, in order", () => {
    const {partners: found, count} = alignTokens(prompt("abcbdab"), prompt("bdcaba")); // the textbook pair: 4
    expect(count).toBe(4);
    const kept = [...found].filter((j) => j >= 0);
    expect(kept).toEqual([...kept].sort((x, y) => x - y));
  });

  it("goes by text where one id reads differently in the two vocabularies", () => {
    const {by, partners: found} = alignTokens(
      [
        {id: 1, text: "a"},
        {id: 2, text: "b"}
      ],
      [
        {id: 2, text: "a"},
        {id: 1, text: "b"}
      ]
    );
    expect([by, [...found]]).toEqual(["text", [0, 1]]);
  });

  it("goes by id where the vocabularies agree", () => {
    expect(alignTokens(prompt("ab"), prompt("bc")).by).toBe("id");
  });

  it("refuses prompts whose differing middles are too long", () => {
    const long = (first: number) => Array.from({length: 8193}, (_, i) => ({id: first + i, text: String(first + i)}));
    expect(() => alignTokens(long(0), long(100_000))).toThrow(
      "invalid alignment: 8193 × 8193 tokens that differ; expected a product of at most 67108864"
    );
  });
});
