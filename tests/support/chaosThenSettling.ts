import {matrixOf} from "../../analysis/matrix.ts";
import {between, gaussianOf} from "./gaussian.ts";
import type {HardShape, Truth} from "./hardPositive.ts";
import {netPath} from "./nets.ts";
import type {Made} from "./trajectories.ts";

/** A chaotic net, which then comes to rest at another of its states. */
export function chaosThenSettling(shape: HardShape): Made<Truth> {
  const {random, steps, width} = shape;
  const start = Math.floor(between(random, 0.4, 0.6) * steps);
  const wild = netPath({...shape, steps: start + 1}, {gain: 2.5, burnIn: 50});
  const rate = between(random, 0.6, 0.8);
  const gaussian = gaussianOf(random);
  const noise = 10 ** -between(random, 3, 5);
  const data = new Float32Array(steps * width);
  data.set(wild.data);
  for (let t = start + 1; t < steps; ++t)
    for (let k = 0; k < width; ++k)
      data[t * width + k] = wild.data[k] + rate ** (t - start) * (wild.data[start * width + k] - wild.data[k]) + noise * gaussian();
  return {truth: {rate}, path: matrixOf(steps, width, data)};
}
