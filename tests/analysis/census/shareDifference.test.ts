import {describe, expect, it} from "vitest";
import {clusterShare, type ClusterCount} from "../../../analysis/census/clusterShare.ts";
import {shareDifference} from "../../../analysis/census/shareDifference.ts";
import {seededRandom} from "../../../analysis/random.ts";

const single = (found: number, rows: number): ClusterCount[] => Array.from({length: rows}, (_, i) => ({rows: 1, found: i < found ? 1 : 0}));

describe("the difference of two clustered shares", () => {
  it("is Newcombe's (1998, table II, method 10) where every cluster is one row: 56 of 70 less 48 of 80", () => {
    const {difference, low, high} = shareDifference(single(48, 80), single(56, 70), {paired: false});
    expect(difference).toBeCloseTo(0.2, 12);
    expect(low).toBeCloseTo(0.0524, 2);
    expect(high).toBeCloseTo(0.3339, 2);
  });

  it("is nothing, within what the two ends of one interval differ by, for a census beside itself as pairs", () => {
    const clusters = Array.from({length: 30}, (_, i) => ({rows: 4 + (i % 3), found: i % 4}));
    const {difference, low, high, first} = shareDifference(clusters, clusters, {paired: true});
    const ends = Math.abs(first.high - first.share - (first.share - first.low));
    expect(difference).toBe(0);
    expect([low, high]).toEqual([expect.closeTo(-ends, 12), expect.closeTo(ends, 12)]);
  });

  it("has a width where a label was found in neither, and is all there is where one has no rows", () => {
    const none = Array.from({length: 20}, () => ({rows: 5, found: 0}));
    const {low, high} = shareDifference(none, none, {paired: false});
    expect([low, high]).toEqual([-clusterShare(none).high, clusterShare(none).high]);
    expect(shareDifference(none, [{rows: 0, found: 0}], {paired: false})).toMatchObject({difference: NaN, low: -1, high: 1});
  });

  it.each([true, false])("covers the truth in 95 of 100 draws, prompts being alike in both (pairs: %s)", (paired) => {
    const uniform = seededRandom(11);
    const draw = () => {
      const prompts = Array.from({length: 150}, () => (uniform() < 0.3 ? 0.6 : 0.1));
      const mine = paired ? prompts : Array.from({length: 150}, () => (uniform() < 0.3 ? 0.6 : 0.1));
      const clusters = (own: readonly number[], more: number): ClusterCount[] =>
        own.map((share) => {
          const rows = 4 + Math.floor(uniform() * 16);
          return {rows, found: Array.from({length: rows}, () => uniform() < share + more).filter(Boolean).length};
        });
      return shareDifference(clusters(prompts, 0), clusters(mine, 0.08), {paired});
    };
    const draws = Array.from({length: 300}, draw);
    const covered = draws.filter(({low, high}) => low <= 0.08 && 0.08 <= high).length / draws.length;
    expect(covered).toBeGreaterThan(0.91);
    expect(covered).toBeLessThan(0.985);
  });

  it("is narrower as pairs where the prompts decide", () => {
    const a = Array.from({length: 60}, (_, i) => ({rows: 10, found: i % 3 === 0 ? 9 : 1}));
    const b = a.map(({rows, found}) => ({rows, found: Math.min(rows, found + 1)}));
    const width = ({low, high}: {low: number; high: number}) => high - low;
    expect(width(shareDifference(a, b, {paired: true}))).toBeLessThan(0.3 * width(shareDifference(a, b, {paired: false})));
  });
});
