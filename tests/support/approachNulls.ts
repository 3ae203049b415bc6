import {matrixOf, type Matrix} from "../../analysis/matrix.ts";
import {betweenLog, directionOf, frameOf, gaussianOf} from "./gaussian.ts";
import type {HardNull} from "./hardNulls.ts";
import type {NullShape} from "./nulls.ts";

const MOST_UNITS = 96;
const NEARER = 0.4; // of the first step, the last one seen at most
const LATER = 10; // × as many steps as are seen
const STILL_MOVES = 0.03; // of a state's norm, in its last step

/**
 * A random net seen from an initial state that lies off the states among which it moves for ever: it comes nearer and never to rest, on no one mode's way, since each direction of
 * its weights turns and shrinks by a share of its own. What comes no nearer, has come to rest at the end, or moves by less than half as much much later, is drawn again.
 */
function comesNear({random, steps, width}: NullShape): Matrix {
  const gaussian = gaussianOf(random);
  const units = Math.min(width, MOST_UNITS);
  const axes = units < width ? frameOf(gaussian, width, units) : undefined;
  const radius = Math.sqrt(units);
  for (;;) {
    const [gain, onSphere, input] = [betweenLog(random, 1.2, 2.5), random() < 0.7, betweenLog(random, 0.3, 3)];
    const weights = Array.from({length: units}, () => Float64Array.from({length: units}, () => (gain * gaussian()) / radius));
    const inputs = Float64Array.from({length: units}, () => input * gaussian());
    const next = (state: Float64Array): Float64Array => {
      const active = onSphere ? state.map(Math.tanh) : state;
      const sums = weights.map((row, i) => row.reduce((sum, weight, j) => sum + weight * active[j], inputs[i]));
      if (!onSphere) return Float64Array.from(sums, Math.tanh);
      const scale = radius / Math.hypot(...sums);
      return Float64Array.from(sums, (x) => x * scale);
    };
    const states = [directionOf(gaussian, units, radius)];
    while (states.length < LATER * steps) states.push(next(states.at(-1)!));
    const moved = (t: number): number => Math.hypot(...states[t].map((x, i) => x - states[t - 1][i]));
    const [first, last] = [moved(1), moved(steps - 1)];
    if (last > NEARER * first || last < STILL_MOVES * radius || moved(states.length - 1) < last / 2) continue;
    const data = new Float32Array(steps * width);
    for (let t = 0; t < steps; ++t)
      if (!axes) data.set(states[t], t * width);
      else axes.forEach((axis, i) => axis.forEach((x, k) => (data[t * width + k] += states[t][i] * x)));
    return matrixOf(steps, width, data);
  }
}

export const APPROACH_NULLS: Readonly<Record<string, HardNull>> = {
  "net that comes near, and never to rest": {make: comesNear, allowed: ["orbit"]}
};
