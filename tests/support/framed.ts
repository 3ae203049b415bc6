import {matrixOf, type Matrix} from "../../analysis/matrix.ts";
import {frameOf, gaussianOf} from "./gaussian.ts";
import type {NullShape} from "./nulls.ts";

/** centre + place(t) in the axes of a random frame + noise of root mean square norm `noise`, scaled so that the centre has norm √width. */
export function framed({random, steps, width}: NullShape, axes: number, noise: number, place: (t: number) => readonly number[]): Matrix {
  const gaussian = gaussianOf(random);
  const [centre, ...frame] = frameOf(gaussian, width, axes + 1);
  const data = new Float32Array(steps * width);
  const radius = Math.sqrt(width);
  for (let t = 0; t < steps; ++t) {
    const at = place(t);
    for (let k = 0; k < width; ++k) {
      let x = centre[k] + (noise * gaussian()) / radius;
      for (let j = 0; j < axes; ++j) x += at[j] * frame[j][k];
      data[t * width + k] = radius * x;
    }
  }
  return matrixOf(steps, width, data);
}
