import {expect, it} from "vitest";
import {sittersOf} from "../../../api/report/reportPortraits.ts";

type Sized = Parameters<typeof sittersOf>[0][number];

const made = (token: number, pattern: Sized["pattern"], size = 0, init = 0): Sized => ({
  token,
  init,
  pattern,
  amplitude: pattern === "orbit" ? size : null,
  drift_speed: pattern === "slider" ? size : null,
  rate: pattern === "converging" ? size : null
});

it("a report shows each token once: the largest orbits, the fastest sliders, the slowest to converge, eight in all", () => {
  const few = [
    made(0, "converging", 0.5),
    made(1, "orbit", 0.1),
    made(2, "slider", 3),
    made(1, "orbit", 0.2, 1),
    made(3, "unsettled"),
    made(4, "converging", 0.9)
  ];
  expect(sittersOf(few).map(({token, init}) => [token, init])).toEqual([
    [1, 1],
    [2, 0],
    [4, 0],
    [0, 0]
  ]);
  expect(sittersOf(Array.from({length: 20}, (_, i) => made(i, "orbit", i))).map(({token}) => token)).toEqual([
    19, 18, 17, 16, 15, 14, 13, 12
  ]);
});
