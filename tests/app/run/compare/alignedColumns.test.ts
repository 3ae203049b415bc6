import {describe, expect, it} from "vitest";
import {alignedColumns, foldedColumns} from "../../../../app/run/compare/alignedColumns.ts";

describe("alignedColumns", () => {
  it("has a column for every pair and for every token without a partner, in order", () => {
    expect(alignedColumns([1, -1, 2], 4)).toEqual([
      {own: undefined, other: 0},
      {own: 0, other: 1},
      {own: 1, other: undefined},
      {own: 2, other: 2},
      {own: undefined, other: 3}
    ]);
  });
});

describe("foldedColumns", () => {
  it("keeps a few pairs beside each difference and counts the rest", () => {
    const partners = [...Array(10).keys()].map((i) => (i === 5 ? -1 : i > 5 ? i - 1 : i));
    expect(foldedColumns(alignedColumns(partners, 9), 1)).toEqual([
      {left: 4, kind: "pair"},
      {own: 4, other: 4},
      {own: 5, other: undefined},
      {own: 6, other: 5},
      {left: 3, kind: "pair"}
    ]);
  });
  it("counts a long stretch that only one of them has, as well", () => {
    const partners = [0, ...Array<number>(8).fill(-1), 1];
    expect(foldedColumns(alignedColumns(partners, 2), 1)).toEqual([
      {own: 0, other: 0},
      {own: 1, other: undefined},
      {left: 6, kind: "own"},
      {own: 8, other: undefined},
      {own: 9, other: 1}
    ]);
  });
  it("leaves a stretch of two as it is", () => {
    expect(foldedColumns(alignedColumns([0, 1, 2, -1], 3), 1)).toHaveLength(4);
  });
  it("is one count where the prompts are the same", () =>
    expect(foldedColumns(alignedColumns([0, 1, 2], 3))).toEqual([{left: 3, kind: "pair"}]));
});
