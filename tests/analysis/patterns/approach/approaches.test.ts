import {expect, it} from "vitest";
import {matrixOf, type Matrix} from "../../../../analysis/matrix.ts";
import {LEAST_FROM_FAR} from "../../../../analysis/patterns/approach/singleMode.ts";
import {classifyPath} from "../../../../analysis/patterns/classifyRun.ts";
import {seededRandom, type Random} from "../../../../analysis/random.ts";
import {frameOf, gaussianOf} from "../../../support/gaussian.ts";

const [STEPS, WIDTH, START] = [32, 64, 14];

/** Rest, then a fall elsewhere from that many × the noise of a state, which keeps `rate` of its distance a step. */
function settlesLate(random: Random, rate: number, from: number): Matrix {
  const gaussian = gaussianOf(random);
  const [centre, way] = frameOf(gaussian, WIDTH, 2);
  const size = from * Math.sqrt(WIDTH);
  const along = (t: number): number => size * (t < START ? 0 : 1 - rate ** (t - START));
  const data = Float32Array.from({length: STEPS * WIDTH}, (_, i) => {
    const [t, k] = [Math.floor(i / WIDTH), i % WIDTH];
    return 100 * centre[k] + along(t) * way[k] + gaussian();
  });
  return matrixOf(STEPS, WIDTH, data);
}

/** Of twenty such paths that are above the noise for so many steps, how many are converging. */
function foundOf(above: number): number {
  const [random, rate] = [seededRandom(19), 0.45];
  const from = rate ** -(above + 0.5);
  const labels = Array.from({length: 20}, () => classifyPath(settlesLate(random, rate, from)).pattern);
  return labels.filter((label) => label === "converging").length;
}

it("a late fall is seen from the first number of steps above the noise on that tell more than that its start was far", () => {
  expect(LEAST_FROM_FAR).toBe(3);
  expect(foundOf(LEAST_FROM_FAR)).toBeGreaterThanOrEqual(16);
  expect(foundOf(LEAST_FROM_FAR - 1)).toBeLessThanOrEqual(1);
});
