import {describe, expect, it} from "vitest";
import {MOST_TURNS, ON_CIRCLE, SAME_PERIOD, SAME_RATE, SHUTS, WHOLE, wholeTurns, witnessOf} from "../../../analysis/patterns/witness.ts";
import {closingOf} from "../../../capture/spectrum/floquet.ts";

const turn = (modulus: number, angle: number): [number, number] => [modulus * Math.cos(angle), modulus * Math.sin(angle)];
const pair = (modulus: number, period: number): [number, number][] => [
  turn(modulus, (2 * Math.PI) / period),
  turn(modulus, (-2 * Math.PI) / period)
];
const converging = {pattern: "converging", rate: 0.8} as const;

describe("witnessOf", () => {
  it.each([
    ["an approach", converging, pair(0.8, 16), "agrees", "modulus 0.800: inside the unit circle, and the path keeps 0.800 a step"],
    ["an approach of no rate", {pattern: "converging"}, [[0.2, 0]], "agrees", "modulus 0.200: inside the unit circle"],
    ["a slower direction", converging, [[0.95, 0]], "agrees", "with a slower direction than the path, which keeps 0.800 a step"],
    ["an attraction that is too fast", converging, [[0.5, 0]], "neutral", "attracts, faster than the path, which keeps 0.800 a step"],
    ["an approach on the circle", converging, [[-1.01, 0]], "neutral", "on the unit circle"],
    ["an approach to a point that repels", converging, [[1.3, 0]], "disagrees", "modulus 1.300: the point repels"],
    ["an orbit of period 6", {pattern: "orbit", period: 6}, pair(0.99, 6), "agrees", "turns once in 6.00 steps"],
    ["an orbit of period 2", {pattern: "orbit", period: 2}, [[-1.02, 0]], "agrees", "flips"],
    ["an orbit of another period", {pattern: "orbit", period: 6}, pair(0.99, 7), "neutral", "need not show its period"],
    ["an orbit without its pair", {pattern: "orbit", period: 6}, [[0.5, 0]], "neutral", "need not show its period"],
    [
      "a slider",
      {pattern: "slider"},
      [
        [0.3, 0],
        [0.99, 0]
      ],
      "agrees",
      "free along one direction"
    ],
    ["a slider where all is pulled back", {pattern: "slider"}, [[0.5, 0]], "disagrees", "every direction is pulled back"],
    ["a slider beside what turns", {pattern: "slider"}, pair(0.98, 8), "neutral", "none near +1"],
    ["no claim", {pattern: "unsettled"}, [[0.5, 0]], "neutral", "nothing is claimed"]
  ] as const)("of %s", (_, verdict, eigenvalues, opinion, why) => {
    const witness = witnessOf(verdict, eigenvalues as readonly [number, number][]);
    expect(witness).toMatchObject({opinion, why: expect.stringContaining(why)});
    expect(witness.radius).toBeCloseTo(Math.max(...eigenvalues.map(([re, im]) => Math.hypot(re, im))), 12);
  });

  it.each([
    ["that attracts", [0.4, 1e-4], "agrees", "modulus 0.400 over 6 steps: the cycle attracts"],
    ["along which nothing pulls back", [1.03, 0.02], "agrees", "a closed curve along which nothing pulls back"],
    ["that repels", [1.2, 1e-4], "disagrees", "the cycle repels"],
    ["that is not reached", [0.5, 0.3], "neutral", "misses its start by 0.30 of its radius: no cycle is reached yet"],
    ["that drifts along a closed curve", [1, 0.2], "neutral", "no cycle is reached yet"]
  ] as const)("asks the cycle of an orbit %s", (_, [multiplier, closing], opinion, why) => {
    const cycle = {steps: 6, closing, multipliers: [[0.1, 0] as const, [-multiplier, 0] as const]};
    const told = witnessOf({pattern: "orbit", period: 6}, [[0.5, 0]], cycle);
    expect(told).toMatchObject({opinion, steps: 6, radius: multiplier, why: expect.stringContaining(why)});
    expect(witnessOf(converging, [[0.8, 0]], cycle)).toMatchObject({steps: 1, radius: 0.8});
  });

  it.each([0.3, 0.7, 0.9])("sees no cycle in a spiral that keeps %f a turn of six steps", (kept) => {
    const turn = Array.from({length: 7}, (_, i) => {
      const [radius, angle] = [kept ** (i / 6), (2 * Math.PI * i) / 6];
      return Float32Array.of(radius * Math.cos(angle), radius * Math.sin(angle));
    });
    const [closing] = closingOf(turn, 2);
    expect(witnessOf({pattern: "orbit", period: 6}, [], {steps: 6, closing, multipliers: [[kept, 0]]}).opinion).toBe("neutral");
  });

  it("takes as few turns as are a whole number of steps", () => {
    expect([2, 3.02, 2.5, 7.3333, 1.9].map((period) => wholeTurns(period, 64))).toEqual([2, 3, 5, 22, 19]);
    expect([wholeTurns(65, 64), wholeTurns(7.3333, 21), wholeTurns(NaN, 64)]).toEqual([undefined, undefined, undefined]);
  });

  it("has the thresholds that the methods name", () => {
    expect([ON_CIRCLE, SAME_RATE, SAME_PERIOD, SHUTS, MOST_TURNS, WHOLE]).toEqual([0.05, 0.1, 0.1, 0.1, 10, 0.05]);
    expect(witnessOf(converging, [[0.8 - SAME_RATE - 1e-9, 0]]).opinion).toBe("neutral");
    expect(witnessOf(converging, [[0.8 - SAME_RATE + 1e-9, 0]]).opinion).toBe("agrees");
    expect(witnessOf(converging, [[1 + ON_CIRCLE + 1e-9, 0]]).opinion).toBe("disagrees");
    expect(witnessOf({pattern: "slider"}, [[1 - ON_CIRCLE - 1e-9, 0]]).opinion).toBe("disagrees");
    expect(witnessOf({pattern: "orbit", period: 10}, pair(1, 11 - 1e-6)).opinion).toBe("agrees");
    expect(witnessOf({pattern: "orbit", period: 10}, pair(1, 11 + 1e-6)).opinion).toBe("neutral");
  });
});
