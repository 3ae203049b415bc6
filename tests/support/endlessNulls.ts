import {matrixOf, type Matrix} from "../../analysis/matrix.ts";
import {between, betweenLog, frameOf, gaussianOf} from "./gaussian.ts";
import type {HardNull} from "./hardNulls.ts";
import type {NullShape} from "./nulls.ts";

/** Ways that slow down and have no end, or have hardly begun, and motions that recur only beside a trend. */

/** Share of its way that a path has gone at a step, 0 at the first. */
type Course = (t: number) => number;

interface Ways {
  /** One course for every direction. */
  readonly courses: readonly Course[];
  /** Way of each direction over the path, in units of the centre's norm. */
  readonly sizes: readonly number[];
  /** Root mean square norm of the noise of one state, in the same units. */
  readonly noise: number;
  /** Along a great circle, the first way's angle its size; defaults to straight. */
  readonly round?: boolean;
}

/** Ways along the axes of a random frame, each its course scaled to go its size over the path. */
function along({random, steps, width}: NullShape, {courses, sizes, noise, round = false}: Ways): Matrix {
  const gaussian = gaussianOf(random);
  const [centre, ...frame] = frameOf(gaussian, width, courses.length + 1);
  const radius = Math.sqrt(width);
  const data = new Float32Array(steps * width);
  for (let t = 0; t < steps; ++t) {
    const at = courses.map((course, j) => (sizes[j] * course(t)) / course(steps - 1));
    const [away, near] = round ? [Math.sin(at[0]), Math.cos(at[0])] : [at[0], 1];
    for (let k = 0; k < width; ++k) {
      let x = near * centre[k] + away * frame[0][k] + (noise * gaussian()) / radius;
      for (let j = 1; j < at.length; ++j) x += at[j] * frame[j][k];
      data[t * width + k] = radius * x;
    }
  }
  return matrixOf(steps, width, data);
}

/** A way of a size that is seen, and noise a fifth to a hundredth of it. */
function seen({random}: NullShape): {size: number; noise: number} {
  const size = betweenLog(random, 0.05, 0.6);
  return {size, noise: size / betweenLog(random, 5, 100)};
}

/** (t + τ)ᵃ − τᵃ. */
const power =
  (a: number, begun: number): Course =>
  (t) =>
    (t + begun) ** a - begun ** a;

const begun = ({random}: NullShape): number => (random() < 0.5 ? 0 : betweenLog(random, 0.5, 8));
const somePower = (shape: NullShape): Course => power(between(shape.random, 0.15, 0.85), begun(shape));
const logarithm = ({random}: NullShape): Course => {
  const first = betweenLog(random, 0.5, 5);
  return (t) => Math.log(1 + t / first);
};
const doubleLogarithm: Course = (t) => Math.log(Math.log(t + Math.E));
const endless = (shape: NullShape): Course => (shape.random() < 0.7 ? somePower(shape) : logarithm(shape));

const oneWay =
  (course: (shape: NullShape) => Course, round = false) =>
  (shape: NullShape): Matrix => {
    const {size, noise} = seen(shape);
    return along(shape, {courses: [course(shape)], sizes: [size], noise, round});
  };

/** Two to six ways at right angles, each of its own power. */
function severalWays(shape: NullShape): Matrix {
  const {random} = shape;
  const {size, noise} = seen(shape);
  const courses = Array.from({length: 2 + Math.floor(random() * 5)}, () => endless(shape));
  return along(shape, {courses, sizes: courses.map(() => size * between(random, 0.3, 1)), noise});
}

/** A decay along one direction, and a way without an end along another, or along the same. */
function afterTransient(shape: NullShape, way: Course): Matrix {
  const {random} = shape;
  const {size, noise} = seen(shape);
  const rate = between(random, 0.3, 0.8);
  const decay: Course = (t) => 1 - rate ** t;
  const share = betweenLog(random, 0.3, 3);
  const end = shape.steps - 1;
  if (random() < 0.3) return along(shape, {courses: [(t) => way(t) / way(end) + share * decay(t)], sizes: [size], noise});
  return along(shape, {courses: [way, decay], sizes: [size, size * share], noise});
}

/** Less than two fifths of a way to an end: a stretched exponential, or a power of time. */
function hardlyBegun(shape: NullShape): Matrix {
  const {random, steps} = shape;
  const share = between(random, 0.1, 0.4);
  const stretched = random() < 0.5;
  const power = between(random, 0.3, 1);
  const scale = steps / (stretched ? (-Math.log(1 - share)) ** (1 / power) : (1 - share) ** (-1 / power) - 1);
  return oneWay(() => (t) => (stretched ? 1 - Math.exp(-((t / scale) ** power)) : 1 - (1 + t / scale) ** -power))(shape);
}

/** A walk whose steps shrink as t⁻ᵇ, b up to a half: its variance has no bound. */
function shrinkingWalk(shape: NullShape): Matrix {
  const {random, steps, width} = shape;
  const gaussian = gaussianOf(random);
  const [b, size] = [between(random, 0.2, 0.5), betweenLog(random, 0.02, 0.3)];
  const state = gaussianCentre(shape);
  const data = new Float32Array(steps * width);
  for (let t = 0; t < steps; ++t) {
    data.set(state, t * width);
    for (let k = 0; k < width; ++k) state[k] += size * (t + 1) ** -b * gaussian();
  }
  return matrixOf(steps, width, data);
}

const gaussianCentre = ({random, width}: NullShape): Float64Array => {
  const [centre] = frameOf(gaussianOf(random), width, 1);
  return centre.map((x) => x * Math.sqrt(width));
};

/** Steps up a stair every few states, at regular intervals or not. */
function staircase(shape: NullShape, regular: boolean): Matrix {
  const {random, steps} = shape;
  const {size, noise} = seen(shape);
  const every = between(random, 3, steps / 5);
  const offset = random() * every;
  const jumps = Array.from({length: steps}, () => random() < 1 / every);
  const level = jumps.map(
    (
      (sum) => (jump: boolean) =>
        (sum += Number(jump))
    )(0)
  );
  return along(shape, {
    courses: [regular ? (t) => Math.floor((t + offset) / every) - Math.floor(offset / every) || 1e-9 : (t) => level[t] || 1e-9],
    sizes: [size],
    noise: noise / 5
  });
}

/** Advancing while circling: the centre goes four to forty radii on. */
function helix(shape: NullShape): Matrix {
  const {random, steps} = shape;
  const {size, noise} = seen(shape);
  const omega = (2 * Math.PI) / between(random, 2.5, steps / 5);
  const radius = size / betweenLog(random, 4, 40);
  const [turn, across] = [Math.cos, Math.sin].map(
    (f): Course =>
      (t) =>
        radius * f(omega * t)
  );
  return drawn(shape, [(t) => (size * t) / (steps - 1), turn, across], Math.min(noise, radius / 3));
}

/** The same as `along` for places that are in units of the centre's norm already. */
function drawn(shape: NullShape, places: readonly Course[], noise: number): Matrix {
  const end = shape.steps - 1;
  return along(shape, {
    courses: places.map((place) => (t: number) => (t === end ? place(t) || 1e-9 : place(t))),
    sizes: places.map((place) => place(end) || 1e-9),
    noise
  });
}

export const ENDLESS_NULLS: Readonly<Record<string, HardNull>> = {
  "way that grows as tᵃ": {make: oneWay(somePower), allowed: ["slider"]},
  "way that grows as ln t": {make: oneWay(logarithm), allowed: ["slider"]},
  "way that grows as ln ln t": {make: oneWay(() => doubleLogarithm), allowed: ["slider"]},
  "arc that grows as tᵃ or ln t": {make: oneWay(endless, true), allowed: ["slider"]},
  "several ways without an end": {make: severalWays, allowed: ["slider"]},
  "transient, then a way without an end": {make: (shape) => afterTransient(shape, endless(shape)), allowed: ["slider"]},
  "transient beside a drift": {make: (shape) => afterTransient(shape, (t) => t), allowed: ["slider"]},
  "way that has hardly begun": {make: hardlyBegun, allowed: ["slider"]},
  "walk of shrinking steps": {make: shrinkingWalk},
  "stair of regular steps": {make: (shape) => staircase(shape, true), allowed: ["slider"]},
  "stair of irregular steps": {make: (shape) => staircase(shape, false), allowed: ["slider"]},
  helix: {make: helix, allowed: ["slider"]}
};
