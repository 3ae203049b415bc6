import {describe, expect, it} from "vitest";
import {curveBand} from "../../../analysis/paths/curveBand.ts";

describe("curveBand", () => {
  it("gives the quartiles of five curves at each step, whatever their order", () => {
    const {low, median, high} = curveBand([
      [5, 50],
      [1, 10],
      [3, 30],
      [2, 20],
      [4, 40]
    ]);
    expect([[...low], [...median], [...high]]).toEqual([
      [2, 20],
      [3, 30],
      [4, 40]
    ]);
  });

  it("counts at each step the curves that have a number there", () => {
    const {median} = curveBand([
      [1, null, 7],
      [3, 2],
      [null, null]
    ]);
    expect([...median]).toEqual([2, 2, 7]);
    expect([...curveBand([[null]]).median]).toEqual([NaN]);
  });

  it("of no curves is empty", () => {
    expect(curveBand([]).median).toHaveLength(0);
  });
});
