import {matrixOf, type Matrix} from "../../analysis/matrix.ts";
import type {Random} from "../../analysis/random.ts";
import {between, betweenLog, directionOf, frameOf, gaussianOf} from "./gaussian.ts";

/** What every generator needs; `steps` counts the states, `onSphere` puts each of them at norm √width. */
export interface Shape {
  readonly random: Random;
  readonly steps: number;
  readonly width: number;
  readonly onSphere: boolean;
  /** Size of the motion over the root mean square norm of the noise of one state; Infinity for no noise but float32's own. */
  readonly amplitude: number;
  /** Rounding will add noise of about 0.0017 of the norm, which the amplitude then stands on. */
  readonly rounded?: boolean;
}

export interface Made<Truth> {
  readonly path: Matrix;
  readonly truth: Truth;
}

const BFLOAT16_NOISE = 0.0017; // rounding noise of a bfloat16 state over its norm

/** Noise of one state over its norm, and the size of a motion that stands out of it (rounding included) by `amplitude`. */
function sizesOf({random, amplitude, rounded}: Shape, most: number): {noise: number; size: number} {
  if (amplitude === Infinity) return {noise: 0, size: betweenLog(random, 0.01, most)};
  const wanted = betweenLog(random, 1e-4, 0.05);
  const noise = Math.min(wanted, most / amplitude);
  return {noise, size: amplitude * Math.hypot(noise, rounded ? BFLOAT16_NOISE : 0)};
}

/** States base(t) + noise, scaled to norm √width, on the sphere if asked for. */
function pathFrom({random, steps, width, onSphere}: Shape, noise: number, base: (t: number) => Float64Array): Matrix {
  const gaussian = gaussianOf(random);
  const radius = Math.sqrt(width);
  const data = new Float32Array(steps * width);
  for (let t = 0; t < steps; ++t) {
    const state = base(t);
    let squared = 0;
    for (let k = 0; k < width; ++k) {
      state[k] += (noise * gaussian()) / radius;
      squared += state[k] ** 2;
    }
    const scale = onSphere ? radius / Math.sqrt(squared) : radius;
    for (let k = 0; k < width; ++k) data[t * width + k] = state[k] * scale;
  }
  return matrixOf(steps, width, data);
}

/** Orbits of period 2 to steps/4 in a random plane, circular or elliptic, after a decaying transient. */
export function orbitPath(shape: Shape, {period, transient = true}: {period?: number; transient?: boolean} = {}): Made<{period: number}> {
  const {random, steps, width} = shape;
  const {noise, size} = sizesOf(shape, 0.4);
  const longest = steps / 4;
  const truth = {period: period ?? (random() < 0.5 ? 2 + Math.floor(random() * (longest - 1)) : between(random, 2, longest))};
  const gaussian = gaussianOf(random);
  const frame = frameOf(gaussian, width, 4);
  const [centre, u, v, away] = width > 2 ? frame : [...frame.slice(2, 3), ...frame.slice(0, 2), frame[3]]; // a plane has room for the orbit alone
  const thin = random() < 0.5 ? 1 : between(random, 0.3, 1);
  const long = size * Math.sqrt(2 / (1 + thin ** 2));
  const phase = between(random, 0, 2 * Math.PI);
  const [rate, start] = transient ? [between(random, 0.4, 0.8), betweenLog(random, size, 1)] : [0, 0];
  // A flip has one axis only: its states are ± u, whatever the phase.
  const flip = truth.period === 2;
  return {
    truth,
    path: pathFrom(shape, noise, (t) => {
      const angle = (2 * Math.PI * t) / truth.period + phase;
      const [x, y] = flip ? [size * (t % 2 === 0 ? 1 : -1), 0] : [long * Math.cos(angle), long * thin * Math.sin(angle)];
      const decay = start * rate ** t;
      return centre.map((c, k) => c + x * u[k] + y * v[k] + decay * away[k]);
    })
  };
}

/** Drifts along a great circle (or a circle through the sphere, slightly curved; a straight line off the sphere), after a transient. `amplitude` is the step over the noise. */
export function sliderPath(shape: Shape, {transient = true}: {transient?: boolean} = {}): Made<{driftSpeed: number}> {
  const {random, steps, width, onSphere, amplitude, rounded} = shape;
  const fastest = Math.min(0.1, (onSphere ? 5 : 0.5) / steps); // a line off the sphere sweeps unequal angles unless it is short
  const slowest = rounded ? Math.min(fastest / 2, amplitude * BFLOAT16_NOISE) : fastest / 100;
  const speed = betweenLog(random, slowest, fastest);
  const noise = Math.sqrt(Math.max(0, (speed / amplitude) ** 2 - (rounded ? BFLOAT16_NOISE ** 2 : 0)));
  const gaussian = gaussianOf(random);
  const [pole, u, v, away] = frameOf(gaussian, width, 4);
  const bend = onSphere && random() < 0.5 ? between(random, 0.9, 1) : 1; // radius of the circle the path runs on, over that of the sphere
  const height = Math.sqrt(1 - bend ** 2);
  const [rate, start] = transient ? [between(random, 0.4, 0.8), betweenLog(random, speed, 0.5)] : [0, 0];
  return {
    truth: {driftSpeed: speed},
    path: pathFrom(shape, noise, (t) => {
      const decay = start * rate ** t;
      if (!onSphere) {
        const s = speed * (t - steps / 2);
        return pole.map((p, k) => p + s * u[k] + decay * away[k]);
      }
      const angle = (speed * t) / bend;
      return pole.map((p, k) => height * p + bend * (Math.cos(angle) * u[k] + Math.sin(angle) * v[k]) + decay * away[k]);
    })
  };
}

export type Contraction = "plain" | "spiral" | "alternating";

/** Contractions along one real mode, one complex pair (spiral) or one negative mode. `amplitude` is the first distance over the noise. */
export function contractionPath(
  shape: Shape,
  {kind = "plain", rate}: {kind?: Contraction; rate?: number} = {}
): Made<{rate: number; omega: number}> {
  const {random, width} = shape;
  const {noise, size} = sizesOf(shape, 0.8);
  const kept = rate ?? between(random, 0.5, 0.99);
  const gaussian = gaussianOf(random);
  const [centre, u, v] = frameOf(gaussian, width, 3);
  const omega = kind === "plain" ? 0 : kind === "alternating" ? Math.PI : (2 * Math.PI) / between(random, 2.5, 16);
  const truth = {rate: kept, omega};
  const turned = kind === "spiral" ? size : 0;
  return {
    truth,
    path: pathFrom(shape, noise, (t) => {
      const decay = truth.rate ** t;
      const [x, y] = [size * decay * Math.cos(omega * t), turned * decay * Math.sin(omega * t)];
      return centre.map((c, k) => c + x * u[k] + y * v[k]);
    })
  };
}

/** A contraction whose every direction turns at its own angle and decays at the same rate: no single mode accounts for it. */
export function manyModePath(shape: Shape, {rate}: {rate?: number} = {}): Made<{rate: number}> {
  const {random, width} = shape;
  const {noise, size} = sizesOf(shape, 0.8);
  const truth = {rate: rate ?? between(random, 0.5, 0.95)};
  const gaussian = gaussianOf(random);
  const centre = directionOf(gaussian, width);
  const start = directionOf(gaussian, width, size);
  const angles = Float64Array.from({length: width >> 1}, () => between(random, 0, Math.PI));
  return {
    truth,
    path: pathFrom(shape, noise, (t) => {
      const decay = truth.rate ** t;
      const state = centre.slice(); // the centre serves every step
      for (let j = 0; j < angles.length; ++j) {
        const [cos, sin] = [Math.cos(angles[j] * t) * decay, Math.sin(angles[j] * t) * decay];
        state[2 * j] += cos * start[2 * j] - sin * start[2 * j + 1];
        state[2 * j + 1] += sin * start[2 * j] + cos * start[2 * j + 1];
      }
      return state;
    })
  };
}
