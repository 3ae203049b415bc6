import {expect, it} from "vitest";
import {classifyPath} from "../../../../analysis/patterns/classifyRun.ts";
import {combPeriod} from "../../../../analysis/patterns/orbit/comb.ts";
import {seededRandom} from "../../../../analysis/random.ts";
import {framed} from "../../../support/framed.ts";
import {gaussianOf} from "../../../support/gaussian.ts";
import {HARD_POSITIVES} from "../../../support/hardPositives.ts";

/** A cycle through so many free points, each step's noise of this size beside points of size 0.1. */
function freePoints(seed: number, {period, steps, noise = 0.01}: {period: number; steps: number; noise?: number}) {
  const random = seededRandom(seed);
  const gaussian = gaussianOf(random);
  const points = Array.from({length: period}, () => Array.from({length: period}, () => (0.1 * gaussian()) / Math.sqrt(period)));
  return framed({random, steps, width: 64}, period, noise, (t) => points[t % period]);
}

it.each([
  [6, 32],
  [7, 32],
  [8, 33],
  [12, 65],
  [16, 65]
])("a cycle of %i free points is an orbit of that period over %i states, though no line of it stands out", (period, steps) => {
  for (const seed of [1, 2, 3]) {
    const verdict = classifyPath(freePoints(seed, {period, steps}));
    expect(verdict.pattern).toBe("orbit");
    expect(verdict.period).toBeCloseTo(period, 1);
  }
});

it("an exact one is, too", () => {
  expect(classifyPath(freePoints(4, {period: 8, steps: 33, noise: 0}))).toMatchObject({pattern: "orbit", evidence: {orbit: {against: []}}});
});

it("two turns and a half of free points are none: chance repeats as much", () => {
  expect(classifyPath(freePoints(5, {period: 13, steps: 33})).pattern).toBe("unsettled");
});

it.each(["cycle of free points", "cycle of spikes", "sawtooth of whole steps"])("a %s is found through a fifth of noise", (kind) => {
  const random = seededRandom(6);
  const found = Array.from({length: 20}, () => classifyPath(HARD_POSITIVES[kind].make({random, steps: 32, width: 64}).path).pattern);
  expect(found.filter((pattern) => pattern === "orbit").length).toBeGreaterThanOrEqual(19);
  expect(found.filter((pattern) => pattern !== "orbit").every((pattern) => pattern === "unsettled")).toBe(true);
});

/** A circle of sixteen steps, four turns of it, and noise in a direction of its own at every state: after a step more or less than a turn states are so many times as far apart, squared, as after a turn. */
function circleOf(sharper: number) {
  const size = 64;
  const step = (2 * Math.PI) / 16;
  const noise = (1 - Math.cos(step)) / (sharper - 1);
  const values = Float64Array.from({length: size ** 2}, (_, i) => {
    const apart = Math.floor(i / size) - (i % size);
    return Math.cos(step * apart) + (apart === 0 ? noise : 0);
  });
  return {size, values};
}

it("states come round after a whole period where a step earlier and later they are twice as far, squared: on a smooth way they are as near", () => {
  expect(combPeriod(circleOf(2.1))).toBe(16);
  expect(combPeriod(circleOf(1.9))).toBeUndefined();
});
