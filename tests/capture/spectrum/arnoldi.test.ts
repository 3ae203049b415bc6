import {uniformFloat64} from "pure-rand/distribution/uniformFloat64";
import {xoroshiro128plus} from "pure-rand/generator/xoroshiro128plus";
import {describe, expect, it} from "vitest";
import {leadingEigenvalues, type Operator} from "../../../capture/spectrum/arnoldi.ts";

const seeded = (seed: number) => {
  const generator = xoroshiro128plus(seed);
  return () => uniformFloat64(generator);
};
/** Diagonal blocks: a number is itself, [r, angle] a rotation scaled by r, with eigenvalues r e^{±i angle}. */
function blocks(...parts: readonly (number | readonly [number, number])[]): {readonly apply: Operator; readonly size: number} {
  const size = parts.reduce<number>((sum, part) => sum + (typeof part === "number" ? 1 : 2), 0);
  return {
    size,
    apply: async (v) => {
      const image = new Float64Array(size);
      let at = 0;
      for (const part of parts) {
        if (typeof part === "number") {
          image[at] = part * v[at++];
        } else {
          const [r, angle] = part;
          image[at] = r * (Math.cos(angle) * v[at] - Math.sin(angle) * v[at + 1]);
          image[at + 1] = r * (Math.sin(angle) * v[at] + Math.cos(angle) * v[at + 1]);
          at += 2;
        }
      }
      return image;
    }
  };
}

describe("leadingEigenvalues", () => {
  it("refuses an operator whose image is not finite, at once", async () => {
    const overflowing: Operator = async (v) => v.map((x) => x * 1e308 * 1e308);
    await expect(leadingEigenvalues(overflowing, 40, {random: seeded(1)})).rejects.toThrow(
      "invalid operator: its image is not finite; the model overflows here"
    );
  });

  it("finds real and complex ones, the largest modulus first, the positive imaginary part before its conjugate", async () => {
    const {apply, size} = blocks(0.5, [0.9, 1], -0.7, 0.1, 0.05, 0.01, 0.3);
    const {eigenvalues, residuals} = await leadingEigenvalues(apply, size, {random: seeded(1), count: 4});
    const expected = [
      [0.9 * Math.cos(1), 0.9 * Math.sin(1)],
      [0.9 * Math.cos(1), -0.9 * Math.sin(1)],
      [-0.7, 0],
      [0.5, 0]
    ];
    eigenvalues.flat().forEach((value, i) => expect(value).toBeCloseTo(expected.flat()[i], 8));
    residuals.forEach((residual) => expect(residual).toBeLessThan(1e-8));
  });

  it("finds the leading ones of a large map without a basis of its size", async () => {
    const parts = Array.from({length: 500}, (_, i) => (i < 4 ? 1 - i / 10 : 0.3 * (i / 500)));
    let applications = 0;
    const {apply, size} = blocks(...parts);
    const {eigenvalues} = await leadingEigenvalues((v) => (++applications, apply(v)), size, {random: seeded(2), count: 4});
    eigenvalues.forEach(([re, im], i) => {
      expect(re).toBeCloseTo(1 - i / 10, 5);
      expect(im).toBeCloseTo(0, 8);
    });
    expect(applications).toBeLessThan(60);
  });

  it("goes on where the space that it has is closed: an identity, a map to zero", async () => {
    expect((await leadingEigenvalues(async (v) => v.slice(), 5, {random: seeded(3), count: 3})).eigenvalues.map(([re]) => re)).toEqual(
      [1, 1, 1].map((x) => expect.closeTo(x, 10))
    );
    expect(
      (await leadingEigenvalues(async (v) => v.map(() => 0), 5, {random: seeded(3), count: 3})).eigenvalues.map(([re, im]) =>
        Math.hypot(re, im)
      )
    ).toEqual([0, 0, 0]);
  });

  it("gives as many as there are, and one for a single number", async () => {
    const {eigenvalues, residuals} = await leadingEigenvalues(async (v) => v.map((x) => -2 * x), 1, {random: seeded(4)});
    expect(eigenvalues).toEqual([[-2, 0]]);
    expect(residuals[0]).toBeCloseTo(0, 12);
  });

  it("gives the same twice for the same random numbers, and refuses to find none", async () => {
    const {apply, size} = blocks([0.9, 2], 0.5, 0.4, 0.2);
    expect(await leadingEigenvalues(apply, size, {random: seeded(5), count: 2})).toEqual(
      await leadingEigenvalues(apply, size, {random: seeded(5), count: 2})
    );
    await expect(leadingEigenvalues(apply, size, {random: seeded(5), count: 0})).rejects.toThrow("invalid count: 0; expected 1 or more");
  });
});
