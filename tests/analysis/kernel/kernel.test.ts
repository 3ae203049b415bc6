import {createHash} from "node:crypto";
import {readFile} from "node:fs/promises";
import {describe, expect, it} from "vitest";
import {deflated, differenceProducts, formsOf} from "../../../analysis/kernel/kernel.ts";
import {SOURCE_SHA256} from "../../../analysis/kernel/kernelBytes.ts";
import {seededRandom} from "../../../analysis/random.ts";
import {gaussianOf} from "../../support/gaussian.ts";

const gaussian = gaussianOf(seededRandom(1));
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
  it("kernelBytes.ts was made of the source beside it", async () => {
    const source = await readFile(new URL("../../../analysis/kernel/products.as", import.meta.url));
    expect(createHash("sha256").update(source).digest("hex")).toBe(SOURCE_SHA256);
  });
});
