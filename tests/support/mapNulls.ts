import {matrixOf, type Matrix} from "../../analysis/matrix.ts";
import {framed} from "./framed.ts";
import {between, betweenLog, gaussianOf} from "./gaussian.ts";
import type {HardNull} from "./hardNulls.ts";
import type {NullShape} from "./nulls.ts";

/** Maps, volatility and half-seen curves that are none of the labels, of kinds that no rule was made on. */

const loud = ({random}: NullShape): number => betweenLog(random, 1e-4, 0.01);

/** GARCH(1, 1): the size of a step remembers the steps before. */
function garch(shape: NullShape): Matrix {
  const {random, steps, width} = shape;
  const gaussian = gaussianOf(random);
  const [alpha, size] = [between(random, 0.1, 0.3), betweenLog(random, 0.01, 0.5)];
  let [variance, last] = [1, 0];
  const advance = (): number => {
    variance = 0.005 + alpha * last * last + (0.995 - alpha) * variance;
    last = Math.sqrt(variance) * gaussian();
    return Math.sqrt(variance);
  };
  for (let i = 0; i < 200; ++i) advance();
  const path = framed(shape, 0, 0, () => []);
  for (let t = 0; t < steps; ++t) {
    const now = size * advance();
    for (let k = 0; k < width; ++k) path.data[t * width + k] += now * gaussian();
  }
  return path;
}

/** Hénon's map in its chaotic range. */
function henon(shape: NullShape): Matrix {
  const {random} = shape;
  const [a, size] = [between(random, 1.3, 1.4), betweenLog(random, 0.05, 0.5)];
  let [x, y] = [between(random, 0, 0.1), 0.1];
  const advance = (): void => {
    [x, y] = [1 - a * x * x + y, 0.3 * x];
  };
  for (let i = 0; i < 300; ++i) advance();
  return framed(shape, 2, loud(shape), () => {
    advance();
    return [size * x, size * y];
  });
}

/** Two frequencies that share no period. */
function torus(shape: NullShape): Matrix {
  const {random} = shape;
  const [a, b] = [0, 0].map(() => (2 * Math.PI) / between(random, 2.5, 12));
  const [size, second] = [betweenLog(random, 0.05, 0.4), between(random, 0.4, 1)];
  return framed(shape, 4, loud(shape), (t) =>
    [Math.cos(a * t), Math.sin(a * t), second * Math.cos(b * t), second * Math.sin(b * t)].map((x) => size * x)
  );
}

/** A third to four fifths of a turn on a circle far smaller than the sphere. */
function partOfCircle(shape: NullShape): Matrix {
  const {random, steps} = shape;
  const [omega, size] = [(2 * Math.PI * between(random, 0.35, 0.8)) / steps, betweenLog(random, 0.05, 0.3)];
  return framed(shape, 2, loud(shape), (t) => [size * Math.cos(omega * t), size * Math.sin(omega * t)]);
}

/** Noise or a walk on the grid of 8-bit numbers. */
function onGrid(shape: NullShape): Matrix {
  const {random, steps, width} = shape;
  const gaussian = gaussianOf(random);
  const [walks, size] = [random() < 0.5, betweenLog(random, 0.01, 0.2)];
  const path = framed(shape, 0, 0, () => []);
  for (let k = 0; k < width; ++k) {
    let away = 0;
    for (let t = 0; t < steps; ++t) {
      const step = size * gaussian();
      away += step;
      path.data[t * width + k] += walks ? away : step;
    }
  }
  const unit = path.data.reduce((most, x) => Math.max(most, Math.abs(x)), 0) / 127;
  return matrixOf(
    steps,
    width,
    path.data.map((x) => Math.round(x / unit) * unit)
  );
}

export const MAP_NULLS: Readonly<Record<string, HardNull>> = {
  "GARCH noise": {make: garch},
  "Hénon’s chaos": {make: henon, allowed: ["orbit"]},
  "two frequencies": {make: torus, allowed: ["orbit"]},
  "part of a small circle": {make: partOfCircle},
  // √t has no end: it may be a drift, but comes to rest nowhere.
  "way that grows as √t": {
    make: (shape) => {
      const size = betweenLog(shape.random, 0.02, 0.1);
      return framed(shape, 1, loud(shape), (t) => [size * Math.sqrt(t)]);
    },
    allowed: ["slider"]
  },
  "noise on a grid of 8 bits": {make: onGrid}
};
