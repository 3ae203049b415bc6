import {norm, rowOf, type Matrix} from "../matrix.ts";
import {stateAt, type States} from "../states.ts";
import {across, leadingAcross, length, pointsIn, shareIn, unitOf, type Plane} from "./flatPicture.ts";
import type {Drawing, Sitter} from "./sitter.ts";
import {timeFit} from "./timeFit.ts";

const CURVE_POINTS = 96;

/** The way of a slider: along its line, or round the great circle that it keeps to. */
export const sliderPortrait = (states: States, path: Matrix, unit: number, sitter: Sitter): Drawing =>
  sitter.greatCircle ? circlePortrait(states, path, unit, sitter) : linePortrait(states, path, unit, sitter);

/** hₜ ≈ c + v t: the first axis is the drift, the second the direction in which the window differs most besides. */
function linePortrait(states: States, path: Matrix, unit: number, {window}: Sitter): Drawing {
  const middle = (window[0] + window[1]) / 2;
  const {vectors, at, residual} = timeFit(path, window, [() => 1, (step) => step - middle]);
  const [centre, velocity] = vectors;
  const first = unitOf(velocity);
  const speed = length(velocity) / unit;
  const rest = stepsOf(window).map((step) => {
    const fitted = at(step);
    return Float64Array.from(rowOf(path, step), (x, j) => x - fitted[j]);
  });
  const plane: Plane = {centre, axes: [first, leadingAcross(rest, first)]};
  const points = pointsIn(plane, states, unit);
  const [start, end] = window.map((step) => speed * (step - middle));
  return {
    points,
    share: shareIn(plane, path, window),
    curve: Float32Array.of(start, 0, end, 0),
    along: Float32Array.from({length: states.steps * states.inits}, (_, i) => points[2 * i]),
    fitted: Float32Array.from(stepsOf(window), (step) => speed * (step - middle)),
    residual: residual / unit,
    phaseStep: window[0],
    greatCircle: false
  };
}

/** The plane through the origin that holds the window best; the way is the angle in it, counted on past a whole turn, from a line fitted to it. */
function circlePortrait(states: States, path: Matrix, unit: number, {init, window}: Sitter): Drawing {
  const middle = (window[0] + window[1]) / 2;
  const {vectors} = timeFit(path, window, [() => 1, (step) => step - middle]);
  const radius = meanNorm(path, window) / unit;
  // The middle of the way first, and the direction in which it goes on from there: angles then run from negative to positive.
  const first = unitOf(meanOf(path, window));
  const second = unitOf(across(vectors[1], first));
  const plane: Plane = {centre: new Float64Array(path.cols), axes: [first, second]};
  const points = pointsIn(plane, states, unit);
  const along = unwound(points, states);
  const own = stepsOf(window).map((step) => along[step * states.inits + init]);
  const {slope, offset} = lineOf(own);
  const fitted = Float32Array.from(own, (_, i) => offset + slope * i);
  let squares = 0;
  stepsOf(window).forEach((step, i) => {
    const state = stateAt(states, step, 0, init);
    const [x, y] = [radius * Math.cos(fitted[i]) * unit, radius * Math.sin(fitted[i]) * unit];
    for (let j = 0; j < state.length; ++j) squares += (state[j] - x * first[j] - y * second[j]) ** 2;
  });
  return {
    points,
    share: shareIn(plane, path, window),
    curve: Float32Array.from({length: 2 * (CURVE_POINTS + 1)}, (_, i) => {
      const angle = (2 * Math.PI * (i >> 1)) / CURVE_POINTS;
      return radius * (i % 2 ? Math.sin(angle) : Math.cos(angle));
    }),
    along,
    fitted,
    residual: Math.sqrt(squares / own.length) / unit,
    phaseStep: window[0],
    greatCircle: true
  };
}

const stepsOf = ([from, to]: readonly [number, number]): number[] => Array.from({length: to - from + 1}, (_, i) => from + i);

function meanOf(path: Matrix, window: readonly [number, number]): Float64Array {
  const mean = new Float64Array(path.cols);
  for (const step of stepsOf(window)) rowOf(path, step).forEach((x, j) => (mean[j] += x));
  return mean;
}

function meanNorm(path: Matrix, window: readonly [number, number]): number {
  const steps = stepsOf(window);
  return steps.reduce((sum, step) => sum + norm(rowOf(path, step)), 0) / steps.length;
}

/** Angles in the plane by `[step][init]`, each within half a turn of the one before; the last step is taken as it is. */
function unwound(points: Float32Array, {steps, inits}: States): Float32Array {
  const angles = new Float32Array(steps * inits);
  for (let init = 0; init < inits; ++init) {
    const raw = (step: number): number => Math.atan2(points[2 * (step * inits + init) + 1], points[2 * (step * inits + init)]);
    let angle = raw(steps - 1);
    for (let step = steps - 1; step >= 0; --step) {
      angle += shortest(raw(step) - angle);
      angles[step * inits + init] = angle;
    }
  }
  return angles;
}

const shortest = (angle: number): number => angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));

/** Least squares against 0, 1, 2 … */
function lineOf(values: readonly number[]): {slope: number; offset: number} {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const middle = (n - 1) / 2;
  let [products, squares] = [0, 0];
  values.forEach((value, i) => {
    products += (i - middle) * (value - mean);
    squares += (i - middle) ** 2;
  });
  const slope = products / squares;
  return {slope, offset: mean - slope * middle};
}
