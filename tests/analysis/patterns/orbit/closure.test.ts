import {describe, expect, it} from "vitest";
import {matrixOf, type Matrix} from "../../../../analysis/matrix.ts";
import {classifyPath} from "../../../../analysis/patterns/classifyRun.ts";
import {gramOf} from "../../../../analysis/patterns/path/gram.ts";
import {energyOf, residualOf, type Products} from "../../../../analysis/patterns/path/residual.ts";
import {constantOf, modeFunctions, orthonormal} from "../../../../analysis/patterns/statistics/timeBasis.ts";
import {turnsToClose} from "../../../../analysis/patterns/orbit/closure.ts";
import {seededRandom} from "../../../../analysis/random.ts";
import {gaussianOf} from "../../../support/gaussian.ts";
import {withNoise} from "../../../support/planarPaths.ts";

const WIDTH = 64;

/** A cycle of so many points that have nothing to do with one another, beside a constant. */
function points(steps: number, period: number, seed: number): Matrix {
  const gaussian = gaussianOf(seededRandom(seed));
  const places = Array.from({length: period}, () => Float64Array.from({length: WIDTH}, gaussian));
  const data = new Float32Array(steps * WIDTH).fill(5);
  for (let t = 0; t < steps; ++t) places[t % period].forEach((x, k) => (data[t * WIDTH + k] += x));
  return matrixOf(steps, WIDTH, data);
}

/** A smooth closed curve: a circle and overtones of these sizes, each in a plane of its own. */
function curve(steps: number, period: number, overtones: readonly number[], seed: number): Matrix {
  const gaussian = gaussianOf(seededRandom(seed));
  const planes = [1, ...overtones].map((size) =>
    Array.from({length: 2}, () => Float64Array.from({length: WIDTH}, () => size * gaussian()))
  );
  const data = new Float32Array(steps * WIDTH).fill(5);
  for (let t = 0; t < steps; ++t)
    planes.forEach(([along, across], j) => {
      const phase = (2 * Math.PI * (j + 1) * t) / period;
      for (let k = 0; k < WIDTH; ++k) data[t * WIDTH + k] += Math.cos(phase) * along[k] + Math.sin(phase) * across[k];
    });
  return matrixOf(steps, WIDTH, data);
}

const NOISE = 0.05; // of a coordinate, a twentieth of a point's
const periodOf = (path: Matrix, seed: number): number | undefined => {
  const {pattern, period} = classifyPath(withNoise(path, NOISE, seed));
  return pattern === "orbit" ? period : undefined;
};

describe("the period of an orbit is that after which its curve closes", () => {
  it.each([
    [65, 11],
    [65, 13],
    [65, 15],
    [129, 17],
    [129, 25]
  ])("of %i states that come round in %i points, and not an overtone's of no whole number of steps", (steps, period) => {
    for (let seed = 0; seed < 12; ++seed) expect(periodOf(points(steps, period, seed), seed)).toBeCloseTo(period, 1);
  });

  it.each([
    [5.5, [0.5, 0.25]],
    [3.667, [0.5, 0.25]],
    [4.333, [0.5, 0.25]],
    [2.4, [0.5, 0.25]],
    [5.5, []],
    [2.75, []]
  ])(
    "of a smooth curve that keeps time of %f, with overtones of %j, and not the whole steps that some of its turns make",
    (period, overtones) => {
      for (let seed = 0; seed < 6; ++seed) expect(periodOf(curve(65, period, overtones, seed), seed)).toBeCloseTo(period, 1);
    }
  );

  const nuisance = constantOf(65);
  const plainOf = (path: Matrix): Products => residualOf(gramOf(path), nuisance);
  const turnsOf = (path: Matrix, energy: number): number => turnsToClose(plainOf(path), nuisance, {period: 5.5, energy});
  const energyLeft = (path: Matrix): number => {
    const closed = [2 / 11, 4 / 11, 5 / 11].flatMap((frequency) => modeFunctions(65, 1, 2 * Math.PI * frequency));
    return energyOf(residualOf(plainOf(path), orthonormal(closed, nuisance)));
  };

  it("what one turn leaves counts from a twenty-fifth of the line's energy on", () => {
    for (let seed = 0; seed < 6; ++seed) {
      const path = points(65, 11, seed);
      expect(turnsOf(path, 24 * energyLeft(path))).toBe(2);
      expect(turnsOf(path, 26 * energyLeft(path))).toBe(1);
    }
  });

  it("and where it comes round half as well again as after any fewer steps: points in noise of a seventh of their size do, and in six tenths do not", () => {
    for (let seed = 0; seed < 6; ++seed) {
      expect(turnsOf(withNoise(points(65, 11, seed), 0.15, seed), 1)).toBe(2);
      expect(turnsOf(withNoise(points(65, 11, seed), 0.6, seed), 1)).toBe(1);
    }
  });
});
