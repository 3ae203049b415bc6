import {describe, expect, it} from "vitest";
import {omegaDoubt} from "../../../../analysis/patterns/orbit/phaseWalk.ts";
import {residualOf} from "../../../../analysis/patterns/path/residual.ts";
import {quantile} from "../../../../analysis/patterns/statistics/studentMixture.ts";
import {t95} from "../../../../analysis/patterns/statistics/studentT.ts";
import {orthonormal, sampled} from "../../../../analysis/patterns/statistics/timeBasis.ts";
import {slopeBetween} from "../../../../analysis/paths/logDecay.ts";
import {seededRandom} from "../../../../analysis/random.ts";
import {gaussianOf} from "../../../support/gaussian.ts";

const N = 48;
const NOISE = 0.02;
const OMEGA = 1.1;
const constant = orthonormal([sampled(N, () => 1)]);

/** An ellipse whose phase is kicked, in noise of two dimensions, [step][2]. */
function kicked(kick: number, thin: number, seed: number): number[][] {
  const gaussian = gaussianOf(seededRandom(seed));
  let phase = 0.3;
  return Array.from({length: N}, () => {
    phase += OMEGA + kick * gaussian();
    return [Math.cos(phase) + NOISE * gaussian(), thin * Math.sin(phase) + NOISE * gaussian()];
  });
}

function doubtOf(states: readonly number[][], omega: number) {
  const values = Float64Array.from({length: N * N}, (_, i) => {
    const [a, b] = [states[Math.floor(i / N)], states[i % N]];
    return a[0] * b[0] + a[1] * b[1];
  });
  return omegaDoubt(residualOf({size: N, values}, constant), omega, constant)!;
}

type Of = "kicked" | "steady";

function widthOf(kick: number, thin: number, seed: number, of: Of): number {
  const [low, high] = doubtOf(kicked(kick, thin, seed), OMEGA)[of];
  return high - low;
}

/** Whether the interval about a circle's fitted angle per step, the slope of its phase, holds the true one. */
function holds(kick: number, seed: number, of: Of): boolean {
  const states = kicked(kick, 1, seed);
  const phases = states.map(([x, y], t) => {
    const expected = 0.3 + OMEGA * (t + 1);
    const off = Math.atan2(y, x) - expected;
    return expected + off - 2 * Math.PI * Math.round(off / (2 * Math.PI));
  });
  const slope = slopeBetween(0, N - 1, (t) => phases[t]);
  const [low, high] = doubtOf(states, slope)[of];
  return slope + low <= OMEGA && OMEGA <= slope + high;
}

const mean = (of: (seed: number) => number): number => Array.from({length: 12}, (_, seed) => of(seed)).reduce((a, b) => a + b, 0) / 12;

describe("the interval of an orbit's angle per step", () => {
  const bound = 2 * 1.96 * NOISE * Math.sqrt(12 / N ** 3); // Cramér–Rao's, of a circle
  it("is as wide as noise alone makes it where nothing kicks the phase and that is known, on a circle and an ellipse", () => {
    expect(mean((seed) => widthOf(0, 1, seed, "steady")) / bound).toBeGreaterThan(0.9);
    expect(mean((seed) => widthOf(0, 1, seed, "steady")) / bound).toBeLessThan(1.6);
    expect(mean((seed) => widthOf(0, 0.5, seed, "steady")) / (bound / Math.sqrt((1 + 0.5 ** 2) / 2))).toBeLessThan(1.7);
  });
  it("is two to four times as wide where that is not known", () => {
    expect(mean((seed) => widthOf(0, 1, seed, "kicked")) / bound).toBeGreaterThan(2);
    expect(mean((seed) => widthOf(0, 1, seed, "kicked")) / bound).toBeLessThan(4);
  });
  it("holds where kicks that the noise hides move it by three times what the noise does, as that of noise alone does not", () => {
    const kick = (3 * Math.sqrt(10) * NOISE) / N; // as many kicks move a slope by √(6 / 5 N) of one, noise by √(12 / N³) of its own
    const held = (of: Of): number => Array.from({length: 60}, (_, seed) => holds(kick, seed, of)).filter(Boolean).length;
    expect(held("kicked")).toBeGreaterThanOrEqual(54);
    expect(held("steady")).toBeLessThan(40);
  });
  it("is that of a walk's mean step where the phase is kicked", () => {
    const kick = 0.1;
    const ratio = mean((seed) => widthOf(kick, 1, seed, "kicked")) / ((2 * 1.96 * kick) / Math.sqrt(N));
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
