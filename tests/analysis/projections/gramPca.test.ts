import {Matrix, SingularValueDecomposition} from "ml-matrix";
import {describe, expect, it} from "vitest";
import {matrixOf} from "../../../analysis/matrix.ts";
import {gramOf} from "../../../analysis/patterns/path/gram.ts";
import {gramPca} from "../../../analysis/projections/gramPca.ts";
import {seededRandom} from "../../../analysis/random.ts";

/** A spiral about a far point, with a little noise: steps × width. */
function spiral(steps: number, width: number): Float32Array {
  const random = seededRandom(5);
  return Float32Array.from({length: steps * width}, (_, at) => {
    const [t, k] = [Math.floor(at / width), at % width];
    return 30 + 0.95 ** t * Math.cos(t + k) * (k % 5) + 1e-3 * random();
  });
}

/** Scores from the states themselves: their singular value decomposition, in double precision. */
function scoresOf(states: Float32Array, steps: number, width: number, components: number): number[][] {
  const X = new Matrix(steps, width);
  for (let t = 0; t < steps; ++t) for (let k = 0; k < width; ++k) X.set(t, k, states[t * width + k]);
  const {leftSingularVectors: U, diagonal} = new SingularValueDecomposition(X.center("column"), {autoTranspose: true});
  return Array.from({length: components}, (_, k) => U.getColumn(k).map((x) => x * diagonal[k]));
}

describe("gramPca(gram)", () => {
  it.each([
    [40, 24],
    [20, 96]
  ])("gives the scores of the states, up to sign, for %i states of width %i", (steps, width) => {
    const states = spiral(steps, width);
    const {scores, explained} = gramPca(gramOf(matrixOf(steps, width, states)), {components: 3});
    const expectedScores = scoresOf(states, steps, width, 3);
    const size = Math.max(...expectedScores[0].map(Math.abs)); // of the path
    for (const [k, expected] of expectedScores.entries()) {
      const own = Array.from({length: steps}, (_, t) => scores[t * 3 + k]);
      const sign = Math.sign(own[0] * expected[0]);
      for (const [t, value] of own.entries()) expect(Math.abs(sign * value - expected[t]) / size).toBeLessThan(1e-9);
      expect(Math.max(...own)).toBe(Math.max(...own.map(Math.abs)));
    }
    expect(explained[0]).toBeGreaterThan(explained[1]);
    expect(explained.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(1 + 1e-12);
  });

  it("of equal states, and of one, is zeros", () => {
    for (const steps of [1, 4]) {
      const {scores, explained} = gramPca(gramOf(matrixOf(steps, 3, new Float32Array(3 * steps).fill(2))));
      expect([...scores, ...explained].every((x) => x === 0)).toBe(true);
    }
  });
});
