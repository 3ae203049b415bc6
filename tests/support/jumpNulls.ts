import {matrixOf, type Matrix} from "../../analysis/matrix.ts";
import type {Random} from "../../analysis/random.ts";
import {between, betweenLog, frameOf, gaussianOf} from "./gaussian.ts";
import type {HardNull} from "./hardNulls.ts";
import {phaseRandomised, type NullShape} from "./nulls.ts";
import {sliderPath} from "./trajectories.ts";

/** What jumps, rings or runs on in few directions: the few chances that it has make a line or a straight way more often than those of noise in every direction. */

/** A centre of norm √width and, beside it, what is drawn along the axes of a random frame, in units of that norm, in noise of none to a twentieth of it. */
function along({random, steps, width}: NullShape, axes: number, place: () => readonly number[]): Matrix {
  const gaussian = gaussianOf(random);
  const [centre, ...frame] = frameOf(gaussian, width, axes + 1);
  const noise = random() < 0.25 ? 0 : betweenLog(random, 1e-4, 0.05);
  const data = new Float32Array(steps * width);
  for (let t = 0; t < steps; ++t) {
    const at = place();
    for (let k = 0; k < width; ++k)
      data[t * width + k] = Math.sqrt(width) * at.reduce((sum, x, j) => sum + x * frame[j][k], centre[k]) + noise * gaussian();
  }
  return matrixOf(steps, width, data);
}

/** A time to wait of mean 1: the mean of so many exponential ones. */
function waited(random: Random, parts: number): number {
  let sum = 0;
  for (let i = 0; i < parts; ++i) sum -= Math.log(1 - random());
  return sum / parts;
}

/** Two to five places in one to three dimensions, left after times that are exponential or somewhat more regular, at once or as a relaxation. */
function jumping(shape: NullShape): Matrix {
  const {random} = shape;
  const gaussian = gaussianOf(random);
  const axes = 1 + Math.floor(3 * random());
  const size = betweenLog(random, 0.05, 1);
  const places = Array.from({length: 2 + Math.floor(4 * random())}, () => Array.from({length: axes}, () => size * gaussian()));
  const [mean, parts] = [between(random, 2, 8), 1 + Math.floor(2 * random())];
  const keep = random() < 0.5 ? 0 : between(random, 0.2, 0.7);
  let [at, left] = [0, mean * waited(random, parts)];
  let now = places[0];
  return along(shape, axes, () => {
    if (--left < 0) {
      at = (at + 1 + Math.floor(random() * (places.length - 1))) % places.length;
      left = mean * waited(random, parts);
    }
    now = now.map((x, j) => keep * x + (1 - keep) * places[at][j]);
    return now;
  });
}

/** A second-order autoregression along one line, which forgets its phase within one and a half to five steps. */
function ringing(shape: NullShape): Matrix {
  const {random} = shape;
  const gaussian = gaussianOf(random);
  const [keep, omega] = [1 - 1 / betweenLog(random, 2, 5), (2 * Math.PI) / between(random, 2.2, 10)];
  const size = betweenLog(random, 0.05, 0.5);
  let [now, before] = [gaussian(), gaussian()];
  const advance = (): void => {
    [now, before] = [2 * keep * Math.cos(omega) * now - keep ** 2 * before + gaussian(), now];
  };
  for (let i = 0; i < 50; ++i) advance();
  return along(shape, 1, () => {
    advance();
    return [size * now];
  });
}

/** A walk in one to three dimensions whose steps remember the one before for one to five steps. */
function runningOn(shape: NullShape): Matrix {
  const {random} = shape;
  const gaussian = gaussianOf(random);
  const [keep, size] = [between(random, 0.3, 0.8), betweenLog(random, 0.01, 0.2)];
  const steps = Array.from({length: 1 + Math.floor(3 * random())}, gaussian);
  const at = steps.map(() => 0);
  return along(shape, steps.length, () => {
    steps.forEach((step, j) => {
      steps[j] = keep * step + Math.sqrt(1 - keep ** 2) * gaussian();
      at[j] += size * steps[j];
    });
    return at;
  });
}

/** The spectrum of a steady motion along a great circle with phases of its own, the same for all coordinates: most of it is one turn. */
const slidersPhases = (shape: NullShape): Matrix =>
  phaseRandomised(sliderPath({...shape, onSphere: true, amplitude: 5}).path, {random: shape.random, common: true});

export const JUMP_NULLS: Readonly<Record<string, HardNull>> = {
  // What relaxes towards a place and stays there until the path ends approaches it.
  "jumps in few directions": {make: jumping, allowed: ["converging"]},
  "ringing along a line": {make: ringing},
  "walk whose steps run on": {make: runningOn},
  "phases of a slider": {make: slidersPhases}
};
