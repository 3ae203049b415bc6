import {describe, expect, it} from "vitest";
import {classifyPath} from "../../../analysis/patterns/classifyRun.ts";
import {FEW_TURNS} from "../../../analysis/patterns/orbit.ts";
import {seededRandom} from "../../../analysis/random.ts";
import {orbitPath} from "../../support/trajectories.ts";

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
  it("is not shown for few turns, as the period's is not", () => {
    const {path} = orbitPath({random: seededRandom(3), steps: 32, width: 64, onSphere: false, amplitude: 20}, {period: 8});
    const {pattern, rateCi, periodCi, evidence} = classifyPath(path);
    expect(pattern).toBe("orbit");
    expect([rateCi, periodCi]).toEqual([undefined, undefined]);
    expect(evidence.orbit!.noInterval).toBe(FEW_TURNS);
  });
});
