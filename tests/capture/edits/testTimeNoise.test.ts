import {describe, expect, it} from "vitest";
import {noiseShare} from "../../../capture/edits/testTimeNoise.ts";

describe("noiseShare", () => {
  const spread = 0.2;
  const share = (type: "fixed" | "geom" | "sqrt" | "line" | "chi", t: number) =>
    noiseShare({amount: 0.5, type}, spread, {t, steps: 10, uniform: () => 0.25});

  it.each([
    ["fixed", 3, 0.1],
    ["geom", 0, 0.1],
    ["geom", 3, 0.025],
    ["sqrt", 3, 0.05],
    ["line", 0, 1],
    ["line", 4, 0.6],
    ["line", 9, 0.1],
    ["chi", 7, 0.05]
  ] as const)("of %s noise at step %i is %f", (type, t, expected) => {
    expect(share(type, t)).toBeCloseTo(expected, 12);
  });
});
