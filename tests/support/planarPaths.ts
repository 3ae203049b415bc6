import {matrixOf, rowOf, type Matrix} from "../../analysis/matrix.ts";
import {seededRandom} from "../../analysis/random.ts";
import {statesOf, type States} from "../../analysis/states.ts";
import {frameOf, gaussianOf} from "./gaussian.ts";
import type {Shape} from "./trajectories.ts";

/** What a seeded generator is given. */
export const shape = (seed: number, {steps = 32, width = 64, amplitude = 20, onSphere = true}: Partial<Shape> = {}): Shape => ({
  random: seededRandom(seed),
  steps,
  width,
  amplitude,
  onSphere
});

/** States centre + x(t) u + y(t) v in a random plane, no noise but float32's. */
export function planar(steps: number, width: number, at: (t: number) => [number, number]): Matrix {
  const [centre, u, v] = frameOf(gaussianOf(seededRandom(5)), width, 3);
  const data = new Float32Array(steps * width);
  for (let t = 0; t < steps; ++t) {
    const [x, y] = at(t);
    for (let k = 0; k < width; ++k) data[t * width + k] = 8 * (centre[k] + x * u[k] + y * v[k]);
  }
  return matrixOf(steps, width, data);
}

/** Points on a circle, after a transient that halves at each step. */
export const circle = (steps: number, period: number, radius: number, transient = 0): Matrix =>
  planar(steps, 48, (t) => [
    radius * Math.cos((2 * Math.PI * t) / period) + transient * 0.5 ** t,
    radius * Math.sin((2 * Math.PI * t) / period)
  ]);

/** Gaussian noise of this size in every coordinate on top of a path. */
export function withNoise({rows, cols, data}: Matrix, size: number, seed: number): Matrix {
  const gaussian = gaussianOf(seededRandom(seed));
  return matrixOf(
    rows,
    cols,
    data.map((x) => x + size * gaussian())
  );
}

/** Along a great circle of radius 8. */
export function greatCircle(steps: number, width: number, speed: number): Matrix {
  const [u, v] = frameOf(gaussianOf(seededRandom(6)), width, 2);
  const data = new Float32Array(steps * width);
  for (let t = 0; t < steps; ++t)
    for (let k = 0; k < width; ++k) data[t * width + k] = 8 * (Math.cos(speed * t) * u[k] + Math.sin(speed * t) * v[k]);
  return matrixOf(steps, width, data);
}

/** A run with one path a token. */
export function runOf(paths: readonly Matrix[]): States {
  const [{rows: steps, cols: width}] = paths;
  const data = new Float32Array(steps * paths.length * width);
  for (let step = 0; step < steps; ++step)
    paths.forEach((path, token) => data.set(rowOf(path, step), (step * paths.length + token) * width));
  return statesOf({steps, inits: 1, tokens: paths.length, width}, data);
}
