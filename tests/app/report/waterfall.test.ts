import {expect, it} from "vitest";
import {waterfallOf} from "../../../app/report/figures/waterfall.ts";
import type {Points} from "../../../app/plot/field.ts";

const room = {width: 400, height: 300, margin: 10};

/** One step and init, tokens at given places of PC1 and PC2. */
const pointsAt = (...places: [number, number][]): Points => ({
  steps: 1,
  inits: 1,
  tokens: places.length,
  dims: 2,
  values: Float32Array.from(places.flat())
});

it("waterfallOf seen from above shows the plane: PC1 down, PC2 to the right, tokens on one another", () => {
  const {placeOf} = waterfallOf(pointsAt([3, 0], [0, 4]), {azimuth: 0, elevation: 90}, room);
  const [origin, alongPc1, alongPc2] = [placeOf(0, 0, 0), placeOf(1, 0, 0), placeOf(0, 1, 1)];
  expect(alongPc1[0]).toBeCloseTo(origin[0]);
  expect(alongPc1[1]).toBeGreaterThan(origin[1]);
  expect(alongPc2[0]).toBeGreaterThan(origin[0]);
  expect(placeOf(0, 0, 1)[1]).toBeCloseTo(origin[1]);
});

it("waterfallOf stacks the first token above the last, at equal distances", () => {
  const {placeOf} = waterfallOf(pointsAt([1, 0], [0, 1], [1, 1]), {azimuth: 45, elevation: 25}, room);
  const [first, second, third] = [0, 1, 2].map((token) => placeOf(0, 0, token)[1]);
  expect(first).toBeLessThan(second);
  expect(second - first).toBeCloseTo(third - second);
});

it("waterfallOf draws the farthest state at distance 1, and in the same scale whatever the turn", () => {
  const points = pointsAt([3, 4], [0, 0]);
  const scales = [
    {azimuth: 0, elevation: 25},
    {azimuth: 123, elevation: 70}
  ].map((turn) => {
    const {projector} = waterfallOf(points, turn, room);
    return projector.x(1) - projector.x(0);
  });
  expect(scales[0]).toBeCloseTo(scales[1]);
  const {points: drawn} = waterfallOf(points, {azimuth: 0, elevation: 90}, room);
  expect(Math.hypot(drawn.values[0], drawn.values[1])).toBeCloseTo(1);
});

it("waterfallOf one token that never moves from the origin divides by nothing", () => {
  const {points, placeOf} = waterfallOf(pointsAt([0, 0]), {azimuth: 45, elevation: 25}, room);
  expect([...points.values].map(Math.abs)).toEqual([0, 0]);
  expect(placeOf(0, 0, 0)).toEqual([200, 150]);
});
