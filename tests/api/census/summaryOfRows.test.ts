import {describe, expect, it} from "vitest";
import {summaryOfRows, type CountedRow} from "../../../api/census/summaryOfRows.ts";

describe("the summary of a census", () => {
  const row = (prompt: number, text: string, label: CountedRow["label"], more: Partial<CountedRow> = {}): CountedRow => ({
    ...{prompt, init: 0, token: 0, tokens: 4, text, class: /\d/.test(text) ? "number" : "word", label, published: "unknown"},
    ...{period: label === "orbit" ? 3 : null, rate: label === "converging" ? 0.5 : null, settled_step: label === "converging" ? 7 : null},
    bad_from: null,
    ...more
  });

  it("says that numerals orbit, with an interval and an exact test", () => {
    const rows = Array.from({length: 40}, (_, prompt) => [
      row(prompt, "7", prompt < 25 ? "orbit" : "converging"),
      row(prompt, "cat", "converging", {token: 1}),
      row(prompt, "sat", prompt === 3 ? "orbit" : "converging", {token: 2}),
      row(prompt, "mat", "unsettled", {token: 3})
    ]).flat();
    const {associations, labels, periods, rates, settling} = summaryOfRows(rows, 40);
    expect(labels.orbit).toMatchObject({count: 26, share: 26 / 160});
    const numerals = associations.find(({by, group, label}) => by === "class" && group === "number" && label === "orbit")!;
    expect(numerals.table).toEqual([
      [25, 15],
      [1, 119]
    ]);
    expect(numerals.odds_ratio).toBeCloseTo((25 * 119) / 15, 9);
    expect(numerals.interval![0]).toBeGreaterThan(10);
    expect(numerals.q).toBeLessThan(1e-12);
    expect(periods.find(({from}) => from === 2.5)).toEqual({from: 2.5, to: 3.5, count: 26});
    expect(rates.find(({from}) => from === 0.5)!.count).toBe(94);
    expect(settling[0]).toMatchObject({median: 7, count: 15});
  });

  it("has no association where every row has the same label", () => {
    expect(summaryOfRows([row(0, "1", "converging"), row(1, "a", "converging")], 2).associations).toEqual([]);
  });
});
