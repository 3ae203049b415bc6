import {matrixOf, type Matrix} from "../../analysis/matrix.ts";
import {frameOf} from "./gaussian.ts";
import type {HardShape} from "./hardPositive.ts";

export interface TurningLoop {
  /** Share of the distance from its fixed point that the loop keeps a step. */
  readonly rate: number;
  /** Steps of one turn; 2 flips. */
  readonly period: number;
  /** Planes that turn; all other directions keep 0.4 a step. */
  readonly planes: number;
  readonly round: (state: Float32Array) => Float32Array;
}

const BESIDE = 0.4; // kept a step of all other directions

/** hₜ₊₁ = c + A (hₜ − c) that rounds every state; A turns in some planes, whose direction is the fixed point's for no coordinate. */
export function turningLoop(gaussian: () => number, {steps, width}: Pick<HardShape, "steps" | "width">, loop: TurningLoop): Matrix {
  const {rate, period, planes, round} = loop;
  const [centre, start, ...frame] = frameOf(gaussian, width, 2 + 2 * planes);
  const radius = Math.sqrt(width);
  const [cosine, sine] = [rate * Math.cos((2 * Math.PI) / period), rate * Math.sin((2 * Math.PI) / period)];
  const data = new Float32Array(steps * width);
  const away = frame.reduce((sum, axis, j) => (j % 2 === 0 ? sum.map((x, k) => x + axis[k] / Math.sqrt(planes)) : sum), start);
  let state = round(Float32Array.from(centre, (c, k) => radius * (c + 0.6 * away[k])));
  for (let t = 0; t < steps; ++t) {
    data.set(state, t * width);
    const off = Float64Array.from(state, (x, k) => x - radius * centre[k]);
    const next = off.map((x) => BESIDE * x);
    for (let j = 0; j < 2 * planes; j += 2) {
      const [one, other] = [frame[j], frame[j + 1]];
      const [x, y] = [one, other].map((axis) => axis.reduce((sum, a, k) => sum + a * off[k], 0));
      for (let k = 0; k < width; ++k)
        next[k] += (cosine * x - sine * y - BESIDE * x) * one[k] + (sine * x + cosine * y - BESIDE * y) * other[k];
    }
    state = round(Float32Array.from(next, (x, k) => radius * centre[k] + x));
  }
  return matrixOf(steps, width, data);
}
