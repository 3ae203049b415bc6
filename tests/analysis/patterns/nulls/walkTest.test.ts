import {expect, it} from "vitest";
import type {Products} from "../../../../analysis/patterns/path/residual.ts";
import {constantOf, orthonormal, sampled} from "../../../../analysis/patterns/statistics/timeBasis.ts";
import {slowCosines, walkShare, walkTest} from "../../../../analysis/patterns/nulls/walkTest.ts";

const SIZE = 64;
const constant = constantOf(SIZE);
const [, ...cosines] = orthonormal(slowCosines(SIZE), constant);
const [shape] = orthonormal(slowCosines(SIZE), constant); // the slowest, beside which the others are slow

/** A path of so much energy along the shape, and along each slow cosine beside it, in directions of their own. */
function pathOf(along: number, beside: (k: number) => number): Products {
  const values = new Float64Array(SIZE ** 2);
  const add = (q: Float64Array, energy: number): void => {
    for (let s = 0; s < SIZE; ++s) for (let t = 0; t < SIZE; ++t) values[s * SIZE + t] += energy * q[s] * q[t];
  };
  add(shape, along);
  cosines.forEach((q, k) => add(q, beside(k + 1)));
  return {size: SIZE, values};
}

/** The same, all of it along one line. */
function alongOneLine(along: number, beside: (k: number) => number): Products {
  const places = sampled(SIZE, (t) => cosines.reduce((sum, q, k) => sum + Math.sqrt(beside(k + 1)) * q[t], Math.sqrt(along) * shape[t]));
  return {size: SIZE, values: Float64Array.from({length: SIZE ** 2}, (_, i) => places[Math.floor(i / SIZE)] * places[i % SIZE])};
}

const tested = (path: Products) => walkTest(path, [shape], {constant, floor: 0});

it("what the twelve slowest functions beside a shape hold says how large a walk is: the twelfth counts, the thirteenth does not", () => {
  const {p} = tested(pathOf(100, () => 1));
  expect(tested(pathOf(100, (k) => (k === 12 ? 50 : 1))).p).toBeGreaterThan(2 * p);
  expect(tested(pathOf(100, (k) => (k >= 13 ? 50 : 1))).p).toBeCloseTo(p, 12);
});

it("a walk is taken three standard errors larger than it was fitted, as its likelihood tells them", () => {
  const shares = cosines.slice(0, 12).map((q) => walkShare(q, 0));
  const noise = shares[6];
  const sum = (of: (share: number) => number): number => shares.reduce((total, share) => total + of(share) / (2 * (share + noise) ** 2), 0);
  const [cc, c1, one] = [sum((share) => share ** 2), sum((share) => share), sum(() => 1)];
  const error = Math.sqrt(one / (cc * one - c1 ** 2)); // of a walk of 1, in one dimension
  const {ratio} = tested(alongOneLine(1e4, (k) => (k <= 12 ? shares[k - 1] + noise : 0)));
  const taken = (1e4 / ratio - noise) / walkShare(shape, 0);
  expect((taken - 1) / error).toBeCloseTo(3, 6);
});

it("functions of time hold nothing new that keep less than a millionth of their length beside others", () => {
  const [one, other] = cosines;
  const beside = (share: number): Float64Array[] => orthonormal([one, sampled(SIZE, (t) => one[t] + share * other[t])]);
  expect(beside(0.8e-6)).toHaveLength(1);
  expect(beside(1.3e-6)).toHaveLength(2);
});
