import {expect, it} from "vitest";
import {matrixOf} from "../../../../analysis/matrix.ts";
import {besideCurve, movesBeside} from "../../../../analysis/patterns/orbit/besideCurve.ts";
import {classifyPath} from "../../../../analysis/patterns/classifyRun.ts";
import {curveOf, placesAlong} from "../../../../analysis/patterns/orbit/ownPlane.ts";
import {residualOf} from "../../../../analysis/patterns/path/residual.ts";
import {inner, takeAway} from "../../../../analysis/patterns/statistics/timeBasis.ts";
import {trendOf} from "../../../../analysis/patterns/path/windows.ts";
import {seededRandom} from "../../../../analysis/random.ts";
import {gaussianOf} from "../../../support/gaussian.ts";

const [SIZE, WIDTH, OMEGA] = [48, 64, 2 * Math.PI * 0.19];

/** What a circle of radius 1 in the first two of 64 coordinates, each with a little noise, leaves, of states so far off it. */
function besideCircle(off: (t: number, k: number) => number) {
  const little = gaussianOf(seededRandom(9));
  const states = Array.from({length: SIZE}, (_, t) =>
    Array.from({length: WIDTH}, (_, k) => (k === 0 ? Math.cos(OMEGA * t) : k === 1 ? Math.sin(OMEGA * t) : 0) + off(t, k) + 1e-6 * little())
  );
  const values = Float64Array.from({length: SIZE ** 2}, (_, i) =>
    states[Math.floor(i / SIZE)].reduce((sum, x, k) => sum + x * states[i % SIZE][k], 0)
  );
  const nuisance = trendOf(SIZE);
  const plain = residualOf({size: SIZE, values}, nuisance);
  const {line, curve} = curveOf(SIZE, {omega: OMEGA, turnsToClose: 1, nuisance}, []);
  const squares = placesAlong(plain, line).map((place) => {
    for (const f of curve) takeAway(place, f);
    return inner(place, place);
  });
  const across = squares.reduce((sum, x) => sum + x, 0) / (SIZE - nuisance.length - curve.length);
  return besideCurve(plain, curve, {across, nuisance});
}

it("a radius that goes its own way is a motion beside the circle, in its plane", () => {
  let x = 0.4;
  const radii = Array.from({length: SIZE}, () => 0.05 * (x = 3.9 * x * (1 - x)));
  const found = besideCircle((t, k) => (k === 0 ? radii[t] * Math.cos(OMEGA * t) : k === 1 ? radii[t] * Math.sin(OMEGA * t) : 0));
  expect(found.few).toBe(true);
  expect(found.inPlane).toBeCloseTo(1, 6);
  expect(movesBeside(found)).toBe(true);
});

it("noise is none: of all directions it is not in few, of few others it is not in the plane", () => {
  const gaussian = gaussianOf(seededRandom(3));
  expect(besideCircle(() => 0.01 * gaussian()).few).toBe(false);
  const others = besideCircle((_, k) => (k === 7 || k === 8 ? 0.05 * gaussian() : 0));
  expect(others.few).toBe(true);
  expect(others.inPlane).toBeLessThan(0.01);
  expect(movesBeside(others)).toBe(false);
});

it("what is in many directions or in none of its plane, dies away or comes again is none", () => {
  const found = {few: true, confined: false, inPlane: 0.32, late: 0.52, again: 0.32};
  expect(movesBeside(found)).toBe(true);
  for (const otherwise of [{few: false}, {inPlane: 0.28}, {late: 0.48}, {again: 0.28}])
    expect(movesBeside({...found, ...otherwise})).toBe(false);
});

/** Beside a circle that turns in four steps: points of a period of twelve, and such a share of the energy that comes anew at every state. */
function besidePoints(anew: number) {
  const gaussian = gaussianOf(seededRandom(4));
  const shifts = [0.06, -0.04, 0.05, -0.07, 0.01, 0.03, -0.05, 0.02, -0.01, 0.04, -0.03, -0.01];
  const size = Math.sqrt(shifts.reduce((sum, x) => sum + x * x, 0) / shifts.length);
  const states = Array.from({length: SIZE}, (_, t) => [
    Math.cos((Math.PI * t) / 2) + Math.sqrt(1 - anew) * shifts[t % 12] + Math.sqrt(anew) * size * gaussian(),
    Math.sin((Math.PI * t) / 2)
  ]);
  const values = Float64Array.from({length: SIZE ** 2}, (_, i) => {
    const [a, b] = [states[Math.floor(i / SIZE)], states[i % SIZE]];
    return a[0] * b[0] + a[1] * b[1];
  });
  const nuisance = trendOf(SIZE).slice(0, 1);
  const plain = residualOf({size: SIZE, values}, nuisance);
  const {curve} = curveOf(SIZE, {omega: Math.PI / 2, turnsToClose: 1, nuisance}, []);
  return besideCurve(plain, curve, {across: 1e-3, nuisance});
}

it("comes again where a longer period does, by the share that comes anew", () => {
  const [none, some, more] = [0, 0.4, 0.7].map(besidePoints);
  expect(none.again).toBeLessThan(0.01);
  expect(movesBeside({...some, few: true})).toBe(false);
  expect(movesBeside({...more, few: true})).toBe(true);
});

it.each([3, 4, 6])("a circle in %i coordinates and noise is an orbit: all the noise that there is is in few directions", (width) => {
  const random = seededRandom(width);
  const gaussian = gaussianOf(random);
  const found = Array.from({length: 20}, () => {
    const data = Float32Array.from({length: SIZE * width}, (_, at) => {
      const [t, k] = [Math.floor(at / width), at % width];
      return (k === 0 ? Math.cos(OMEGA * t) : k === 1 ? Math.sin(OMEGA * t) : 0) + 0.03 * gaussian();
    });
    return classifyPath(matrixOf(SIZE, width, data)).pattern;
  });
  expect(found.filter((pattern) => pattern === "orbit").length).toBeGreaterThanOrEqual(19);
});
