import {matrixOf, type Matrix} from "../../analysis/matrix.ts";
import {between, betweenLog, directionOf, frameOf, gaussianOf} from "./gaussian.ts";
import type {HardNull} from "./hardNulls.ts";
import type {NullShape} from "./nulls.ts";

/** Noise whose size or memory changes on its way, and what is filled and emptied: none of it approaches anything. */

/** A centre of norm √width and, beside it, `size` × what is drawn at every step, [steps][width]. */
function beside({random, steps, width}: NullShape, size: number, draw: (t: number) => ArrayLike<number>): Matrix {
  const centre = directionOf(gaussianOf(random), width, Math.sqrt(width));
  const data = new Float32Array(steps * width);
  for (let t = 0; t < steps; ++t) {
    const drawn = draw(t);
    for (let k = 0; k < width; ++k) data[t * width + k] = centre[k] + size * drawn[k];
  }
  return matrixOf(steps, width, data);
}

const some = ({random}: NullShape): number => betweenLog(random, 0.003, 0.3);

/** Noise whose size goes up and down by a factor of two to four once in a third to twice the path: from farther, many modes come to rest no differently. */
function breathing(shape: NullShape): Matrix {
  const {random, steps, width} = shape;
  const gaussian = gaussianOf(random);
  const [depth, omega, phase] = [
    between(random, 0.3, 0.65),
    (2 * Math.PI) / (steps * between(random, 0.33, 2)),
    between(random, 0, 2 * Math.PI)
  ];
  return beside(shape, some(shape), (t) => {
    const now = Math.exp(depth * Math.sin(omega * t + phase));
    return Float64Array.from({length: width}, () => now * gaussian());
  });
}

/** What fills at an even speed and empties at once, at levels that vary. */
function sawtooth(shape: NullShape): Matrix {
  const {random, steps, width} = shape;
  const gaussian = gaussianOf(random);
  const [way] = frameOf(gaussian, width, 1);
  const [every, jitter, size] = [between(random, 5, steps / 2), between(random, 0.1, 0.5), betweenLog(random, 0.05, 0.6)];
  const noise = size / betweenLog(random, 5, 100);
  const levelOf = (): number => 1 + jitter * (2 * random() - 1);
  let [fill, level] = [random(), levelOf()];
  return beside(shape, Math.sqrt(width), () => {
    fill += 1 / every;
    if (fill > level) [fill, level] = [0, levelOf()];
    return way.map((x) => size * fill * x + (noise * gaussian()) / Math.sqrt(width));
  });
}

/** Noise along one line that turns slowly. */
function turningLine(shape: NullShape): Matrix {
  const {random, steps, width} = shape;
  const gaussian = gaussianOf(random);
  const [u, v] = frameOf(gaussian, width, 2);
  const [omega, phase] = [between(random, 0.1, 1) * (Math.PI / steps), between(random, 0, 2 * Math.PI)];
  const blur = betweenLog(random, 0.01, 0.1);
  return beside(shape, some(shape) * Math.sqrt(width), (t) => {
    const [along, angle] = [gaussian(), omega * t + phase];
    return u.map((x, k) => along * (Math.cos(angle) * x + Math.sin(angle) * v[k]) + (blur * gaussian()) / Math.sqrt(width));
  });
}

/** Noise of a long memory, or of one that it works against: a fractional difference of white noise, d from −0.2 to 0.4 (Hurst's 0.3 to 0.9), or the sum of such noise. */
function fractional(shape: NullShape): Matrix {
  const {random, steps, width} = shape;
  const gaussian = gaussianOf(random);
  const d = between(random, -0.2, 0.4);
  const summed = random() < 0.5;
  const past = 2 * steps;
  const weights = [1];
  for (let i = 1; i < past; ++i) weights.push((weights[i - 1] * (i - 1 + d)) / i);
  const white = Array.from({length: past + steps}, () => Float64Array.from({length: width}, gaussian));
  const sum = new Float64Array(width);
  return beside(shape, summed ? some(shape) / 5 : some(shape), (t) => {
    const now = new Float64Array(width);
    for (let i = 0; i < past; ++i) for (let k = 0; k < width; ++k) now[k] += weights[i] * white[past + t - i][k];
    if (!summed) return now;
    for (let k = 0; k < width; ++k) sum[k] += now[k];
    return sum;
  });
}

export const RESTLESS_NULLS: Readonly<Record<string, HardNull>> = {
  "noise that breathes": {make: breathing},
  "sawtooth of uneven levels": {make: sawtooth, allowed: ["orbit", "slider"]},
  "noise along a line that turns": {make: turningLine},
  "fractional noise or walk": {make: fractional}
};
