import {matrixOf, type Matrix} from "../../analysis/matrix.ts";
import {directionOf, gaussianOf} from "./gaussian.ts";
import type {NullShape} from "./nulls.ts";

/** A small random recurrent net: h ← W tanh(h) + e, or normalised to length √width after h + W tanh(h) + e, as a block that ends in an RMSNorm is. */
export interface NetOptions {
  /** Spectral radius of W about; above 1 it may turn or wander. */
  readonly gain: number;
  /** Steps before the first state. */
  readonly burnIn?: number;
  readonly onSphere?: boolean;
  /** Size of the input in each coordinate; defaults to 0.3. */
  readonly input?: number;
}

export function netPath({random, steps, width}: NullShape, {gain, burnIn = 0, onSphere = false, input = 0.3}: NetOptions): Matrix {
  const gaussian = gaussianOf(random);
  const W = Float64Array.from({length: width * width}, () => (gain * gaussian()) / Math.sqrt(width));
  const e = Float64Array.from({length: width}, () => input * gaussian());
  const step = (state: Float64Array): Float64Array => {
    const active = state.map(Math.tanh);
    const next = e.slice(); // the input serves every step
    for (let i = 0; i < width; ++i) for (let j = 0; j < width; ++j) next[i] += W[i * width + j] * active[j];
    if (!onSphere) return next;
    let squared = 0;
    for (let i = 0; i < width; ++i) {
      next[i] += state[i];
      squared += next[i] ** 2;
    }
    const scale = Math.sqrt(width / squared);
    return next.map((x) => x * scale);
  };
  let state: Float64Array = directionOf(gaussian, width, Math.sqrt(width));
  for (let t = 0; t < burnIn; ++t) state = step(state);
  const data = new Float32Array(steps * width);
  for (let t = 0; t < steps; ++t) {
    data.set(state, t * width);
    state = step(state);
  }
  return matrixOf(steps, width, data);
}
