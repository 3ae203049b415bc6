import {describe, expect, it} from "vitest";
import {matrixOf} from "../../../../analysis/matrix.ts";
import {classifyPath} from "../../../../analysis/patterns/classifyRun.ts";
import {hiddenShift, showsBeside} from "../../../../analysis/patterns/modes/hiddenMode.ts";
import {residualOf} from "../../../../analysis/patterns/path/residual.ts";
import {orthonormal, sampled} from "../../../../analysis/patterns/statistics/timeBasis.ts";
import {seededRandom} from "../../../../analysis/random.ts";
import {gaussianOf} from "../../../support/gaussian.ts";

const N = 48;
const constant = orthonormal([sampled(N, () => 1)]);
const noiseless = {nuisance: constant, blur: 1e-30, free: N - 4};

describe("hiddenShift", () => {
  it.each([
    {what: "two equal modes lie half their distance from the mean", shift: 0.02, at: 0.78, f: (t: number) => 0.8 ** t + 0.76 ** t},
    {what: "a repeated mode lies as far as its second part is large", shift: 0.005, at: 0.8, f: (t: number) => (1 + t / 159) * 0.795 ** t},
    {what: "one mode hides nothing where there is no noise", shift: 0, at: 0.8, f: (t: number) => 0.8 ** t}
  ])("$what", ({shift, at, f}) => {
    expect(hiddenShift([sampled(N, f)], {rate: at, omega: 0}, noiseless)).toBeCloseTo(shift, 3);
  });
  it("is the same for modes that turn, in two directions", () => {
    const of = (rate: number): Float64Array[] => [sampled(N, (t) => rate ** t * Math.cos(t)), sampled(N, (t) => rate ** t * Math.sin(t))];
    const [slow, quick] = [of(0.82), of(0.78)];
    const series = slow.map((y, i) => y.map((x, t) => x + quick[i][t]));
    expect(hiddenShift(series, {rate: 0.8, omega: 1}, noiseless)).toBeCloseTo(0.02, 2.5);
  });
  it("grows with the fourth root of the noise's energy, which is what hides a mode", () => {
    const at = (blur: number): number => hiddenShift([sampled(N, (t) => 0.8 ** t)], {rate: 0.8, omega: 0}, {...noiseless, blur});
    expect(at(1e-4) / at(1e-8)).toBeCloseTo(10, 6);
  });
});

describe("showsBeside", () => {
  const shape = orthonormal([sampled(N, (t) => 0.8 ** t)], constant);
  const taken = [...constant, ...shape];
  /** In each of 16 directions noise, and in the first the function as well. */
  const leftOf = (f: (t: number) => number, seed: number) => {
    const gaussian = gaussianOf(seededRandom(seed));
    const values = new Float64Array(N * N);
    for (let k = 0; k < 16; ++k) {
      const y = sampled(N, (t) => gaussian() + (k === 0 ? f(t) : 0));
      for (let i = 0; i < N; ++i) for (let j = 0; j < N; ++j) values[i * N + j] += y[i] * y[j];
    }
    return residualOf({size: N, values}, taken);
  };
  const share = (f: (t: number) => number): number =>
    Array.from({length: 200}, (_, i) => showsBeside(leftOf(f, i), {rate: 0.8, omega: 0}, {taken, floor: 0, floorDimensions: 1})).filter(
      Boolean
    ).length / 200;
  it("sees a mode of nearly the same rate in other directions, and noise once in a hundred", () => {
    expect(share(() => 0)).toBeLessThan(0.04);
    expect(share((t) => 12 * t * 0.8 ** t)).toBeGreaterThan(0.9);
    expect(share((t) => 1000 * 0.8 ** t)).toBeLessThan(0.04);
  });
});

describe("showsBeside in a loop that is kicked at every step", () => {
  const rate = 0.8;
  /** In 16 directions, from afar along the first two; the second keeps `other`, negative where it flips. `seen` is the size of the noise that it is seen through. */
  const leftOf = ({omega, other, seen}: {omega: number; other: number; seen: number}, seed: number) => {
    const gaussian = gaussianOf(seededRandom(seed));
    const sign = Math.cos(omega);
    const values = new Float64Array(N * N);
    for (let k = 0; k < 16; ++k) {
      const y = new Float64Array(N);
      y[0] = k < 2 ? 400 : 0;
      for (let t = 1; t < N; ++t) y[t] = sign * (k === 1 ? other : rate) * y[t - 1] + gaussian();
      for (let t = 0; t < N; ++t) y[t] += seen * gaussian();
      for (let i = 0; i < N; ++i) for (let j = 0; j < N; ++j) values[i * N + j] += y[i] * y[j];
    }
    const shape = orthonormal([sampled(N, (t) => (sign * rate) ** t)], constant);
    const taken = [...constant, ...shape];
    return {left: residualOf({size: N, values}, taken), taken};
  };
  const share = (loop: {omega: number; other: number; seen: number}): number =>
    Array.from({length: 200}, (_, i) => {
      const {left, taken} = leftOf(loop, i);
      return showsBeside(left, {rate, omega: loop.omega}, {taken, floor: 0, floorDimensions: 1});
    }).filter(Boolean).length / 200;
  it.each([
    {omega: 0, seen: 0},
    {omega: 0, seen: 2},
    {omega: Math.PI, seen: 0}
  ])("sees a direction that keeps another share, and kicks hardly ever: %o", (loop) => {
    expect(share({...loop, other: rate})).toBeLessThan(0.04);
    expect(share({...loop, other: 0.77})).toBeGreaterThan(0.9);
  });
});

describe("the interval of a rate", () => {
  // (1 + a t) 0.75ᵗ with a tenth, a twentieth and nothing, in noise of 1/40: to first order one mode of rate 0.75 + a.
  it.each([0, 0.05, 0.1])("holds the mode's own rate beside a second part of %d, or is not shown", (a) => {
    const gaussian = gaussianOf(seededRandom(5));
    let shown = 0;
    for (let i = 0; i < 12; ++i) {
      const [steps, width] = [40, 32];
      const data = Float32Array.from({length: steps * width}, (_, j) => {
        const [t, k] = [Math.floor(j / width), j % width];
        return (k === 1 ? 3 : 0) + (k === 0 ? 0.1 * (1 + a * t) * 0.75 ** t : 0) + (0.1 / 40) * (gaussian() / Math.sqrt(width));
      });
      const {pattern, rateCi, evidence} = classifyPath(matrixOf(steps, width, data));
      expect(pattern).toBe("converging");
      if (!rateCi) continue;
      ++shown;
      expect(rateCi[0]).toBeLessThan(0.75);
      expect(rateCi[1]).toBeGreaterThan(0.75);
      expect(rateCi[1] - rateCi[0]).toBeGreaterThan(2 * (evidence.converging.oneModeCi![1] - evidence.converging.oneModeCi![0]));
    }
    if (a < 0.1) expect(shown).toBeGreaterThan(3);
  });
});
