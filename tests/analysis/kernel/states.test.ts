import {describe, expect, it} from "vitest";
import {differenceProducts, pathSums, squaredStepsOf} from "../../../analysis/kernel/states.ts";
import {seededRandom} from "../../../analysis/random.ts";
import {normals, off} from "../../support/kernelNumbers.ts";

const numbers = normals(seededRandom(1));
const seeded = seededRandom(2);

describe("the kernel's sums over states", () => {
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
});
