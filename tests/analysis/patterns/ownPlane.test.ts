import {expect, it} from "vitest";
import {matrixOf} from "../../../analysis/matrix.ts";
import {classifyPath} from "../../../analysis/patterns/classifyRun.ts";
import {gramOf} from "../../../analysis/patterns/gram.ts";
import {ownPlaneNoise} from "../../../analysis/patterns/ownPlane.ts";
import {residualOf} from "../../../analysis/patterns/residual.ts";
import {constantOf} from "../../../analysis/patterns/timeBasis.ts";
import {seededRandom} from "../../../analysis/random.ts";
import {gaussianOf} from "../../support/gaussian.ts";
import {JUMP_NULLS} from "../../support/jumpNulls.ts";

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
