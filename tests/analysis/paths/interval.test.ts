import {describe, expect, it} from "vitest";
import {bootstrapInterval, drawsOf, median, quantile} from "../../../analysis/paths/bootstrap.ts";
import {wilsonInterval} from "../../../analysis/paths/interval.ts";
import {seededRandom} from "../../../analysis/random.ts";

describe("wilsonInterval", () => {
  it("is the published interval for 10 of 10 and for 5 of 10", () => {
    const [low, high] = wilsonInterval(10, 10);
    expect(low).toBeCloseTo(0.7225, 4);
    expect(high).toBe(1);
    const [a, b] = wilsonInterval(5, 10);
    expect(a).toBeCloseTo(0.2366, 4);
    expect(b).toBeCloseTo(0.7634, 4);
  });
  it("knows nothing without a sample, and refuses more successes than trials", () => {
    expect(wilsonInterval(0, 0)).toEqual([0, 1]);
    expect(() => wilsonInterval(3, 2)).toThrow("invalid successes: 3; expected 0 to 2");
  });
});

describe("bootstrapInterval", () => {
  it("covers the mean of 30 numbers in at least 88 of 100 samples", () => {
    let covered = 0;
    for (let seed = 0; seed < 100; ++seed) {
      const random = seededRandom(seed);
      const sample = Array.from({length: 30}, random); // uniform: mean 1/2
      const [low, high] = bootstrapInterval((source) => drawsOf(30, source).reduce((sum, times, i) => sum + times * sample[i], 0) / 30, {
        random,
        resamples: 300
      })!;
      covered += Number(low <= 0.5 && high >= 0.5);
    }
    expect(covered).toBeGreaterThanOrEqual(88);
  });
  it("is undefined where most draws have no answer, and the same for the same seed", () => {
    expect(bootstrapInterval(() => NaN, {random: seededRandom(1)})).toBeUndefined();
    const twice = [1, 1].map((seed) => bootstrapInterval((source) => source(), {random: seededRandom(seed)}));
    expect(twice[0]).toEqual(twice[1]);
  });
  it("drawsOf draws as many as there are", () => {
    expect(drawsOf(9, seededRandom(2)).reduce((a, b) => a + b)).toBe(9);
  });
});

it("quantile interpolates between neighbours", () => {
  expect(quantile([0, 10], 0.25)).toBe(2.5);
  expect(median([3, 1, 2])).toBe(2);
  expect(median([])).toBeNaN();
});
