import {describe, expect, it} from "vitest";
import {finiteTokens, ofTokens, pathOf, spaced, stateAt, statesOf} from "../../analysis/states.ts";

// element = step * 1000 + init * 100 + token * 10 + coordinate
function numbered(steps: number, inits: number, tokens: number, width: number) {
  const data = new Float32Array(steps * inits * tokens * width);
  let at = 0;
  for (let s = 0; s < steps; ++s)
    for (let i = 0; i < inits; ++i)
      for (let t = 0; t < tokens; ++t) for (let w = 0; w < width; ++w) data[at++] = s * 1000 + i * 100 + t * 10 + w;
  return statesOf({steps, inits, tokens, width}, data);
}

describe("states", () => {
  it("pathOf gathers the steps of one token and init", () => {
    const path = pathOf(numbered(3, 2, 4, 2), 3, 1);
    expect(path).toMatchObject({rows: 3, cols: 2});
    expect([...path.data]).toEqual([130, 131, 1130, 1131, 2130, 2131]);
  });
  it("stateAt is a view of one state", () => {
    expect([...stateAt(numbered(3, 2, 4, 2), 2, 0, 1)]).toEqual([2100, 2101]);
  });
  it("pathOf refuses a token or an init outside the run", () => {
    expect(() => pathOf(numbered(1, 2, 3, 1), 3, 0)).toThrow("invalid token: 3; expected 0 to 2");
    expect(() => pathOf(numbered(1, 2, 3, 1), 0, -1)).toThrow("invalid init: -1; expected 0 to 1");
  });
  it("ofTokens takes some tokens, and all as they are", () => {
    const states = numbered(2, 2, 5, 2);
    const some = ofTokens(states, [0, 2]);
    expect([some.tokens, some.data.length]).toEqual([2, 2 * 2 * 2 * 2]);
    for (const [step, init] of [
      [0, 0],
      [0, 1],
      [1, 1]
    ])
      [0, 2].forEach((token, i) => expect(stateAt(some, step, i, init)).toEqual(stateAt(states, step, token, init)));
    expect(ofTokens(states, [0, 1, 2, 3, 4])).toBe(states);
  });
  it("spaced takes of a list from one end to the other, and all where they are few", () => {
    expect(spaced([1, 3, 5, 7, 9], 2)).toEqual([1, 5]);
    expect(spaced([1, 3], 2)).toEqual([1, 3]);
  });
  it("finiteTokens leaves out whoever has a number that is not finite, at any step and from any init", () => {
    const states = numbered(2, 2, 4, 2);
    stateAt(states, 1, 0, 1)[1] = NaN;
    stateAt(states, 0, 2, 0)[0] = Infinity;
    expect(finiteTokens(states)).toEqual([1, 3]);
  });
  it("statesOf refuses a wrong count and an empty dimension", () => {
    expect(() => statesOf({steps: 2, inits: 1, tokens: 1, width: 3}, new Float32Array(5))).toThrow(
      "invalid states: 5 numbers; expected 2 × 1 × 1 × 3 = 6"
    );
    expect(() => statesOf({steps: 0, inits: 1, tokens: 1, width: 3}, new Float32Array(0))).toThrow(
      "invalid steps: 0; expected a whole number from 1"
    );
  });
});
