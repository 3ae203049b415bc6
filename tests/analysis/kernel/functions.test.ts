import {describe, expect, it} from "vitest";
import {cosineSums, leftBeside, logarithms, orthonormalised, productsWithTurns, withoutModes} from "../../../analysis/kernel/functions.ts";
import {seededRandom} from "../../../analysis/random.ts";
import {normals, off} from "../../support/kernelNumbers.ts";

const numbers = normals(seededRandom(1));
const seeded = seededRandom(2);

/** Energy about the mean. */
function energyAbout(values: Float64Array): number {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
}

describe("the kernel's functions of the steps", () => {
  it("Gram–Schmidt gives orthonormal functions, drops what is no new one, and stops when there are enough", () => {
    const n = 13;
    const [known, one, other] = Array.from({length: 3}, () => Float64Array.from(numbers(n)));
    const limits = {enough: 0.5, independent: 1e-6};
    const against = orthonormalised([known], {...limits, against: [], most: Infinity});
    const sum = one.map((x, t) => x + 2 * known[t]);
    const basis = orthonormalised([one, sum, other], {...limits, against, most: Infinity});
    expect(basis).toHaveLength(2);
    const all = [...against, ...basis];
    const products = all.flatMap((f) => all.map((q) => f.reduce((total, x, t) => total + x * q[t], 0)));
    expect(Math.max(...products.map((x, at) => Math.abs(x - Number(at % (all.length + 1) === 0))))).toBeLessThan(1e-14);
    expect(orthonormalised([one, sum, other], {...limits, against, most: 1})).toEqual(basis.slice(0, 1));
  });
  it.each([8, 13])("series of %i values are left without modes as without their functions made orthonormal", (n) => {
    const steps = [
      [0.8, 0],
      [0.3, 0.5],
      [-0.7, 0]
    ] as const;
    const functions = steps.flatMap(([a, b]) => {
      const powers = [[1, 0]];
      for (let t = 1; t < n; ++t) powers.push([powers[t - 1][0] * a - powers[t - 1][1] * b, powers[t - 1][0] * b + powers[t - 1][1] * a]);
      return [0, 1].slice(0, b === 0 ? 1 : 2).map((part) => Float64Array.from(powers, (power) => power[part]));
    });
    const limits = {enough: 0.5, independent: 1e-6};
    const against = orthonormalised([new Float64Array(n).fill(1)], {...limits, against: [], most: 1});
    const series = [0, 1].map(() => Float64Array.from(numbers(n)));
    const basis = orthonormalised(functions, {...limits, against, most: Infinity});
    const {left, taken} = withoutModes(series, steps, {...limits, against});
    expect(taken).toBe(4);
    left.forEach((rest, i) => {
      for (const q of basis) expect(Math.abs(rest.reduce((sum, x, t) => sum + x * q[t], 0))).toBeLessThan(1e-13);
      const gone = series[i].map((x, t) => x - rest[t]);
      const along = basis.map((q) => q.reduce((sum, x, t) => sum + x * gone[t], 0));
      expect(
        off(
          gone,
          Array.from(gone, (_, t) => basis.reduce((sum, q, k) => sum + along[k] * q[t], 0))
        )
      ).toBeLessThan(1e-12);
    });
    expect(withoutModes([], steps, {...limits, against})).toEqual({left: [], taken: 4});
    expect(withoutModes(series, [...steps, [0.8, 0]], {...limits, against}).taken).toBe(4);
  });
  it.each([8, 9, 127])("cosines and sines of %i states are multiplied with functions as written out", (n) => {
    const functions = Array.from({length: 3}, () => Float64Array.from(numbers(n)));
    const angles = [0.1, 2.2, Math.PI];
    const rows = angles.flatMap((omega) => [Math.cos, Math.sin].map((wave) => functions[0].map((_, t) => wave(omega * t))));
    const products = rows.flatMap((row) => functions.map((f) => row.reduce((sum, x, t) => sum + x * f[t], 0)));
    expect(off(productsWithTurns(angles, functions), products)).toBeLessThan(1e-13);
  });
  it.each([8, 9, 127])("sums of cosines over %i lags, even ones and odd ones apart, are as written out", (n) => {
    const sums = Float64Array.from(numbers(n));
    const angles = [0, 0.01, 0.7, 1.3, Math.PI / 2];
    const {even, odd} = cosineSums(
      sums,
      Float64Array.from(angles, (omega) => Math.cos(omega))
    );
    const over = (first: 0 | 1): number[] =>
      angles.map((omega) => sums.reduce((sum, x, lag) => sum + (lag % 2 === first ? x * Math.cos(omega * lag) : 0), 0));
    expect(off(even, over(0))).toBeLessThan(1e-11);
    expect(off(odd, over(1))).toBeLessThan(1e-11);
  });
  it.each([1, 2, 7, 128])("logarithms of %i numbers are Math's, to two units in the last place", (count) => {
    for (const scale of [0, 1e-300, 1e-18, 1e-6, 0.3, 1, 30, 1e18]) {
      const sizes = Float64Array.from({length: count}, () => seeded() * scale);
      const found = logarithms(sizes, 1.7);
      sizes.forEach((x, i) => expect(Math.abs(found[i] - Math.log1p(1.7 * x))).toBeLessThanOrEqual(2 ** -51 * Math.log1p(1.7 * x)));
    }
  });
  it.each([4, 5, 7, 128])(
    "what c + v·way leaves of %i numbers is what least squares leave, with another function beside it, too",
    (count) => {
      const series = Float64Array.from(numbers(count));
      const exponents = Float64Array.from({length: count}, () => 3 * seeded());
      const one = new Float64Array(count).fill(1);
      const apart = {against: [], enough: 0.5, independent: 1e-9};
      const unit = orthonormalised([one, Float64Array.from(numbers(count))], {...apart, most: 2})[1];
      const energy = (values: Float64Array): number => values.reduce((sum, x) => sum + x * x, 0);
      const leastSquares = (functions: readonly Float64Array[]): number => {
        const basis = orthonormalised(functions, {...apart, most: 3});
        return energy(
          series.map((x, t) => x - basis.reduce((sum, q) => sum + q[t] * q.reduce((along, y, i) => along + y * series[i], 0), 0))
        );
      };
      const close = (found: number, right: number) => expect(Math.abs(found - right)).toBeLessThan(1e-9 * energy(series));
      for (const by of [-80, -3, -0.01, 0.2, 30]) {
        const [way, bent] = [exponents.map((x) => Math.exp(by * x)), exponents.map((x) => (1 + 0.7 * x) ** by)];
        close(leftBeside(series, {exponents, by}), leastSquares([one, way]));
        close(leftBeside(series, {exponents, by, bend: 0.7}), leastSquares([one, bent]));
        close(leftBeside(series, {exponents, by, unit}), leastSquares([one, unit, way]));
        close(leftBeside(series, {exponents, by, bend: 0.7, unit}), leastSquares([one, unit, bent]));
      }
      expect(leftBeside(series, {exponents: new Float64Array(count), by: 1})).toBeCloseTo(energyAbout(series), 12);
      const times = Float64Array.from({length: count}, (_, t) => t);
      expect(leftBeside(series, {exponents: times, by: -1e9})).toBeCloseTo(energyAbout(series.subarray(1)), 12); // all of it gone at once
    }
  );
});
