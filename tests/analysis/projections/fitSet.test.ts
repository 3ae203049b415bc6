import {describe, expect, it} from "vitest";
import {fitRows, projectStates} from "../../../analysis/projections/fitSet.ts";
import {fitPca} from "../../../analysis/projections/pca.ts";
import {statesOf} from "../../../analysis/states.ts";

// Two tokens, two inits, three steps in two dimensions: token t, init i starts at (10t, i) and moves by (1, 0) a step.
const run = statesOf(
  {steps: 3, inits: 2, tokens: 2, width: 2},
  Float32Array.from([0, 1, 2].flatMap((step) => [0, 1].flatMap((init) => [0, 1].flatMap((token) => [10 * token + step, init]))))
);

describe("fitRows", () => {
  it("of a whole run is a view of its states", () => {
    expect(fitRows([{states: run}]).data).toBe(run.data);
  });

  it("of chosen tokens and inits holds their states only", () => {
    expect([...fitRows([{states: run, tokens: [1], inits: [0]}]).data]).toEqual([10, 0, 11, 0, 12, 0]);
  });

  it("of centred paths holds motion only", () => {
    expect([...fitRows([{states: run, tokens: [1]}], {centred: true}).data]).toEqual([-1, 0, 0, 0, 1, 0, -1, 0, 0, 0, 1, 0]);
  });

  it("of two runs holds the rows of both", () => {
    expect(fitRows([{states: run}, {states: run, tokens: [0]}]).rows).toBe(12 + 6);
  });

  it("refuses a token that a run does not have", () => {
    expect(() => fitRows([{states: run, tokens: [2]}])).toThrow("invalid token: 2; expected 0 to 1");
  });

  it("refuses runs of different widths, no runs, and nothing chosen", () => {
    const narrow = statesOf({steps: 1, inits: 1, tokens: 1, width: 1}, new Float32Array(1));
    expect(() => fitRows([{states: run}, {states: narrow}])).toThrow("invalid width: 1; expected 2, as in the first run");
    expect(() => fitRows([])).toThrow("invalid runs: 0");
    expect(() => fitRows([{states: run, tokens: []}])).toThrow("nothing chosen");
  });
});

describe("projectStates", () => {
  it("keeps the order of steps, inits and tokens", () => {
    const drawn = projectStates(fitPca(fitRows([{states: run}])), run);
    expect(drawn).toMatchObject({steps: 3, inits: 2, tokens: 2, width: 2});
    const first = [...drawn.data].filter((_, at) => at % 2 === 0);
    for (const [at, value] of [-6, 4, -6, 4, -5, 5, -5, 5, -4, 6, -4, 6].entries()) expect(first[at]).toBeCloseTo(value, 5);
  });

  it("with centred paths puts the mean of every path at the origin", () => {
    const drawn = projectStates(fitPca(fitRows([{states: run}])), run, {centred: true});
    expect([...drawn.data].filter((_, at) => at % 2 === 0).map(Math.round)).toEqual([-1, -1, -1, -1, 0, 0, 0, 0, 1, 1, 1, 1]);
  });
});
