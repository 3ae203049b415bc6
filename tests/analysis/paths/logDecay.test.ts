import {describe, expect, it} from "vitest";
import {logDecay} from "../../../analysis/paths/logDecay.ts";
import {seededRandom} from "../../../analysis/random.ts";
import {signed} from "../../support/worlds.ts";

const curve = (n: number, f: (t: number) => number): number[] => Array.from({length: n}, (_, t) => f(t));

describe("logDecay", () => {
  it("uses all points of a clean decay", () => {
    expect(
      logDecay(
        curve(20, (t) => 3 * 0.7 ** t),
        20
      )
    ).toMatchObject({slope: expect.closeTo(Math.log(0.7), 9), from: 0, to: 19});
  });
  it("uses all points of a noisy decay, mostly", () => {
    const random = seededRandom(2);
    const {slope, from} = logDecay(
      curve(40, (t) => 0.9 ** t * Math.exp(0.05 * signed(random))),
      40
    )!;
    expect(slope).toBeCloseTo(Math.log(0.9), 2);
    expect(from).toBeLessThan(10);
  });
  it("leaves a transient out", () => {
    const {slope, from} = logDecay(
      curve(40, (t) => 0.9 ** t + 50 * 0.5 ** t),
      40
    )!;
    expect(slope).toBeCloseTo(Math.log(0.9), 2);
    expect(from).toBeGreaterThan(7); // where the fast mode still is 30 % of the curve
  });
  it("looks at the first points only, and at no fewer than four", () => {
    expect(logDecay([8, 4, 2, 1, 7, 7], 4)).toMatchObject({slope: expect.closeTo(-Math.LN2, 9), to: 3});
    expect(logDecay([8, 4, 2], 3)).toBeUndefined();
  });
});
