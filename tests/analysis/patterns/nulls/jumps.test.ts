import {describe, expect, it} from "vitest";
import {classifyPath} from "../../../../analysis/patterns/classifyRun.ts";
import {gramOf} from "../../../../analysis/patterns/path/gram.ts";
import {jumpsP} from "../../../../analysis/patterns/nulls/jumps.ts";
import {residualOf} from "../../../../analysis/patterns/path/residual.ts";
import {modeFunctions, orthonormal, sampled} from "../../../../analysis/patterns/statistics/timeBasis.ts";
import {planar, withNoise} from "../../../support/planarPaths.ts";

const STEPS = 32;

/** `jumpsP` of a decay, plain or turning, in a path of noise 0.01 a coordinate. */
function pOf(place: (t: number) => [number, number], {rate, omega = 0}: {readonly rate: number; readonly omega?: number}): number {
  const path = withNoise(planar(STEPS, 64, place), 0.01, 3);
  const constant = orthonormal([sampled(STEPS, () => 1)]);
  const plain = residualOf(gramOf(path), constant);
  const shape = orthonormal(modeFunctions(STEPS, rate, omega), constant);
  return jumpsP(plain, residualOf(plain, shape), {shape});
}

/** So many equal jumps, at these steps. */
const stair =
  (jumps: readonly number[]) =>
  (t: number): [number, number] => [(0.3 * jumps.filter((at) => at <= t).length) / jumps.length, 0];

describe("jumpsP", () => {
  it("has nothing to say of a mode that leaves noise, plain or turning", () => {
    expect(pOf((t) => [0.3 * 0.85 ** t, 0], {rate: 0.85})).toBe(0);
    expect(pOf((t) => [0.3 * 0.85 ** t * Math.cos(t), 0.3 * 0.85 ** t * Math.sin(t)], {rate: 0.85, omega: 1})).toBe(0);
  });
  it("is no less than the chance of the jumps' order where a way goes in jumps, early or not", () => {
    expect(pOf(stair([1, 3, 4, 6, 7, 11, 15]), {rate: 0.9})).toBeGreaterThan(1e-3);
    expect(pOf(stair([3, 9, 14, 22, 27]), {rate: 0.95})).toBeGreaterThan(1e-2);
  });
  it("is small of two modes, whose increments fall in order, though one does not account for them", () => {
    expect(pOf((t) => [0.3 * 0.5 ** t + 0.3 * 0.9 ** t, 0], {rate: 0.75})).toBeLessThan(1e-4);
  });
});

it("a stair whose steps happen to come early is not converging", () => {
  for (const jumps of [
    [3, 4, 5, 6, 8, 10, 11, 15, 18],
    [1, 3, 4, 6, 7, 9, 11, 13, 19, 21]
  ])
    for (let seed = 1; seed <= 5; ++seed)
      expect(classifyPath(withNoise(planar(STEPS, 64, stair(jumps)), 0.01, seed)).pattern, `${jumps}`).not.toBe("converging");
});
