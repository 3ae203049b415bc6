import {describe, expect, it} from "vitest";
import {matrixOf, type Matrix} from "../../../analysis/matrix.ts";
import {classifyPath} from "../../../analysis/patterns/classifyRun.ts";
import {seededRandom} from "../../../analysis/random.ts";
import {CHAOS_NULLS} from "../../support/chaosNulls.ts";
import {between, frameOf, gaussianOf} from "../../support/gaussian.ts";

describe("chaos, which keeps time and comes back to no state, is no orbit over 33 states", () => {
  it.each(["chaos of two bands", "chaos of a Rössler band", "chaos of coupled maps", "chaos of a Hénon map"])("%s", (name) => {
    for (const seed of [2, 3, 5]) {
      const verdict = classifyPath(CHAOS_NULLS[name].make({random: seededRandom(seed), steps: 33, width: 64}));
      expect(verdict.pattern, `seed ${seed}`).toBe("unsettled");
    }
  });
});

/** Van der Pol's oscillator of μ = 1, seen every so often, with noise of a hundredth of its way. */
function vanDerPol(seed: number): Matrix {
  const [steps, width, strides] = [65, 64, 100];
  const random = seededRandom(seed);
  const gaussian = gaussianOf(random);
  const [centre, u, v] = frameOf(gaussian, width, 3);
  const stride = between(random, 0.5, 1.1) / strides;
  const data = new Float32Array(steps * width);
  let [x, speed] = [2, 0];
  const advance = (): void => {
    for (let i = 0; i < strides; ++i) {
      speed += stride * ((1 - x * x) * speed - x);
      x += stride * speed;
    }
  };
  for (let t = 0; t < 60; ++t) advance();
  for (let t = 0; t < steps; ++t, advance())
    for (let k = 0; k < width; ++k) data[t * width + k] = 3 * centre[k] + x * u[k] + speed * v[k] + (0.02 * gaussian()) / 8;
  return matrixOf(steps, width, data);
}

it("a cycle with many overtones is one: they are of the curve, and what is near on it stays near", () => {
  for (const seed of [1, 2, 3, 4]) expect(classifyPath(vanDerPol(seed)).pattern, `seed ${seed}`).toBe("orbit");
});
