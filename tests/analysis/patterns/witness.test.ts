import {describe, expect, it} from "vitest";
import {ON_CIRCLE, SAME_PERIOD, SAME_RATE, witnessOf} from "../../../analysis/patterns/witness.ts";

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

  it("has the thresholds that the methods name", () => {
    expect([ON_CIRCLE, SAME_RATE, SAME_PERIOD]).toEqual([0.05, 0.1, 0.1]);
    expect(witnessOf(converging, [[0.8 - SAME_RATE - 1e-9, 0]]).opinion).toBe("neutral");
    expect(witnessOf(converging, [[0.8 - SAME_RATE + 1e-9, 0]]).opinion).toBe("agrees");
    expect(witnessOf(converging, [[1 + ON_CIRCLE + 1e-9, 0]]).opinion).toBe("disagrees");
    expect(witnessOf({pattern: "slider"}, [[1 - ON_CIRCLE - 1e-9, 0]]).opinion).toBe("disagrees");
    expect(witnessOf({pattern: "orbit", period: 10}, pair(1, 11 - 1e-6)).opinion).toBe("agrees");
    expect(witnessOf({pattern: "orbit", period: 10}, pair(1, 11 + 1e-6)).opinion).toBe("neutral");
  });
});
