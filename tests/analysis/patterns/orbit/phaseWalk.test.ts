import {describe, expect, it} from "vitest";
import {omegaDoubt} from "../../../../analysis/patterns/orbit/phaseWalk.ts";
import {residualOf} from "../../../../analysis/patterns/path/residual.ts";
import {quantile} from "../../../../analysis/patterns/statistics/studentMixture.ts";
import {t95} from "../../../../analysis/patterns/statistics/studentT.ts";
import {orthonormal, sampled} from "../../../../analysis/patterns/statistics/timeBasis.ts";
import {seededRandom} from "../../../../analysis/random.ts";
import {gaussianOf} from "../../../support/gaussian.ts";

const N = 48;
const NOISE = 0.02;
const OMEGA = 1.1;
const constant = orthonormal([sampled(N, () => 1)]);

/** Width of the interval of ω of an ellipse whose phase is kicked, in noise of two dimensions. */
function widthOf(kick: number, thin: number, seed: number): number {
  const gaussian = gaussianOf(seededRandom(seed));
  let phase = 0.3;
  const states = Array.from({length: N}, () => {
    phase += OMEGA + kick * gaussian();
    return [Math.cos(phase) + NOISE * gaussian(), thin * Math.sin(phase) + NOISE * gaussian()];
  });
  const values = Float64Array.from({length: N * N}, (_, i) => {
    const [a, b] = [states[Math.floor(i / N)], states[i % N]];
    return a[0] * b[0] + a[1] * b[1];
  });
  const [low, high] = omegaDoubt(residualOf({size: N, values}, constant), OMEGA, constant)!;
  return high - low;
}

const mean = (of: (seed: number) => number): number => Array.from({length: 12}, (_, seed) => of(seed)).reduce((a, b) => a + b, 0) / 12;

describe("the interval of an orbit's angle per step", () => {
  const bound = 2 * 1.96 * NOISE * Math.sqrt(12 / N ** 3); // Cramér–Rao's, of a circle
  it("is hardly wider than noise alone makes it where nothing kicks the phase, on a circle and an ellipse", () => {
    expect(mean((seed) => widthOf(0, 1, seed)) / bound).toBeGreaterThan(0.9);
    expect(mean((seed) => widthOf(0, 1, seed)) / bound).toBeLessThan(1.6);
    expect(mean((seed) => widthOf(0, 0.5, seed)) / (bound / Math.sqrt((1 + 0.5 ** 2) / 2))).toBeLessThan(1.7);
  });
  it("is that of a walk's mean step where the phase is kicked", () => {
    const kick = 0.1;
    const ratio = mean((seed) => widthOf(kick, 1, seed)) / ((2 * 1.96 * kick) / Math.sqrt(N));
    expect(ratio).toBeGreaterThan(0.9);
    expect(ratio).toBeLessThan(2);
  });
});

describe("a quantile of a mixture of Student's distributions", () => {
  const one = {middle: 3, error: 2, free: 7, weight: 0.2};
  it("is that of the only one, or of two alike", () => {
    expect(quantile([one], 0.975)).toBeCloseTo(3 + 2 * t95(7), 2);
    expect(quantile([one, {...one, weight: 5}], 0.025)).toBeCloseTo(3 - 2 * t95(7), 2);
  });
  it("lies in the wider one where that has the tail to itself", () => {
    const narrow = {...one, error: 1e-3, weight: 0.9};
    expect(quantile([narrow, {...one, weight: 0.1}], 0.975)).toBeCloseTo(quantile([one], 0.75), 1);
    expect(quantile([narrow, {...one, weight: 0}], 0.975)).toBeLessThan(3.01);
  });
});
