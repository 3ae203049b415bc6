import {describe, expect, it} from "vitest";
import {contextOf, tokenRuns} from "../../../app/run/tokenRuns.ts";

describe("tokenRuns(labels)", () => {
  it("joins neighbours of one label and leaves out what has none", () => {
    expect(tokenRuns(["orbit", "orbit", undefined, "slider", "orbit"])).toEqual([
      {from: 0, to: 2, label: "orbit"},
      {from: 3, to: 4, label: "slider"},
      {from: 4, to: 5, label: "orbit"}
    ]);
    expect([tokenRuns([]), tokenRuns([undefined])]).toEqual([[], []]);
  });
});

describe("contextOf(names, token)", () => {
  const names = ["The", " cat", " sat", " on", " it"];
  it("gives what stands before and after, cut where it is long, a character never halved", () => {
    expect(contextOf(names, 2)).toEqual({before: "The cat", after: " on it"});
    expect(contextOf(names, 0, 4)).toEqual({before: "", after: " cat"});
    expect(contextOf(["a😀", "b", "😀c"], 1, 1)).toEqual({before: "😀", after: "😀"});
  });
});
