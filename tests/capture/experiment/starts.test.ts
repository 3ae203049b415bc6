import {describe, expect, it} from "vitest";
import {mixed, startsOf, startStates, type StartPlan} from "../../../capture/experiment/starts.ts";
import {initialStates} from "../../../capture/loop/initialState.ts";
import {smallHuginn as model} from "../../support/smallHuginn.ts";

const plan: StartPlan = {inits: 3, noise: 4, swaps: 2, scales: [0, 0.1, 10], scaleInits: 2, constants: [1, -1]};
const TOKENS = 5;
const SIZE = TOKENS * 64;
const input = Float32Array.from({length: SIZE}, (_, i) => (i % 2 === 0 ? 2 : -2)); // spread 2·√(n/(n−1))
const donors = [Float32Array.from({length: 2 * 64}, (_, i) => i), new Float32Array(7 * 64).fill(3)];

function made(changed: Partial<StartPlan> = {}) {
  const starts = startsOf({...plan, ...changed}, donors.length);
  const states = startStates(model, starts, {seed: 11, tokens: TOKENS, input, donors});
  return {starts, stateOf: (s: number) => states.subarray(s * SIZE, (s + 1) * SIZE)};
}
const spread = (values: Float32Array): number => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length);

describe("startsOf", () => {
  it("lists own starts first, then noise, swaps, zero, scales and constants", () => {
    expect(made().starts.map(({kind, scale}) => `${kind} ${scale}`)).toEqual([
      "normal 1",
      "normal 1",
      "normal 1",
      "noise 1",
      "noise 1",
      "noise 1",
      "noise 1",
      "swap 1",
      "swap 1",
      "zero 0",
      "normal 0.1",
      "normal 0.1",
      "normal 10",
      "normal 10",
      "constant 1",
      "constant -1"
    ]);
  });
  it("has no more swaps than other prompts", () => {
    expect(startsOf(plan, 1).filter(({kind}) => kind === "swap")).toHaveLength(1);
  });
});

describe("startStates", () => {
  it("begins own starts as a capture with the same seed does", () => {
    const own = initialStates(model, {inits: 3, tokens: TOKENS, seed: 11});
    for (let s = 0; s < 3; ++s) expect(made().stateOf(s)).toEqual(own.subarray(s * SIZE, (s + 1) * SIZE));
  });
  it("scales the directions of the first own starts", () => {
    const {stateOf} = made();
    expect(stateOf(12)[7]).toBeCloseTo(10 * stateOf(0)[7], 4);
    expect(stateOf(13)[7]).toBeCloseTo(10 * stateOf(1)[7], 4);
    expect(stateOf(10)[7]).toBeCloseTo(0.1 * stateOf(0)[7], 6);
  });
  it("draws noise with the spread of the input, different each time", () => {
    const {stateOf} = made();
    expect(spread(stateOf(3))).toBeGreaterThan(1.7);
    expect(spread(stateOf(3))).toBeLessThan(2.3);
    expect(stateOf(3)).not.toEqual(stateOf(4));
  });
  it("repeats a shorter donor's positions and takes the first of a longer one's", () => {
    const {stateOf} = made();
    expect([...stateOf(7).subarray(0, 3)]).toEqual([0, 1, 2]);
    expect(stateOf(7)[2 * 64]).toBe(0);
    expect(stateOf(8).every((x) => x === 3)).toBe(true);
  });
  it("makes zeros and constants", () => {
    const {stateOf} = made();
    expect(stateOf(9).every((x) => x === 0)).toBe(true);
    expect(stateOf(15).every((x) => x === -1)).toBe(true);
  });
  it("changes no other start when there are more of one kind", () => {
    const [few, many] = [made(), made({inits: 6, noise: 9})];
    for (const kind of ["normal", "noise", "swap"]) {
      const first = (of: typeof few) => of.stateOf(of.starts.findIndex((start) => start.kind === kind));
      expect(first(many)).toEqual(first(few));
    }
  });
});

it("mixed gives different seeds of 31 bits for neighbours", () => {
  const seeds = Array.from({length: 1000}, (_, k) => mixed(0, k));
  expect(new Set(seeds).size).toBe(1000);
  expect(seeds.every((seed) => Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31)).toBe(true);
  expect(mixed(1, 0)).not.toBe(mixed(0, 0));
});
