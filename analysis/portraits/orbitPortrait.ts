import {rowOf, type Matrix} from "../matrix.ts";
import type {States} from "../states.ts";
import {across, leadingAcross, length, pointsIn, shareIn, unitOf, type Plane} from "./flatPicture.ts";
import type {Drawing, Sitter} from "./sitter.ts";
import {timeFit} from "./timeFit.ts";

const CURVE_POINTS = 96;
const FLAT = 1e-3; // a second axis shorter than this share of the first is no ellipse but a flip to and fro

/**
 * The plane of an orbit: hₜ ≈ c + d t + a cos ωt + b sin ωt over the window; a and b span it, and the axes are those of the ellipse that they make.
 * An orbit of period 2 has only one: the second axis is then the direction in which the window differs most besides.
 */
export function orbitPortrait(states: States, path: Matrix, unit: number, {init, window, period = 2}: Sitter): Drawing {
  const middle = (window[0] + window[1]) / 2;
  const omega = (2 * Math.PI) / period;
  const turn = (step: number): number => omega * (step - window[0]);
  const flips = Math.abs(Math.sin(omega)) < 0.5 / (window[1] - window[0] + 1); // its sine cannot be told from nothing
  const [centre, , a, b = new Float64Array(path.cols)] = timeFit(path, window, [
    () => 1,
    (step) => step - middle,
    (step) => Math.cos(turn(step)),
    ...(flips ? [] : [(step: number) => Math.sin(turn(step))])
  ]).vectors;
  const {long, short, phase} = ellipseOf(a, b);
  const [longest, shortest] = [length(long), length(short)];
  const first = unitOf(long);
  const flat = shortest < FLAT * longest;
  const plane: Plane = {centre, axes: [first, flat ? leadingAcross(offsetsOf(path, window, centre), first) : unitOf(across(short, first))]};
  const [rx, ry] = [longest / unit, flat ? 0 : shortest / unit];
  const points = pointsIn(plane, states, unit);
  const steps = Array.from({length: window[1] - window[0] + 1}, (_, i) => window[0] + i);
  return {
    points,
    share: shareIn(plane, path, window),
    curve: curveOf(rx, ry),
    along: Float32Array.from({length: states.steps * states.inits}, (_, i) => points[2 * i]),
    fitted: Float32Array.from(steps, (step) => rx * Math.cos(turn(step) - phase)),
    residual: residualOf(
      points,
      {init, inits: states.inits, window, at: (step) => [rx * Math.cos(turn(step) - phase), ry * Math.sin(turn(step) - phase)]},
      plane,
      path,
      unit
    ),
    phaseStep: window[0] + phase / omega,
    greatCircle: false
  };
}

/** a cos θ + b sin θ = long cos(θ − phase) + short sin(θ − phase), the two at right angles. The sign is free: the largest entry of `long` is positive. */
function ellipseOf(a: Float64Array, b: Float64Array): {long: Float64Array; short: Float64Array; phase: number} {
  let [aa, bb, ab] = [0, 0, 0];
  for (let j = 0; j < a.length; ++j) {
    aa += a[j] * a[j];
    bb += b[j] * b[j];
    ab += a[j] * b[j];
  }
  let phase = Math.atan2(2 * ab, aa - bb) / 2;
  const mixed = (x: number, y: number): Float64Array => a.map((value, j) => x * value + y * b[j]);
  let long = mixed(Math.cos(phase), Math.sin(phase));
  if (long.reduce((most, x) => (Math.abs(x) > Math.abs(most) ? x : most), 0) < 0) {
    phase += Math.PI;
    long = mixed(Math.cos(phase), Math.sin(phase));
  }
  return {long, short: mixed(-Math.sin(phase), Math.cos(phase)), phase};
}

function offsetsOf(path: Matrix, [from, to]: readonly [number, number], centre: Float64Array): Float64Array[] {
  return Array.from({length: to - from + 1}, (_, i) => Float64Array.from(rowOf(path, from + i), (x, j) => x - centre[j]));
}

const curveOf = (rx: number, ry: number): Float32Array =>
  ry === 0
    ? Float32Array.of(-rx, 0, rx, 0)
    : Float32Array.from({length: 2 * (CURVE_POINTS + 1)}, (_, i) => {
        const angle = (2 * Math.PI * (i >> 1)) / CURVE_POINTS;
        return i % 2 ? ry * Math.sin(angle) : rx * Math.cos(angle);
      });

interface Course {
  readonly init: number;
  readonly inits: number;
  readonly window: readonly [number, number];
  readonly at: (step: number) => readonly [number, number];
}

/** Root mean square distance of the window's states from where the curve has them, in full dimension. */
function residualOf(
  points: Float32Array,
  {init, inits, window: [from, to], at}: Course,
  {centre}: Plane,
  path: Matrix,
  unit: number
): number {
  let squares = 0;
  for (let step = from; step <= to; ++step) {
    const [x, y] = [points[2 * (step * inits + init)], points[2 * (step * inits + init) + 1]];
    const [fx, fy] = at(step);
    let away = 0;
    rowOf(path, step).forEach((value, j) => (away += ((value - centre[j]) / unit) ** 2));
    squares += Math.max(0, away - x * x - y * y) + (x - fx) ** 2 + (y - fy) ** 2;
  }
  return Math.sqrt(squares / (to - from + 1));
}
