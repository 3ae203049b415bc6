import {describe, expect, it} from "vitest";
import {gapCurve, pairGaps, recordGaps} from "../../../analysis/paths/gaps.ts";
import {pairsOf} from "../../../analysis/paths/pairs.ts";

describe("pairsOf", () => {
  it.each([1, 2, 3, 4, 16, 17])("names every pair of %i starts once", (count) => {
    const names = pairsOf(count).map((pair) => [...pair].sort((a, b) => a - b).join());
    expect(new Set(names).size).toBe((count * (count - 1)) / 2);
    expect(names.length).toBe((count * (count - 1)) / 2);
  });
  it("compares each of many starts with equally many others", () => {
    const uses = new Array<number>(50).fill(0);
    for (const pair of pairsOf(50)) for (const start of pair) uses[start] += 1;
    expect(new Set(uses)).toEqual(new Set([16]));
  });
  it("refuses no starts", () => {
    expect(() => pairsOf(0)).toThrow("invalid starts: 0; expected a whole number from 1");
  });
});

describe("recordGaps", () => {
  it("gives ‖a − b‖ over the root mean square of the two norms, per token and for the sequence", () => {
    const recorder = recordGaps({tokens: 2, width: 2, pairs: pairsOf(2)});
    recorder.push(Float32Array.of(3, 4, 1, 0, 4, 3, 0, 0)); // start 0: (3,4) (1,0); start 1: (4,3) (0,0)
    const {tokens, sequence} = recorder.gaps();
    expect(pairGaps(tokens, 0, 0)[0]).toBeCloseTo(Math.SQRT2 / 5, 6);
    expect(pairGaps(tokens, 1, 0)[0]).toBeCloseTo(1 / Math.sqrt(0.5), 6);
    expect(pairGaps(sequence, 0, 0)[0]).toBeCloseTo(Math.sqrt(3 / 25.5), 6);
  });
  it("sees a difference of one part in ten million", () => {
    const recorder = recordGaps({tokens: 1, width: 1, pairs: pairsOf(2)});
    recorder.push(Float32Array.of(1, 1 + 2 ** -23));
    expect(recorder.gaps().tokens.data[0]).toBeCloseTo(2 ** -23, 12);
  });
  it("calls two zero states equal, and refuses fewer states than the pairs name", () => {
    const recorder = recordGaps({tokens: 1, width: 2, pairs: pairsOf(2)});
    recorder.push(new Float32Array(4));
    expect(recorder.gaps().tokens.data[0]).toBe(0);
    expect(() => recorder.push(new Float32Array(3))).toThrow("invalid states: 3 numbers; expected at least 2 × 1 × 2");
  });
  it("gapCurve gives the geometric mean and the largest gap over pairs, and NaN for one start", () => {
    const recorder = recordGaps({tokens: 1, width: 2, pairs: pairsOf(3)});
    recorder.push(Float32Array.of(1, 0, -1, 0, 0, 1)); // gaps 2, √2, √2
    const {mean, largest} = gapCurve(recorder.gaps().tokens, 0);
    expect(mean[0]).toBeCloseTo(4 ** (1 / 3), 6);
    expect(largest[0]).toBe(2);
    const alone = recordGaps({tokens: 1, width: 2, pairs: pairsOf(1)});
    alone.push(Float32Array.of(1, 0));
    expect(gapCurve(alone.gaps().tokens, 0).mean[0]).toBeNaN();
  });
});
