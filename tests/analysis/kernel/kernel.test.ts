import {createHash} from "node:crypto";
import {readFile} from "node:fs/promises";
import {describe, expect, it} from "vitest";
import {cosineSums, leftBeside, logarithms, orthonormalised, productsWithTurns, withoutModes} from "../../../analysis/kernel/functions.ts";
import {SOURCE_SHA256} from "../../../analysis/kernel/kernelBytes.ts";
import {
  alongFunctions,
  antidiagonalSums,
  cosinePowers,
  deflated,
  diagonalSums,
  flattened,
  formsOf,
  partFrom,
  sumOfForms,
  timesVector
} from "../../../analysis/kernel/matrices.ts";
import {scratching} from "../../../analysis/kernel/memory.ts";
import {differenceProducts, pathSums, squaredStepsOf} from "../../../analysis/kernel/states.ts";
import {seededRandom} from "../../../analysis/random.ts";
import {gaussianOf} from "../../support/gaussian.ts";

const gaussian = gaussianOf(seededRandom(1));
const seeded = seededRandom(2);
const numbers = (count: number): number[] => Array.from({length: count}, gaussian);

/** AAᵀ of random rows, symmetric. */
function symmetric(n: number): Float64Array {
  const rows = Array.from({length: n}, () => numbers(n + 3));
  return Float64Array.from({length: n * n}, (_, at) => rows[Math.floor(at / n)].reduce((sum, x, k) => sum + x * rows[at % n][k], 0));
}

/** Largest difference, over the largest number. */
function off(found: ArrayLike<number>, right: readonly number[]): number {
  const most = Math.max(...right.map(Math.abs), 1e-300);
  return Math.max(...right.map((x, i) => Math.abs(x - found[i]) / most));
}

/** Energy about the mean. */
function energyAbout(values: Float64Array): number {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
}

describe("the matrix kernel", () => {
  it.each([
    [1, 1],
    [2, 3],
    [5, 255],
    [7, 257],
    [9, 1030],
    [259, 5]
  ])("products of the differences of %i states of %i numbers to the last are the plain sums", (rows, cols) => {
    const data = Float32Array.from(numbers(rows * cols));
    const {values, toward} = differenceProducts(data, rows, cols);
    const last = data.subarray((rows - 1) * cols);
    const difference = (i: number, k: number): number => data[i * cols + k] - last[k];
    const sumOver = (f: (k: number) => number): number => Array.from(last.keys()).reduce((sum, k) => sum + f(k), 0);
    const right = Array.from(values, (_, at) => sumOver((k) => difference(Math.floor(at / rows), k) * difference(at % rows, k)));
    expect(values.length).toBe(rows * rows);
    expect(off(values, right)).toBeLessThan(1e-13);
    expect(
      off(
        toward,
        Array.from({length: rows}, (_, i) => sumOver((k) => difference(i, k) * last[k]))
      )
    ).toBeLessThan(1e-12);
  });
  it.each([1, 2, 3, 6, 17, 64])("M G M of %i states is what is left of a form, symmetric bit for bit", (n) => {
    const g = symmetric(n);
    const q = Float64Array.from({length: n}, (_, t) => (t === n - 1 ? 0.6 : 0) + (t === 0 ? (n > 1 ? 0.8 : 0.4) : 0));
    const left = deflated(g, n, [q]);
    const m = (i: number, j: number): number => Number(i === j) - q[i] * q[j];
    const right = Array.from(g, (_, at) => {
      const [i, j] = [Math.floor(at / n), at % n];
      let sum = 0;
      for (let a = 0; a < n; ++a) for (let b = 0; b < n; ++b) sum += m(i, a) * g[a * n + b] * m(b, j);
      return sum;
    });
    expect(Math.max(...right.map((x, at) => Math.abs(x - left[at])))).toBeLessThan(1e-12 * g[0]);
    for (let i = 0; i < n; ++i) for (let j = 0; j < i; ++j) expect(left[i * n + j]).toBe(left[j * n + i]);
    expect(deflated(g, n, [])).toEqual(g);
  });
  it.each([
    [5, 1],
    [6, 3],
    [33, 6]
  ])("F G Fᵀ of %i states and %i functions is the plain sum, whatever matrix was asked about before", (n, count) => {
    const [g, other] = [symmetric(n), symmetric(n)];
    const functions = Array.from({length: count}, () => Float64Array.from(numbers(n)));
    const right = functions.flatMap((f) =>
      functions.map((h) => f.reduce((sum, x, i) => sum + x * h.reduce((inner, y, j) => inner + g[i * n + j] * y, 0), 0))
    );
    const first = formsOf(g, n, functions);
    formsOf(other, n, functions);
    expect(off(first, right)).toBeLessThan(1e-13);
    expect(formsOf(g, n, functions)).toEqual(first);
  });
  it.each([1, 2, 5, 8, 33])("sums along and across the diagonals of %i states are the plain sums", (n) => {
    const [g, weights, omega] = [symmetric(n), Float64Array.from(numbers(n)), 0.7];
    const summed = (of: (i: number, j: number) => number, w: (i: number, j: number) => number): number[] => {
      const sums = new Map<number, number>();
      for (let i = 0; i < n; ++i) for (let j = 0; j < n; ++j) sums.set(of(i, j), (sums.get(of(i, j)) ?? 0) + w(i, j) * g[i * n + j]);
      return [...sums].sort(([a], [b]) => a - b).map(([, sum]) => sum);
    };
    expect(
      off(
        diagonalSums(g, n, weights),
        summed(
          (i, j) => Math.abs(i - j),
          (i, j) => weights[i] * weights[j]
        )
      )
    ).toBeLessThan(1e-13);
    expect(
      off(
        antidiagonalSums(g, n, omega),
        summed(
          (i, j) => i + j,
          (i, j) => Math.cos(omega * (i - j))
        )
      )
    ).toBeLessThan(1e-13);
  });
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
  it.each([1, 2, 3])("powers of cosines of states at least %i apart are the plain sums, in order", (apart) => {
    const n = 9;
    const [g, lengths] = [symmetric(n), Float64Array.from(numbers(n))];
    let [squares, fourths] = [0, 0];
    for (let i = 0; i < n; ++i) {
      for (let j = 0; j <= i - apart; ++j) {
        const squared = (g[i * n + j] * lengths[i] * lengths[j]) ** 2;
        squares += squared;
        fourths += squared ** 2;
      }
    }
    expect(cosinePowers(g, n, lengths, apart)).toEqual([squares, fourths]);
    expect(cosinePowers(g, n, lengths, n)).toEqual([0, 0]);
  });
  it.each([2, 5, 8, 33])("the energies of %i states along functions are the plain sums, with zeros at their ends", (n) => {
    const g = symmetric(n);
    const functions = [numbers(n), numbers(n).map((x, t) => (t === 0 || t > n / 2 ? 0 : x)), numbers(n).fill(0)];
    const right = functions.map((f) => f.reduce((sum, x, i) => sum + x * f.reduce((inner, y, j) => inner + g[i * n + j] * y, 0), 0));
    const found = sumOfForms(
      g,
      n,
      functions.map((f) => Float64Array.from(f))
    );
    expect(off([found], [right[0] + right[1]])).toBeLessThan(1e-13);
  });
  it.each([
    [1, 5],
    [2, 3],
    [9, 7],
    [70, 1025],
    [6, 40_000]
  ])("the squared steps of %i states of %i numbers are the plain sums, in order", (rows, cols) => {
    const data = Float32Array.from({length: rows * cols}, () => seeded() - 0.5);
    const right = new Float64Array(cols);
    for (let at = cols; at < data.length; ++at) right[at % cols] += (data[at] - data[at - cols]) ** 2;
    expect(squaredStepsOf(data, rows, cols)).toEqual(right);
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
  it("functions along a matrix are the plain sums", () => {
    const n = 9;
    const g = symmetric(n);
    const functions = Array.from({length: 3}, () => Float64Array.from(numbers(n)));
    const right = functions.map((f) => Array.from(f, (_, i) => f.reduce((sum, x, j) => sum + x * g[i * n + j], 0)));
    alongFunctions(g, n, functions).forEach((row, i) => expect(off(row, right[i])).toBeLessThan(1e-13));
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
  it.each([1, 2, 5, 15, 16, 17, 33, 64])("G f of %i states adds in their order, and a part is the rows and columns that are left", (n) => {
    const [g, f] = [symmetric(n), Float64Array.from(numbers(n))];
    for (let i = 0; i < n; ++i) for (let j = 0; j < i; ++j) g[i * n + j] = g[j * n + i]; // to the last bit
    const inOrder = (matrix: Float64Array, size: number): number[] =>
      Array.from({length: size}, (_, i) =>
        Array.from({length: size}, (_, j) => matrix[i * size + j] * f[j]).reduce((sum, x) => sum + x, 0)
      );
    const from = n >> 1;
    const rest = g.filter((_, at) => Math.floor(at / n) >= from && at % n >= from);
    expect(Array.from(timesVector(g, n, f))).toEqual(inOrder(g, n));
    expect(partFrom(g, n, from)).toEqual(rest);
    scratching(() => {
      const part = partFrom(g, n, from);
      expect(part).toEqual(rest);
      const other = partFrom(part, n - from, 0);
      part.fill(NaN);
      expect(Array.from(timesVector(other, n - from, f.subarray(0, n - from)))).toEqual(inOrder(rest, n - from));
    });
  });
  it.each([1, 2, 5, 16, 33])("products on a plane of %i states are the plain formula's", (n) => {
    const g = symmetric(n);
    for (let i = 0; i < n; ++i) for (let j = 0; j < i; ++j) g[j * n + i] = g[i * n + j];
    const [withOrigin, shares, stretch] = [numbers(n), numbers(n), numbers(n)].map((list) => Float64Array.from(list));
    const plane = {withOrigin, originSquared: 0.7, shares, across: 1.3, stretch};
    const right = Float64Array.from(g, (product, at) => {
      const [i, j] = [Math.max(Math.floor(at / n), at % n), Math.min(Math.floor(at / n), at % n)];
      return stretch[i] * stretch[j] * (product - withOrigin[i] - withOrigin[j] + 0.7 - shares[i] * shares[j] * 1.3);
    });
    expect(flattened(g, n, plane)).toEqual(right);
    scratching(() => expect(flattened(g, n, plane)).toEqual(right));
  });
  it("matrices in scratch memory are those outside it, which what comes later leaves alone", () => {
    const n = 40;
    const [g, q] = [symmetric(n), orthonormalised([Float64Array.from(numbers(n))], {against: [], most: 1, enough: 0.5, independent: 1e-6})];
    const outside = deflated(g, n, q);
    const copy = outside.slice();
    const inside = scratching(() => {
      const kept = deflated(g, n, q);
      scratching(() => Array.from({length: 400}, () => deflated(g, n, [])));
      return deflated(kept, n, []).slice();
    });
    expect(inside).toEqual(copy);
    expect(outside).toEqual(copy);
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
  it.each([
    [1, 1],
    [2, 3],
    [5, 64],
    [7, 1031]
  ])("the sums over a path of %i states of %i numbers are the plain ones", (steps, width) => {
    const path = Array.from({length: steps}, () => Float32Array.from(numbers(width)));
    const at = (step: number): Float32Array => path[Math.max(0, step)];
    const sumOver = (f: (step: number, k: number) => number): number[] =>
      path.map((state, step) => state.reduce((sum, _, k) => sum + f(step, k), 0));
    const move = (step: number, k: number): number => at(step)[k] - at(step - 1)[k];
    const {squares, steps: lengths, turns, toLast} = pathSums(path);
    expect(
      off(
        squares,
        sumOver((step, k) => at(step)[k] ** 2)
      )
    ).toBeLessThan(1e-14);
    expect(
      off(
        lengths,
        sumOver((step, k) => move(step, k) ** 2)
      )
    ).toBeLessThan(1e-14);
    expect(
      off(
        turns,
        sumOver((step, k) => move(step, k) * move(step - 1, k))
      )
    ).toBeLessThan(1e-14);
    expect(
      off(
        toLast,
        sumOver((step, k) => (at(step)[k] - path[steps - 1][k]) ** 2)
      )
    ).toBeLessThan(1e-14);
  });
  it("kernelBytes.ts was made of the source beside it", async () => {
    const hash = createHash("sha256");
    for (const name of ["products", "functions"])
      hash.update(await readFile(new URL(`../../../analysis/kernel/${name}.as`, import.meta.url)));
    expect(hash.digest("hex")).toBe(SOURCE_SHA256);
  });
});
