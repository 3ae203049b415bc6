import {describe, expect, it} from "vitest";
import {argumentsOf} from "../../../analysis/patterns/argument.ts";
import {classifyPath} from "../../../analysis/patterns/classifyRun.ts";
import {seededRandom} from "../../../analysis/random.ts";
import {planar, withNoise} from "../../support/planarPaths.ts";
import {orbitPath} from "../../support/trajectories.ts";

describe("argumentsOf", () => {
  const {path} = orbitPath({random: seededRandom(4), steps: 64, width: 48, onSphere: false, amplitude: 20}, {period: 9});
  const verdict = classifyPath(path);
  const found = argumentsOf(verdict, 0.001);

  it("every check that decides of the label that a trajectory has holds, with the number that was measured", () => {
    expect(verdict.pattern).toBe("orbit");
    expect(found.orbit.filter(({holds}) => !holds).map(({test, holds}) => [test, holds])).toEqual([
      ["share of the distances at every lag that one closed curve explains", null],
      ["width of its period’s 95 % interval, in steps", null]
    ]);
    expect(found.orbit[0]).toMatchObject({test: "turns seen", value: verdict.evidence.orbit!.turns, needed: "at least 3"});
  });

  it("of every label that it does not have, at least one does not", () => {
    expect(found.converging.some(({holds}) => holds === false)).toBe(true);
    expect(found.slider.some(({holds}) => holds === false)).toBe(true);
  });

  it("a speed that cannot be told from noise is said to be none, not one between 0 and Infinity", () => {
    expect(found.slider.at(-1)!.test).toContain("no steady speed stands out of the noise");
    expect(JSON.stringify(found)).not.toContain("Infinity");
  });

  it("a slider of uneven speed is argued for by what its parts vary by, not by a trend that it has not", () => {
    const uneven = classifyPath(
      withNoise(
        planar(49, 48, (t) => [0.1 * t, 0.004 * t ** 2]),
        0.02,
        9
      )
    ); // speed doubles over the last 31 steps
    expect(uneven).toMatchObject({pattern: "slider", evidence: {slider: {uneven: true}}});
    expect(argumentsOf(uneven, 0.001).slider.filter(({holds}) => holds === false)).toEqual([]);
  });

  it("the thresholds are named as they are used", () => {
    expect([...found.orbit, ...found.slider].map(({needed}) => needed)).toEqual(
      expect.arrayContaining(["at least 3", "at least 8 ×", "at least 0.7", "at least 6 ×", "at least 0.9", "0.75 to 1.33"])
    );
  });
});
