import {expect, it} from "vitest";
import {classifyPath} from "../../../../analysis/patterns/classifyRun.ts";
import {circle, withNoise} from "../../../support/planarPaths.ts";

const RADIUS = 0.25 * 8;

/** What twelve circles with so much noise in every coordinate, in radii, are off their curve by, the middle one and the ends. */
function offOf(period: number, noise: number): readonly [least: number, middle: number, most: number] {
  const found = Array.from({length: 12}, (_, seed) => {
    const {pattern, offCurve} = classifyPath(withNoise(circle(96, period, 0.25), noise * RADIUS, seed));
    expect(pattern).toBe("orbit");
    return offCurve! / noise;
  }).sort((a, b) => a - b);
  return [found[0], (found[5] + found[6]) / 2, found[11]];
}

it.each([
  {period: 7.3, noise: 0.003, factor: 1, how: "across the curve, for a period that is no whole number"},
  {period: 7.3, noise: 0.05, factor: 1, how: "the same beyond what is as good as closed"},
  {period: 6, noise: 0.05, factor: Math.SQRT2, how: "from its points, in both directions of the plane, for a whole one"}
])("an orbit says how far its states lie off its curve: $how, noise of $noise radii", ({period, noise, factor}) => {
  const [least, middle, most] = offOf(period, noise);
  expect(Math.abs(middle / factor - 1)).toBeLessThan(0.1);
  expect([least > 0.6 * factor, most < 1.6 * factor]).toEqual([true, true]);
});
