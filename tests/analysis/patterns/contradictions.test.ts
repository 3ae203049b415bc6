import {describe, expect, it} from "vitest";
import {classifyPath} from "../../../analysis/patterns/classifyRun.ts";
import {drifting, isOver, merelyRings, turningOn} from "../../../analysis/patterns/contradictions.ts";
import {gramOf} from "../../../analysis/patterns/path/gram.ts";
import {matrixOf} from "../../../analysis/matrix.ts";
import {circle, planar, withNoise} from "../../support/planarPaths.ts";

it("an oscillation speaks against rest unless it surely falls; one that falls as fast as any that is sought has an interval cut at that rate, whose upper end below 1 is enough", () => {
  const {evidence} = classifyPath(circle(32, 5.3, 0.1));
  const {converging, orbit} = evidence;
  const kept = (rate: number, rateCi: readonly [number, number]): string[] =>
    turningOn({...converging, method: "displacement"}, {...orbit!, mode: {...orbit!.mode, rate, rateCi}}, 31);
  expect(kept(1, [0.99, 1.01])).toHaveLength(1);
  expect(kept(0.75, [0.7, 0.95])).toHaveLength(1);
  expect(kept(0.75, [0.7, 0.8])).toEqual([]);
  expect(kept(0.7001, [0.7, 0.95])).toEqual([]);
  expect(kept(0.7001, [0.7, 1.02])).toHaveLength(1);
});

it("an oscillation rings only where it is less than the noise about it and than a thousandth of the way to it", () => {
  const way = gramOf(matrixOf(3, 1, Float32Array.of(100, 1, 0)));
  expect(merelyRings({amplitude: 0.08, noise: 1}, way)).toBe(true);
  expect(merelyRings({amplitude: 0.12, noise: 1}, way)).toBe(false);
  expect(merelyRings({amplitude: 0.05, noise: 0.04}, way)).toBe(false);
});

it("an oscillation is over where the end of an approach spreads by less than a quarter of its amplitude, and not where it only turns less", () => {
  const endingIn = (size: number): boolean => {
    const path = matrixOf(
      32,
      1,
      Float32Array.from({length: 32}, (_, t) => (t < 16 ? (-1) ** t : size * (-1) ** t))
    );
    return isOver({amplitude: 1}, {...classifyPath(path).evidence.converging, window: [16, 31]}, gramOf(path));
  };
  const spread = Math.sqrt(8 / 7); // of eight states that flip by 1: the root of half the mean squared distance of all pairs
  expect(endingIn(0.24 / spread)).toBe(true);
  expect(endingIn(0.26 / spread)).toBe(false);
});

describe("a directed motion to the end of a path speaks against rest", () => {
  const {converging, slider} = classifyPath(planar(32, 64, (t) => [0.02 * t, 0])).evidence;
  const drift = {...slider!, walkRatio: 10, p: 1e-6, rate: 1, decays: false};
  const slope = {...converging, method: "displacement", rate: 0.95} as const;
  const keeping = (lost: number) =>
    ({...slope, method: "mode", rate: (1 - lost) ** (1 / 30), directedCi: [0.9, 1], spiral: false, window: [0, 30]}) as const;

  it("where it is more than wandering, and sure", () => {
    expect(drifting(slope, drift)).toHaveLength(1);
    expect(drifting(slope, {...drift, p: 0.7e-4})).toHaveLength(1);
    expect(drifting(slope, {...drift, p: 1.5e-4})).toEqual([]);
    expect(drifting(slope, {...drift, walkRatio: 7})).toHaveLength(1);
    expect(drifting(slope, {...drift, walkRatio: 5})).toEqual([]);
  });
  it("unless its decay loses a twelfth of the speed and more over the window", () => {
    expect(drifting(keeping(0.06), drift)).toHaveLength(1);
    expect(drifting(keeping(0.1), drift)).toEqual([]);
  });
  it("or it slows down itself; what turns is another motion", () => {
    expect(drifting(slope, {...drift, decays: true})).toEqual([]);
    expect(drifting({...keeping(0.01), spiral: true}, drift)).toEqual([]);
  });
  it("where it surely keeps more of its speed than the decay that is claimed", () => {
    const claimed = {...keeping(0.3), directedCi: [0.98, 0.995]} as const;
    expect(drifting(claimed, {...drift, rate: 0.999})).toHaveLength(1);
    expect(drifting(claimed, {...drift, rate: 0.994})).toEqual([]);
  });
});

it("classifyPath sees a path come to rest that was chaotic before, whose chaos flips from side to side", () => {
  const labels = [1, 2, 3, 4, 5, 6].map((seed) => {
    let [x, before] = [0.1 * seed, 0];
    const places: [number, number][] = [];
    for (let t = 0; t < 100; ++t) {
      if (t < 76) [x, before] = [1.4 - x * x + 0.3 * before, x];
      if (t >= 35) places.push(t < 76 ? [x, 0] : [x * 0.7 ** (t - 75), 1 - 0.7 ** (t - 75)]);
    }
    return classifyPath(
      withNoise(
        planar(places.length, 32, (t) => places[t]),
        0.02,
        seed
      )
    ).pattern;
  });
  expect(labels).toEqual(Array.from({length: 6}, () => "converging"));
});
