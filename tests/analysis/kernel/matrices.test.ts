import {describe, expect, it} from "vitest";
import {orthonormalised} from "../../../analysis/kernel/functions.ts";
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
import {seededRandom} from "../../../analysis/random.ts";
import {normals, off, symmetric} from "../../support/kernelNumbers.ts";

const numbers = normals(seededRandom(1));

describe("the kernel's matrices of products", () => {
  it.each([1, 2, 3, 6, 17, 64])("M G M of %i states is what is left of a form, symmetric bit for bit", (n) => {
    const g = symmetric(numbers, n);
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
    const [g, other] = [symmetric(numbers, n), symmetric(numbers, n)];
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
    const [g, weights, omega] = [symmetric(numbers, n), Float64Array.from(numbers(n)), 0.7];
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
  it.each([1, 2, 3])("powers of cosines of states at least %i apart are the plain sums, in order", (apart) => {
    const n = 9;
    const [g, lengths] = [symmetric(numbers, n), Float64Array.from(numbers(n))];
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
    const g = symmetric(numbers, n);
    const functions = [numbers(n), numbers(n).map((x, t) => (t === 0 || t > n / 2 ? 0 : x)), numbers(n).fill(0)];
    const right = functions.map((f) => f.reduce((sum, x, i) => sum + x * f.reduce((inner, y, j) => inner + g[i * n + j] * y, 0), 0));
    const found = sumOfForms(
      g,
      n,
      functions.map((f) => Float64Array.from(f))
    );
    expect(off([found], [right[0] + right[1]])).toBeLessThan(1e-13);
  });
  it("functions along a matrix are the plain sums", () => {
    const n = 9;
    const g = symmetric(numbers, n);
    const functions = Array.from({length: 3}, () => Float64Array.from(numbers(n)));
    const right = functions.map((f) => Array.from(f, (_, i) => f.reduce((sum, x, j) => sum + x * g[i * n + j], 0)));
    alongFunctions(g, n, functions).forEach((row, i) => expect(off(row, right[i])).toBeLessThan(1e-13));
  });
  it.each([1, 2, 5, 15, 16, 17, 33, 64])("G f of %i states adds in their order, and a part is the rows and columns that are left", (n) => {
    const [g, f] = [symmetric(numbers, n), Float64Array.from(numbers(n))];
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
    const g = symmetric(numbers, n);
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
    const [g, q] = [
      symmetric(numbers, n),
      orthonormalised([Float64Array.from(numbers(n))], {against: [], most: 1, enough: 0.5, independent: 1e-6})
    ];
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
});
