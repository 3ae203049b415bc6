import {expect, it} from "vitest";
import {classifyPath} from "../../../analysis/patterns/classifyRun.ts";
import {merelyRings, RINGING, turningOn} from "../../../analysis/patterns/contradictions.ts";
import {gramOf} from "../../../analysis/patterns/gram.ts";
import {matrixOf} from "../../../analysis/matrix.ts";
import {circle} from "../../support/planarPaths.ts";

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
  expect(merelyRings({amplitude: 99 * RINGING, noise: 1}, way)).toBe(true);
  expect(merelyRings({amplitude: 101 * RINGING, noise: 1}, way)).toBe(false);
  expect(merelyRings({amplitude: 0.05, noise: 0.04}, way)).toBe(false);
});
