import {matrixOf, type Matrix} from "../../analysis/matrix.ts";
import {between, betweenLog, frameOf, gaussianOf} from "./gaussian.ts";
import type {HardPositive, HardShape} from "./hardPositive.ts";

/** Maps just before and just past the bifurcations of a fixed point (Kuznetsov 2004, chapter 4), whose rates and periods are exact. */

/** The map on its own plane, z ↦ its next place. */
type NormalForm = (x: number, y: number) => readonly [number, number];

const REST = 8; // further directions, which contract and are driven by the plane
const DRIVE = 0.2;

/** The plane's motion as seen from a state of `width` coordinates, with directions beside it that follow what it does in second order, and a little noise of the state itself. */
function unfolded({random, steps, width}: HardShape, {form, start}: {form: NormalForm; start: readonly [number, number]}): Matrix {
  const gaussian = gaussianOf(random);
  const [centre, ...frame] = frameOf(gaussian, width, 3 + REST);
  const kept = Array.from({length: REST}, () => between(random, -0.5, 0.5));
  const noise = betweenLog(random, 1e-5, 1e-3);
  const radius = Math.sqrt(width);
  const data = new Float32Array(steps * width);
  let [x, y] = start;
  let beside = kept.map(() => 0.1 * gaussian());
  for (let t = 0; t < steps; ++t) {
    for (let k = 0; k < width; ++k) {
      let value = centre[k] + x * frame[0][k] + y * frame[1][k] + (noise * gaussian()) / radius;
      for (let j = 0; j < REST; ++j) value += beside[j] * frame[2 + j][k];
      data[t * width + k] = radius * value;
    }
    beside = beside.map((b, j) => kept[j] * b + DRIVE * (x * x + y * y) * (j % 2 === 0 ? 1 : -1));
    [x, y] = form(x, y);
  }
  return matrixOf(steps, width, data);
}

const SIDES = {before: -1, past: 1} as const;

/** x ↦ −(1 + μ) x + x³: alternates towards rest at 1 − |μ| a step, or between two places. */
const flip = (side: keyof typeof SIDES): HardPositive["make"] => {
  return (shape) => {
    const mu = SIDES[side] * between(shape.random, 0.08, 0.3);
    const path = unfolded(shape, {form: (x) => [-(1 + mu) * x + x ** 3, 0], start: [0.35, 0]});
    return {path, truth: side === "past" ? {period: 2} : {rate: 1 + mu}};
  };
};

/** z ↦ (1 + μ − |z|²) e^{iω} z: a spiral to rest, or a circle of radius √μ. */
const neimarkSacker = (side: keyof typeof SIDES): HardPositive["make"] => {
  return (shape) => {
    const [mu, period] = [SIDES[side] * between(shape.random, 0.08, 0.3), between(shape.random, 3.2, 9)];
    const [cos, sin] = [Math.cos((2 * Math.PI) / period), Math.sin((2 * Math.PI) / period)];
    const form: NormalForm = (x, y) => {
      const keep = 1 + mu - (x * x + y * y);
      return [keep * (cos * x - sin * y), keep * (sin * x + cos * y)];
    };
    return {path: unfolded(shape, {form, start: [0.35, 0.1]}), truth: side === "past" ? {period} : {rate: 1 + mu}};
  };
};

/** x ↦ x + μ − x², which tends to √μ at 1 − 2 √μ a step, with the other fixed point as near on the other side. */
const fold: HardPositive["make"] = (shape) => {
  const root = between(shape.random, 0.05, 0.15);
  return {path: unfolded(shape, {form: (x) => [x + root ** 2 - x * x, 0], start: [0.5, 0]}), truth: {rate: 1 - 2 * root}};
};

export const BIFURCATIONS: Readonly<Record<string, HardPositive>> = {
  "just before a flip": {pattern: "converging", must: true, figure: "rate", make: flip("before")},
  "just past a flip": {pattern: "orbit", must: true, figure: "period", make: flip("past")},
  "just before a Neimark–Sacker": {pattern: "converging", must: true, figure: "rate", make: neimarkSacker("before")},
  "just past a Neimark–Sacker": {pattern: "orbit", must: true, figure: "period", make: neimarkSacker("past")},
  "just before a fold": {pattern: "converging", must: true, figure: "rate", make: fold}
};
