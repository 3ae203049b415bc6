import {matrixOf} from "../../../../analysis/matrix.ts";
import {describe, expect, it} from "vitest";
import {classifyPath} from "../../../../analysis/patterns/classifyRun.ts";
import {FEW_TURNS} from "../../../../analysis/patterns/orbit/keptAmplitude.ts";
import {seededRandom} from "../../../../analysis/random.ts";
import {planar, withNoise} from "../../../support/planarPaths.ts";
import {orbitPath} from "../../../support/trajectories.ts";

describe("the interval of what an orbit keeps of its amplitude", () => {
  it.each([2, 20, Infinity])("holds all of it at %d × the noise, whatever is left of a transient", (amplitude) => {
    const random = seededRandom(31);
    let [shown, holds] = [0, 0];
    for (let i = 0; i < 40; ++i) {
      const {path} = orbitPath({random, steps: 40, width: 64, onSphere: i % 2 === 0, amplitude}, {period: 2 + (4 * i) / 40});
      const {pattern, rate, rateCi} = classifyPath(path);
      if (pattern !== "orbit" || !rateCi) continue;
      ++shown;
      expect(rateCi[0] <= rate! && rate! <= rateCi[1]).toBe(true);
      if (rateCi[0] <= 1 && 1 <= rateCi[1]) ++holds;
    }
    expect(shown).toBeGreaterThan(30);
    expect(holds / shown).toBeGreaterThan(0.9);
  });
  it("is not shown for few turns, and says so", () => {
    const {path} = orbitPath({random: seededRandom(3), steps: 32, width: 64, onSphere: false, amplitude: 20}, {period: 8});
    const {pattern, rateCi, periodCi, noRateCi} = classifyPath(path);
    expect([pattern, rateCi, noRateCi]).toEqual(["orbit", undefined, FEW_TURNS]);
    expect(periodCi![0] < 8 && 8 < periodCi![1]).toBe(true);
  });
  it.each([0.85, 0.9, 0.93])("holds all of it where a circle is still approached, by %d a step", (share) => {
    const size = (t: number): number => 0.2 * (1 + 0.05 * share ** t);
    const path = planar(40, 48, (t) => [size(t) * Math.cos(1.3 * t), size(t) * Math.sin(1.3 * t)]);
    const {pattern, rateCi} = classifyPath(withNoise(path, 1e-5, 2));
    expect([pattern, rateCi![0] <= 1, 1 <= rateCi![1], rateCi![1] - rateCi![0] < 0.01]).toEqual(["orbit", true, true, true]);
  });
});

it("an exact orbit, of one amplitude to the last bit, keeps all of it", () => {
  for (const steps of [21, 22, 26, 31, 32, 40]) {
    const path = matrixOf(steps, 16, new Float32Array(steps * 16).fill(1));
    for (let t = 0; t < steps; ++t) path.data[t * 16 + 1] = t % 2 === 0 ? 2 : -2;
    expect(classifyPath(path)).toMatchObject({pattern: "orbit", period: 2});
  }
});
