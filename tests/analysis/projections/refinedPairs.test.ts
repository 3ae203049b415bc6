import {randomNormal} from "d3-random";
import {describe, expect, it} from "vitest";
import {inner, orthonormalised, ritzPairs} from "../../../analysis/projections/krylov.ts";
import {refinedPairs} from "../../../analysis/projections/refinedPairs.ts";
import {seededRandom} from "../../../analysis/random.ts";

const SIZE = 60;
const eigenvalues = Array.from({length: SIZE}, (_, i) => 1 / (i + 1) ** 2);
const trace = eigenvalues.reduce((sum, value) => sum + value, 0);

const normal = randomNormal.source(seededRandom(5))();
const randomVectors = (count: number) =>
  orthonormalised(
    Array.from({length: count}, () => Float64Array.from({length: SIZE}, () => normal())),
    []
  );

/** C = diag(1, 1/4, 1/9, …): its eigenvectors are the unit vectors. */
const applied = (x: Float64Array) => x.map((value, i) => eigenvalues[i] * value);

function refinedFrom(basis: readonly Float64Array[], count: number) {
  const ritz = ritzPairs({basis, images: basis.map(applied)}, basis.length);
  return {ritz, pairs: refinedPairs(ritz, orthonormalised(ritz.residuals, basis), {count, trace})};
}

const angleTo = (vector: Float64Array, k: number) => Math.acos(Math.min(1, Math.abs(vector[k])));

describe("refinedPairs", () => {
  it("are nearer to the eigenvectors than the Ritz vectors of the same subspace", () => {
    const {ritz, pairs} = refinedFrom(randomVectors(16), 3);
    for (let k = 0; k < 3; ++k) {
      expect(angleTo(pairs.vectors[k], k)).toBeLessThan(0.5 * angleTo(ritz.vectors[k], k));
      expect(inner(pairs.vectors[k], pairs.vectors[k])).toBeCloseTo(1, 10);
    }
  });

  it("hold every eigenvalue between the value and its ceiling", () => {
    const {pairs} = refinedFrom(randomVectors(12), 5);
    const ceilings = pairs.ceilings();
    pairs.values.forEach((value, k) => {
      expect(value).toBeLessThanOrEqual(eigenvalues[k] + 1e-12);
      expect(ceilings[k]).toBeGreaterThanOrEqual(eigenvalues[k] - 1e-12);
    });
  });

  it("of a subspace that holds the leading eigenvectors are those, with nothing outside", () => {
    const units = Array.from({length: 4}, (_, k) => Float64Array.from({length: SIZE}, (_, j) => Number(j === k)));
    const {pairs} = refinedFrom(units, 4);
    pairs.values.forEach((value, k) => expect(value).toBeCloseTo(eigenvalues[k], 12));
    pairs.outside.forEach((share) => expect(share).toBe(0));
    expect(pairs.rest).toBeCloseTo(trace - eigenvalues.slice(0, 4).reduce((sum, value) => sum + value, 0), 12);
  });

  it("of a whole space leave nothing out", () => {
    const {pairs} = refinedFrom(randomVectors(SIZE), 3);
    expect(pairs.rest).toBeLessThan(1e-10);
    pairs.values.forEach((value, k) => expect(value).toBeCloseTo(eigenvalues[k], 10));
  });

  it("of zero are zero", () => {
    const basis = randomVectors(3);
    const ritz = ritzPairs({basis, images: basis.map(() => new Float64Array(SIZE))}, 3);
    const pairs = refinedPairs(ritz, [], {count: 2, trace: 0});
    expect(pairs).toMatchObject({values: [0, 0], rest: 0});
    expect(pairs.ceilings()).toEqual([0, 0]);
  });
});
