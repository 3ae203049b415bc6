import {describe, expect, it} from "vitest";
import {associationOf} from "../../../analysis/census/association.ts";
import {clusterShare} from "../../../analysis/census/clusterShare.ts";
import {tokenClass} from "../../../analysis/census/tokenClass.ts";
import {seededRandom} from "../../../analysis/random.ts";
import {wilsonInterval} from "../../../analysis/paths/interval.ts";

describe("the share of clustered rows", () => {
  it("is Wilson's interval where every cluster is one row", () => {
    const clusters = Array.from({length: 200}, (_, i) => ({rows: 1, found: i < 30 ? 1 : 0}));
    const {share, low, high, effective} = clusterShare(clusters);
    expect(share).toBe(0.15);
    expect(effective).toBeCloseTo(199, 6); // k / (k − 1)
    const [least, most] = wilsonInterval(30, 200);
    expect(low).toBeCloseTo(least, 3);
    expect(high).toBeCloseTo(most, 3);
  });

  it("knows no more than its clusters where all rows of one agree", () => {
    const clusters = Array.from({length: 100}, (_, i) => ({rows: 50, found: i < 20 ? 50 : 0}));
    expect(clusterShare(clusters).effective).toBeCloseTo(99, 6);
  });

  it("covers the truth in 95 of 100 draws, rows of a prompt being alike", () => {
    const uniform = seededRandom(7);
    const draw = () => {
      const clusters = Array.from({length: 120}, () => {
        const own = uniform() < 0.25 ? 0.5 : 0.02; // what its prompts do alike
        const rows = 5 + Math.floor(uniform() * 30);
        return {rows, found: Array.from({length: rows}, () => uniform() < own).filter(Boolean).length};
      });
      const {low, high} = clusterShare(clusters);
      return low <= 0.14 && 0.14 <= high;
    };
    const covered = Array.from({length: 400}, draw).filter(Boolean).length / 400;
    expect(covered).toBeGreaterThan(0.92);
    expect(covered).toBeLessThan(0.98);
  });

  it("counts a cluster as one row where nothing is found", () => {
    expect(clusterShare(Array.from({length: 40}, () => ({rows: 25, found: 0})))).toEqual({
      share: 0,
      low: 0,
      high: expect.closeTo(wilsonInterval(0, 40)[1], 9),
      effective: 40
    });
  });

  it("has an interval of everything without rows", () => expect(clusterShare([])).toEqual({share: NaN, low: 0, high: 1, effective: 0}));
});

describe("the association of a group with a label", () => {
  it("is the odds ratio with Woolf's interval where every cluster is one row", () => {
    const rows = (count: number, table: [[number, number], [number, number]]) => Array.from({length: count}, () => table);
    const clusters = [
      ...rows(12, [[1, 0], [0, 0]]), // biome-ignore format: a table each
      ...rows(5, [
        [0, 1],
        [0, 0]
      ]),
      ...rows(7, [
        [0, 0],
        [1, 0]
      ]),
      ...rows(29, [
        [0, 0],
        [0, 1]
      ])
    ];
    const {oddsRatio, interval, p, table} = associationOf(clusters);
    expect(table).toEqual([
      [12, 5],
      [7, 29]
    ]);
    expect(oddsRatio).toBeCloseTo((12 * 29) / (5 * 7), 12);
    expect(p).toBeCloseTo(0.00054735682, 10); // scipy.stats.fisher_exact([[12, 5], [7, 29]])
    const half = 1.959964 * Math.sqrt(1 / 12.5 + 1 / 5.5 + 1 / 7.5 + 1 / 29.5);
    const log = Math.log((12.5 * 29.5) / (5.5 * 7.5));
    expect(interval![0] / Math.exp(log - half)).toBeCloseTo(1, 1);
    expect(interval![1] / Math.exp(log + half)).toBeCloseTo(1, 1);
  });

  it("widens where one prompt brings all of it", () => {
    const one = associationOf([[[50, 0], [0, 50]], ...Array.from({length: 20}, (): [[number, number], [number, number]] => [[1, 4], [10, 85]])]); // biome-ignore format: tables
    const spread = associationOf(Array.from({length: 20}, (): [[number, number], [number, number]] => [[3.5, 4], [10, 87.5]])); // biome-ignore format: tables
    expect(one.interval![1] / one.interval![0]).toBeGreaterThan(spread.interval![1] / spread.interval![0]);
  });

  it("is finite in its interval where a cell is empty", () => {
    const {oddsRatio, interval} = associationOf([
      [[3, 0], [0, 9]],
      [[2, 0], [1, 9]]
    ]); // biome-ignore format: tables
    expect(oddsRatio).toBe(Infinity);
    expect(interval!.every(Number.isFinite)).toBe(true);
  });

  it("has no interval for one cluster", () =>
    expect(
      associationOf([
        [
          [3, 2],
          [1, 9]
        ]
      ]).interval
    ).toBeUndefined());
});

describe("the class of a token", () => {
  it.each([
    ["12", "number"],
    [" 3.14", "number"],
    [" Kim's", "word"],
    ["été", "word"],
    [" '", "punctuation"],
    ["'s", "word"],
    ["\n", "space"],
    ["", "space"],
    ["...", "punctuation"],
    ["+", "symbol"],
    ["<=", "symbol"],
    ["x2", "mixed"],
    ["<s>", "special"]
  ])("of %j is %s", (text, kind) => expect(tokenClass(text)).toBe(kind));
});
