import type {Random} from "../../analysis/random.ts";
import {gaussianOf} from "./gaussian.ts";

/** Numbers for the kernel to be tried on, and how far what it finds is from plain sums. */

/** `count` normal numbers of a generator. */
export const normals = (random: Random): ((count: number) => number[]) => {
  const gaussian = gaussianOf(random);
  return (count) => Array.from({length: count}, gaussian);
};

/** AAᵀ of `n` random rows, row-major. */
export function symmetric(numbers: (count: number) => number[], n: number): Float64Array {
  const rows = Array.from({length: n}, () => numbers(n + 3));
  return Float64Array.from({length: n * n}, (_, at) => rows[Math.floor(at / n)].reduce((sum, x, k) => sum + x * rows[at % n][k], 0));
}

/** Largest difference of `found` from `right`, over the largest number of `right`. */
export function off(found: ArrayLike<number>, right: readonly number[]): number {
  const most = Math.max(...right.map(Math.abs), 1e-300);
  return Math.max(...right.map((x, i) => Math.abs(x - found[i]) / most));
}
