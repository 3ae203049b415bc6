import {describe, expect, it} from "vitest";
import {benjaminiHochberg} from "../../../analysis/patterns/statistics/benjaminiHochberg.ts";
import {copied, floats} from "../../../analysis/kernel/floats.ts";
import {fTail, mixtureTail} from "../../../analysis/patterns/statistics/fTail.ts";
import {precisionOf, roundingFloor, toBfloat16} from "../../../analysis/patterns/path/rounding.ts";
import {t95} from "../../../analysis/patterns/statistics/studentT.ts";

describe("fTail", () => {
  it.each([
    [1, 1, 1, 0.5], // F(1, 1) is the square of a Cauchy
    [3, 2, 4, (1 + (2 * 3) / 4) ** -2], // with two degrees above, (1 + 2x/m)^(−m/2)
    [60, 2, 16, (1 + 120 / 16) ** -8],
    [1e6, 2, 40, (1 + 2e6 / 40) ** -20]
  ])("P(F > %d) with %d and %d degrees of freedom is the closed form", (x, above, below, p) => {
    expect(fTail(x, above, below) / p).toBeCloseTo(1, 9);
  });
  it("gives 1 at zero, 0 at infinity, and works with thousands of degrees of freedom", () => {
    expect(fTail(0, 3, 5)).toBe(1);
    expect(fTail(Infinity, 3, 5)).toBe(0);
    expect(fTail(1, 40_000, 40_000)).toBeCloseTo(0.5, 3);
  });
  it("converges however many degrees of freedom there are", () => {
    expect(fTail(1, 4e9, 4e9)).toBeCloseTo(0.5, 4);
  });
  it("refuses NaN and degrees of freedom that are not positive", () => {
    expect(() => fTail(NaN, 1, 1)).toThrow("invalid F: NaN; expected a number from 0");
    expect(() => fTail(1, 0, 1)).toThrow("invalid degrees of freedom: 0 and 1; expected positive numbers");
  });
  it("mixtureTail is F itself in one dimension and smaller in more", () => {
    expect(mixtureTail(5, 2, 16, 1)).toBe(fTail(5, 2, 16));
    expect(mixtureTail(5, 2, 16, 64)).toBeLessThan(fTail(5, 2, 16));
    expect(mixtureTail(0.9, 2, 16, 64)).toBe(1);
  });
});

describe("t95", () => {
  it.each([
    [2, 4.303, 0.1],
    [5, 2.571, 2e-3],
    [10, 2.228, 1e-3],
    [29, 2.045, 1e-3],
    [1e9, 1.95996, 1e-5]
  ])("with %d degrees of freedom is %d of the tables", (freedom, quantile, within) => {
    expect(Math.abs(t95(freedom) - quantile)).toBeLessThan(within);
  });
});

describe("benjaminiHochberg", () => {
  it("gives the q-values of the textbook's formula", () => {
    expect(benjaminiHochberg([0.01, 0.04, 0.03, 0.5])).toEqual([0.04, expect.closeTo(0.16 / 3, 12), expect.closeTo(0.16 / 3, 12), 0.5]);
  });
  it("leaves a single p-value as it is, and none as none", () => {
    expect(benjaminiHochberg([0.2])).toEqual([0.2]);
    expect(benjaminiHochberg([])).toEqual([]);
  });
});

describe("rounding", () => {
  const values = Float32Array.from({length: 64}, (_, k) => Math.sin(k + 1) * 3);
  it("precisionOf recognises bfloat16 and float16 in a float32 container", () => {
    expect(precisionOf(values)).toBe("float32");
    expect(precisionOf(toBfloat16(values))).toBe("bfloat16");
    expect(precisionOf(values.map((x) => Math.round(x * 256) / 1024))).toBe("float16");
    expect(precisionOf(new Float32Array(4))).toBe("float32");
  });
  it("toBfloat16 rounds to nearest, ties to even", () => {
    expect([...toBfloat16(Float32Array.of(1, 1 + 2 ** -8, 1 + 3 * 2 ** -8, 1 + 2 ** -7))]).toEqual([1, 1, 1 + 2 ** -6, 1 + 2 ** -7]);
  });
  it("roundingFloor is a unit in the last place over √12 per coordinate", () => {
    expect(roundingFloor(Float32Array.of(1.5, -1.25, 0), "bfloat16")).toBeCloseTo(2 ** -7 * Math.sqrt(2 / 12), 12);
    expect(roundingFloor(Float32Array.of(1), "float32")).toBeCloseTo(2 ** -23 / Math.sqrt(12), 15);
  });
});

it("floats are zeros that nobody else has, and a copy is another", () => {
  const parts = Array.from({length: 300}, () => floats(257));
  parts.forEach((part, i) => part.fill(i + 1));
  expect(parts.every((part, i) => part.length === 257 && part.every((x) => x === i + 1))).toBe(true);
  expect(floats(100_000).every((x) => x === 0)).toBe(true);
  const copy = copied(parts[0]);
  copy[0] = 7;
  expect([copy[0], copy[1], parts[0][0]]).toEqual([7, 1, 1]);
});
