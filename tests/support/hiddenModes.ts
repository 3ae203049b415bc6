import {matrixOf} from "../../analysis/matrix.ts";
import {between, betweenLog, frameOf, gaussianOf} from "./gaussian.ts";
import type {HardPositive} from "./hardPositive.ts";

/** Contractions with a second mode of nearly the same rate along the same direction, or nearly so, which noise may hide. The truth is the slower mode's rate. */

/** size · decay(t) along one direction and `beside` of size · rateᵗ along another, in noise of 1/10 to 1/1000 of the size. */
const inNoise = (decayOf: (random: () => number, rate: number) => {decay: (t: number) => number; beside: number}): HardPositive["make"] => {
  return ({random, steps, width}) => {
    const gaussian = gaussianOf(random);
    const [centre, u, v] = frameOf(gaussian, width, 3);
    const [rate, size] = [between(random, 0.6, 0.85), betweenLog(random, 0.02, 0.3)];
    const noise = size / betweenLog(random, 10, 1000);
    const {decay, beside} = decayOf(random, rate);
    const radius = Math.sqrt(width);
    const data = new Float32Array(steps * width);
    for (let t = 0; t < steps; ++t) {
      const [along, other] = [size * decay(t), size * beside * rate ** t];
      for (let k = 0; k < width; ++k) data[t * width + k] = radius * (centre[k] + along * u[k] + other * v[k]) + noise * gaussian();
    }
    return {truth: {rate}, path: matrixOf(steps, width, data)};
  };
};

const signed = (random: () => number, size: number): number => (random() < 0.5 ? -size : size);

export const HIDDEN_MODES: Readonly<Record<string, HardPositive>> = {
  "Jordan block with a small second part": {
    pattern: "converging",
    must: true,
    figure: "rate",
    make: inNoise((random, rate) => {
      const part = betweenLog(random, 0.01, 0.2);
      const slope = signed(random, part);
      return {decay: (t) => (1 + slope * t) * rate ** t, beside: random() < 0.5 ? part : 0};
    })
  },
  "second mode of nearly the same rate": {
    pattern: "converging",
    must: true,
    figure: "rate",
    make: inNoise((random, rate) => {
      const [share, quicker] = [signed(random, betweenLog(random, 0.1, 1)), between(random, 0.6, 0.95) * rate];
      return {decay: (t) => rate ** t + share * quicker ** t, beside: 0};
    })
  }
};
