import {expect, it} from "vitest";
import {matrixOf, type Matrix} from "../../../../analysis/matrix.ts";
import {LEAST_FROM_FAR, LEAST_TURNING} from "../../../../analysis/patterns/approach/singleMode.ts";
import {classifyPath} from "../../../../analysis/patterns/classifyRun.ts";
import {seededRandom, type Random} from "../../../../analysis/random.ts";
import {frameOf, gaussianOf} from "../../../support/gaussian.ts";

const [STEPS, WIDTH, START] = [32, 64, 14];

interface Fall {
  /** Share of its distance that it keeps a step. */
  readonly rate: number;
  /** Where it begins, × the noise of a state. */
  readonly from: number;
  /** Radians a step. */
  readonly omega: number;
}

/** Rest, then a fall elsewhere. */
function settlesLate(random: Random, {rate, from, omega}: Fall): Matrix {
  const gaussian = gaussianOf(random);
  const [centre, way, across] = frameOf(gaussian, WIDTH, 3);
  const size = from * Math.sqrt(WIDTH);
  const left = (t: number): number => size * rate ** Math.max(0, t - START);
  const angle = (t: number): number => omega * Math.max(0, t - START);
  const data = Float32Array.from({length: STEPS * WIDTH}, (_, i) => {
    const [t, k] = [Math.floor(i / WIDTH), i % WIDTH];
    return 100 * centre[k] + left(t) * (Math.cos(angle(t)) * way[k] + Math.sin(angle(t)) * across[k]) + gaussian();
  });
  return matrixOf(STEPS, WIDTH, data);
}

/** Of twenty such paths that are above the noise for so many steps, how many are converging. */
function foundOf(above: number, omega = 0): number {
  const [random, rate] = [seededRandom(19), 0.45];
  const from = rate ** -(above + 0.5);
  const labels = Array.from({length: 20}, () => classifyPath(settlesLate(random, {rate, from, omega})).pattern);
  return labels.filter((label) => label === "converging").length;
}

it("a late fall is seen from the first number of steps above the noise on that tell more than that its start was far", () => {
  expect(LEAST_FROM_FAR).toBe(3);
  expect(foundOf(LEAST_FROM_FAR)).toBeGreaterThanOrEqual(16);
  expect(foundOf(LEAST_FROM_FAR - 1)).toBeLessThanOrEqual(1);
});

it("a late fall that turns is seen from two more on, since a spiral can be laid through any four states of a plane", () => {
  expect(LEAST_TURNING).toBe(5);
  expect(foundOf(LEAST_TURNING, 1.4)).toBeGreaterThanOrEqual(16);
  expect(foundOf(LEAST_TURNING - 2, 1.4)).toBeLessThanOrEqual(2); // as many as without a turn are enough for
});
