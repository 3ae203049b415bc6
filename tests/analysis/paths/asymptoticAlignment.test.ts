import {describe, expect, it} from "vitest";
import {alignmentScore, finalCosine} from "../../../analysis/paths/asymptoticAlignment.ts";
import {seededRandom} from "../../../analysis/random.ts";
import {statesOf} from "../../../analysis/states.ts";

/** Final states in the plane, one per start, at the given angles. */
const last = (...angles: number[]) =>
  statesOf(
    {steps: 1, inits: angles.length, tokens: 1, width: 2},
    Float32Array.from(angles.flatMap((angle) => [3 * Math.cos(angle), 3 * Math.sin(angle)]))
  );
const options = () => ({random: seededRandom(1)});

describe("alignmentScore", () => {
  it("is the mean cosine over references and starts", () => {
    const score = alignmentScore(last(0, Math.PI / 3, Math.PI / 2, Math.PI), 0, [0, 1], [2, 3], options())!;
    const cosines = [0, Math.cos(Math.PI / 6), -1, -0.5];
    expect(score.mean).toBeCloseTo(cosines.reduce((a, b) => a + b) / 4, 6);
    expect(score).toMatchObject({above: 0, count: 2});
  });
  it("is 1 with no width for starts that end in one place, and counts those above 0.9", () => {
    expect(alignmentScore(last(1, 1, 1, 1), 0, [0, 1], [2, 3], options())).toMatchObject({mean: expect.closeTo(1, 6), above: 1});
    expect(alignmentScore(last(0, 0.1, 2), 0, [0], [1, 2], options())!.above).toBe(0.5);
  });
  it("has an interval about the mean that is wide where starts end in two places", () => {
    const angles = [0, 0, 0, 0, 0, 0, Math.PI, 0, Math.PI, 0];
    const {mean, interval} = alignmentScore(last(...angles), 0, [0, 1, 2, 3], [4, 5, 6, 7, 8, 9], options())!;
    expect(mean).toBeCloseTo((4 - 2) / 6, 6);
    expect(interval![0]).toBeLessThan(mean);
    expect(interval![1] - interval![0]).toBeGreaterThan(0.5);
  });
  it("is undefined without references or starts, and without an interval for one start", () => {
    expect(alignmentScore(last(0, 1), 0, [0], [], options())).toBeUndefined();
    expect(alignmentScore(last(0, 1), 0, [0], [1], options())!.interval).toBeUndefined();
  });
  it("calls two zero states aligned, and a zero state and another not", () => {
    const states = statesOf({steps: 1, inits: 3, tokens: 1, width: 2}, Float32Array.of(0, 0, 0, 0, 1, 0));
    expect(alignmentScore(states, 0, [0], [1, 2], options())!.mean).toBe(0.5);
  });
});

describe("finalCosine", () => {
  it("gives the mean and the least over pairs", () => {
    const found = finalCosine(last(0, Math.PI / 3, Math.PI / 2), 0, [0, 1, 2], options())!;
    expect(found.mean).toBeCloseTo((0.5 + 0 + Math.cos(Math.PI / 6)) / 3, 6);
    expect(found.least).toBeCloseTo(0, 6);
    expect(found.interval![0]).toBeLessThanOrEqual(found.interval![1]);
  });
  it("is undefined for one start", () => {
    expect(finalCosine(last(0), 0, [0], options())).toBeUndefined();
  });
});
