import {describe, expect, it} from "vitest";
import {alignmentBins} from "../../../analysis/paths/alignmentBins.ts";

const holding = (cosine: number) => alignmentBins([cosine]).find(({count}) => count === 1)!;

describe("alignmentBins", () => {
  it("joins without gaps from −1 to 1, and has an edge at 0.9", () => {
    const bins = alignmentBins([0.5]);
    expect(bins[0].from).toBe(-1);
    expect(bins.at(-1)!.to).toBe(1);
    bins.slice(1).forEach(({from}, i) => expect(from).toBe(bins[i].to));
    expect(bins.filter(({from}) => Math.abs(from - 0.9) < 1e-12)).toHaveLength(1);
  });

  it.each([-1, -0.2, 0, 0.5, 0.9, 0.99, 0.9999, 0.9999995, 1])("counts %d once, between its edges", (cosine) => {
    const {from, to} = holding(cosine);
    expect(from).toBeLessThanOrEqual(cosine + 1e-9);
    expect(to).toBeGreaterThanOrEqual(cosine);
    expect(alignmentBins([cosine, cosine]).reduce((sum, {count}) => sum + count, 0)).toBe(2);
  });

  it("tells 0.9999 from 0.999, and puts what is 1 to six digits into the last bin", () => {
    expect(holding(0.9999)).not.toEqual(holding(0.999));
    expect(alignmentBins([0.9999999, 1]).at(-1)!.count).toBe(2);
  });

  it("has no bins for no cosines, and refuses what is none", () => {
    expect(alignmentBins([])).toEqual([]);
    expect(() => alignmentBins([1.2])).toThrow("invalid cosine: 1.2; expected −1 to 1");
    expect(() => alignmentBins([NaN])).toThrow("invalid cosine: NaN");
  });
});
