import {describe, expect, it} from "vitest";
import {matrixOf, type Matrix} from "../../../../analysis/matrix.ts";
import {classifyPath} from "../../../../analysis/patterns/classifyRun.ts";
import {gramOf} from "../../../../analysis/patterns/path/gram.ts";
import {OFF_CURVE} from "../../../../analysis/patterns/orbit/offCurve.ts";
import {ownPlaneNoise} from "../../../../analysis/patterns/orbit/ownPlane.ts";
import {residualOf} from "../../../../analysis/patterns/path/residual.ts";
import {constantOf} from "../../../../analysis/patterns/statistics/timeBasis.ts";
import {seededRandom} from "../../../../analysis/random.ts";
import {between, gaussianOf} from "../../../support/gaussian.ts";
import {JUMP_NULLS} from "../../../support/jumpNulls.ts";

const [STEPS, WIDTH, OMEGA] = [64, 32, 0.9];

/** Of a unit circle in noise of the given size in its plane and in every other direction. */
function noiseOf(inPlane: number, beside: number): number {
  const gaussian = gaussianOf(seededRandom(2));
  const data = new Float32Array(STEPS * WIDTH);
  for (let t = 0; t < STEPS; ++t)
    for (let k = 0; k < WIDTH; ++k)
      data[t * WIDTH + k] = k < 2 ? (k === 0 ? Math.cos(OMEGA * t) : Math.sin(OMEGA * t)) + inPlane * gaussian() : beside * gaussian();
  const nuisance = constantOf(STEPS);
  return ownPlaneNoise(residualOf(gramOf(matrixOf(STEPS, WIDTH, data)), nuisance), {omega: OMEGA, turnsToClose: 1, nuisance});
}

it("is the noise of a state within the plane of its circle, over its radius, however much there is beside it", () => {
  expect(noiseOf(0, 0)).toBeLessThan(1e-6);
  for (const size of [0.05, 0.2]) expect(noiseOf(size, 0) / (size * Math.SQRT2)).toBeGreaterThan(0.7);
  for (const size of [0.05, 0.2]) expect(noiseOf(size, 0) / (size * Math.SQRT2)).toBeLessThan(1.3);
  expect(noiseOf(0.05, 0.1) / noiseOf(0.05, 0)).toBeLessThan(1.5);
});

it.each([2497, 6128, 9156, 9251, 10213, 14138])(
  "a resonance along a line that kept its phase by chance, of seed %d, is no orbit",
  (seed) => {
    const verdict = classifyPath(JUMP_NULLS["ringing along a line"].make({random: seededRandom(seed), steps: 32, width: 16}));
    expect(verdict.pattern).toBe("unsettled");
    expect(JSON.stringify(verdict.evidence.orbit?.against)).toContain("in its own plane");
  }
);

/** Of x ↦ a x (1 − x), seen from x, sin 3x and x² in 48 directions, with noise of a hundredth of its way. */
function logisticPath(a: number, seed: number, steps = 64): Matrix {
  const random = seededRandom(seed);
  const gaussian = gaussianOf(random);
  const [width, noise, forgotten] = [48, 0.005, 300];
  const axes = [0, 1, 2].map(() => Array.from({length: width}, gaussian));
  const data = new Float32Array(steps * width);
  let x = between(random, 0.2, 0.8);
  for (let t = -forgotten; t < steps; ++t, x = a * x * (1 - x)) {
    if (t < 0) continue;
    const seen = [x, Math.sin(3 * x), x * x];
    for (let k = 0; k < width; ++k) data[t * width + k] = seen.reduce((sum, y, i) => sum + y * axes[i][k], noise * gaussian());
  }
  return matrixOf(steps, width, data);
}

describe("chaos of two bands, which keep time while nothing comes back", () => {
  it.each([1, 2, 3, 4, 5, 6])("is no orbit, of seed %d", (seed) => {
    const verdict = classifyPath(logisticPath(3.65, seed));
    expect(verdict.pattern).toBe("unsettled");
    expect(JSON.stringify(verdict.evidence.orbit?.against)).toContain("off the closed curve");
  });
  it.each([
    [3.3, 2],
    [3.5, 4],
    [3.55, 8]
  ])("but the cycle before it, at %f, is one, of period %d", (a, period) => {
    for (const seed of [1, 2, 3]) {
      const verdict = classifyPath(logisticPath(a, seed));
      expect(verdict.pattern).toBe("orbit");
      expect(Math.round(verdict.period!)).toBe(period);
    }
  });
});

it("an orbit with noise in its own plane stays one: neighbours part as noise makes them", () => {
  const gaussian = gaussianOf(seededRandom(8));
  const noise = 0.13; // a fifth of its amplitude, and a little more
  const data = Float32Array.from({length: 2 * STEPS}, (_, i) => {
    const angle = OMEGA * (i >> 1);
    return (i % 2 === 0 ? Math.cos(angle) : Math.sin(angle)) + noise * gaussian();
  });
  const path = matrixOf(STEPS, 2, data);
  const nuisance = constantOf(STEPS);
  expect(ownPlaneNoise(residualOf(gramOf(path), nuisance), {omega: OMEGA, turnsToClose: 1, nuisance})).toBeGreaterThan(OFF_CURVE);
  expect(classifyPath(path).pattern).toBe("orbit");
});
