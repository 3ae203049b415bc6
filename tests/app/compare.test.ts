import {describe, expect, it} from "vitest";
import {differenceOf, placeIn, tokenStatesOf, type TokenStates} from "../../app/compare.ts";

// one init, one token, width 2, two steps: (3, 4) then (0, 5)
const a: TokenStates = {firstStep: 0, steps: 2, inits: 1, tokens: [1], width: 2, values: [3, 4, 0, 5]};

describe("placeIn", () => {
  const basis = {axes: [1, 0, 0, -1], mean: [1, 1]};
  it("takes the mean away and reads along the axes", () => expect([...placeIn(basis, a).values]).toEqual([2, -3, -1, -4]));
  it("with `centred` every trajectory is about its own mean", () => expect([...placeIn(basis, a, {centred: true}).values]).toEqual([1.5, 0.5, -1.5, -0.5]));
  it("leaves the steps before the first undefined", () => expect([...placeIn(basis, {...a, firstStep: 1}).values]).toEqual([NaN, NaN, 2, -3, -1, -4]));
  it("refuses states of another width", () => expect(() => placeIn({axes: [1], mean: [0]}, a)).toThrow("invalid width: 2; the basis has 1"));
});

describe("differenceOf", () => {
  it("is the distance over the first run's norm, in the place of the token, undefined elsewhere", () => {
    const b: TokenStates = {...a, values: [3, 4, 3, 9]};
    expect([...Array.from(differenceOf(a, b, 3).values)]).toEqual([NaN, 0, NaN, NaN, 1, NaN]);
  });
  it("is undefined where one of the two has no state or no such token", () => {
    expect(Array.from(differenceOf(a, {...a, steps: 1, values: [3, 4]}, 2).values)).toEqual([NaN, 0, NaN, NaN]);
    expect(Array.from(differenceOf(a, {...a, tokens: [0]}, 2).values)).toEqual([NaN, NaN, NaN, NaN]);
  });
  it("compares with the first init where the other run has fewer", () => {
    const two: TokenStates = {...a, inits: 2, steps: 1, values: [3, 4, 6, 8]};
    expect(Array.from(differenceOf(two, {...a, steps: 1}, 2).values)).toEqual([NaN, 0, NaN, 0.5]);
  });
  it("tokenStatesOf reads a message of the server", () => {
    expect(tokenStatesOf({tensors: {state: {shape: [2, 1, 1, 2], data: Float32Array.of(3, 4, 0, 5)}}, metadata: {first_step: "0"}}, [1])).toEqual({...a, values: Float32Array.of(3, 4, 0, 5)});
  });
});
