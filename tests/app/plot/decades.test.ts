import {describe, expect, it} from "vitest";
import {decadesIn, decadeStride} from "../../../app/plot/decades.ts";

describe("decadesIn(domain, pixels)", () => {
  it.each([
    [[1e-3, 1], 200, [1, 0.1, 0.01, 0.001]],
    [[1e-8, 1], 200, [1, 1e-2, 1e-4, 1e-6, 1e-8]],
    [[1e-4, 1], 30, [1, 1e-2, 1e-4]],
    [[1e-6, 1], 12, [1]],
    [[0.2, 0.9], 100, []]
  ])("of %j over %i pixels are %j", (domain, pixels, powers) => {
    const found = decadesIn(domain, pixels);
    expect(found.map((value) => Math.round(Math.log10(value)))).toEqual(powers.map((value) => Math.round(Math.log10(value))));
  });
  it("decadeStride leaves at least 15 pixels from name to name", () => {
    for (const pixels of [2, 5, 7, 14, 15, 40]) expect(decadeStride(pixels) * pixels).toBeGreaterThanOrEqual(15);
    expect([decadeStride(40), decadeStride(40, 2)]).toEqual([1, 2]);
  });
});
