import {describe, expect, it} from "vitest";
import {ARGMAX_STABILITY, argmaxStability} from "../../../analysis/measures/argmaxStability.ts";
import {COSINE_DISTANCE, cosineDistance} from "../../../analysis/measures/cosineDistance.ts";
import {ENTROPY_DIFFERENCE, entropyDifference} from "../../../analysis/measures/entropyDifference.ts";
import {exitStep} from "../../../analysis/measures/exitCriterion.ts";
import {KL_TO_PREVIOUS, klToPrevious} from "../../../analysis/measures/klToPrevious.ts";
import {LATENT_ACCELERATION, latentAcceleration} from "../../../analysis/measures/latentAcceleration.ts";
import {LATENT_DIFFERENCE, latentDifference} from "../../../analysis/measures/latentDifference.ts";
import {logProbabilitiesOf} from "../../../analysis/measures/logProbabilities.ts";
import {MIN_P_KL, minPKl} from "../../../analysis/measures/minPKl.ts";
import {TWO_SCALE_ACCELERATION, twoScaleAcceleration} from "../../../analysis/measures/twoScaleAcceleration.ts";
import {statesOf} from "../../../analysis/states.ts";

/** Two tokens; token 0 stands still at (3, 4), token 1 follows the given points. */
const pair = (...points: [number, number][]) =>
  statesOf({steps: points.length, inits: 1, tokens: 2, width: 2}, Float32Array.from(points.flatMap((point) => [3, 4, ...point])));
const logs = (...rows: number[][]) => logProbabilitiesOf(rows.length, rows[0].length, Float32Array.from(rows.flat(), Math.log));

describe("exit criteria", () => {
  it("carry the authors' thresholds", () => {
    const thresholds = [
      LATENT_DIFFERENCE,
      COSINE_DISTANCE,
      KL_TO_PREVIOUS,
      MIN_P_KL,
      ENTROPY_DIFFERENCE,
      ARGMAX_STABILITY,
      LATENT_ACCELERATION
    ].map(({name, threshold}) => [name, threshold]);
    expect(thresholds).toEqual([
      ["latent-diff", 0.03],
      ["cosine", 1e-3],
      ["kl", 1e-3],
      ["minp-kl", 1e-5],
      ["entropy-diff", 1e-3],
      ["argmax-stability", 5],
      ["latent-acceleration", 0.03]
    ]);
  });
  it("latentDifference is the mean over tokens of relative step lengths", () => {
    expect([...latentDifference(pair([5, 0], [5, 5], [5, 5]))]).toEqual([NaN, Math.fround(5 / Math.sqrt(50) / 2), 0]);
  });
  it("cosineDistance is one minus the mean cosine over tokens", () => {
    expect([...cosineDistance(pair([1, 0], [0, 2]))]).toEqual([NaN, 0.5]);
  });
  it("latentAcceleration is the second difference over the norm, zero on a straight line", () => {
    expect([...latentAcceleration(pair([1, 0], [2, 0], [3, 0], [2, 0]))]).toEqual([NaN, NaN, 0, Math.fround(2 / (2 + 1e-6) / 2)]);
  });
  it("klToPrevious starts from the uniform distribution and is zero for equal ones", () => {
    const values = klToPrevious(logs([0.5, 0.5], [0.25, 0.75], [0.25, 0.75]));
    expect(values[0]).toBeCloseTo(0, 6);
    expect(values[1]).toBeCloseTo(0.5 * Math.log(2) + 0.5 * Math.log(2 / 3), 6);
    expect(values[2]).toBeCloseTo(0, 6);
  });
  it("klToPrevious takes a probability of zero before a step as no contribution", () => {
    expect(klToPrevious(logs([1, 0], [0.5, 0.5]))[1]).toBeCloseTo(Math.log(2), 6);
  });
  it("minPKl does not see what happens below a tenth of the likeliest", () => {
    expect(minPKl(logs([0.9, 0.06, 0.04], [0.9, 0.04, 0.06]))[1]).toBeCloseTo(0, 7);
    expect(klToPrevious(logs([0.9, 0.06, 0.04], [0.9, 0.04, 0.06]))[1]).toBeGreaterThan(1e-3);
  });
  it("entropyDifference starts from 100 and measures the change of entropy", () => {
    const values = entropyDifference(logs([0.5, 0.5], [1, 0]));
    expect(values[0]).toBeCloseTo(100 - Math.log(2), 5);
    expect(values[1]).toBeCloseTo(Math.log(2), 5);
  });
  it("argmaxStability counts the steps since the likeliest token changed", () => {
    expect([...argmaxStability(logs([0.9, 0.1], [0.8, 0.2], [0.7, 0.3], [0.2, 0.8], [0.2, 0.8]))]).toEqual([0, 1, 2, 0, 1]);
  });
  it("twoScaleAcceleration is absolute, per token", () => {
    expect([...twoScaleAcceleration(pair([1, 0], [2, 0], [2, 3]))].slice(-2)).toEqual([0, Math.fround(Math.sqrt(10))]);
  });
  it("exitStep finds the first step that passes, and asks for two in a row where the rule does", () => {
    expect(exitStep([NaN, 0.5, 0.02, 0.5, 0.01, 0.01], LATENT_DIFFERENCE)).toBe(2);
    expect(exitStep([NaN, NaN, 1e-4, 1, 1e-4, 1e-4], TWO_SCALE_ACCELERATION)).toBe(5);
    expect(exitStep([0, 1, 2, 3, 4, 5], ARGMAX_STABILITY)).toBe(5);
    expect(exitStep([NaN, 1, 1], LATENT_DIFFERENCE)).toBeUndefined();
  });
  it("logProbabilitiesOf refuses a wrong count", () => {
    expect(() => logProbabilitiesOf(2, 3, new Float32Array(5))).toThrow("invalid log-probabilities: 5 numbers; expected 2 × 3");
  });
});
