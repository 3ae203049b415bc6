import {matrixOf, type Matrix} from "../../analysis/matrix.ts";
import {framed} from "./framed.ts";
import {between, betweenLog, directionOf, gaussianOf} from "./gaussian.ts";
import type {HardNull} from "./hardNulls.ts";
import type {NullShape} from "./nulls.ts";

/** What ages, waits, switches or follows: nothing of it comes to rest, though for as long as it is seen much of it looks as if it did. */

/** Noise about a centre whose size at every step is said. */
function noiseOf({random, steps, width}: NullShape, sizeAt: (t: number) => number): Matrix {
  const gaussian = gaussianOf(random);
  const centre = directionOf(gaussian, width, Math.sqrt(width));
  const data = new Float32Array(steps * width);
  for (let t = 0; t < steps; ++t) {
    const size = sizeAt(t);
    for (let k = 0; k < width; ++k) data[t * width + k] = centre[k] + size * gaussian();
  }
  return matrixOf(steps, width, data);
}

const seen = ({random}: NullShape): {size: number; noise: number} => {
  const size = betweenLog(random, 0.05, 0.6);
  return {size, noise: size / betweenLog(random, 5, 100)};
};

/** A way that goes on as ln t, quicker and slower by turns: each turn lasts longer by a like factor. */
function logPeriodic(shape: NullShape): Matrix {
  const {random, steps} = shape;
  const {size, noise} = seen(shape);
  const [first, depth, phase] = [betweenLog(random, 0.5, 5), between(random, 0.3, 0.9), between(random, 0, 2 * Math.PI)];
  const pace = (2 * Math.PI) / between(random, 0.4, 1.5);
  const way = (t: number): number => {
    const log = Math.log(1 + t / first);
    return log + (depth / pace) * (Math.sin(pace * log + phase) - Math.sin(phase));
  };
  return framed(shape, 1, noise, (t) => [(size * way(t)) / way(steps - 1)]);
}

/** A walk in one to three dimensions whose steps shrink as 1/√t: it goes as far again whenever its age is squared. */
function ageingWalk(shape: NullShape): Matrix {
  const {random} = shape;
  const gaussian = gaussianOf(random);
  const {size, noise} = seen(shape);
  const [axes, young] = [1 + Math.floor(3 * random()), betweenLog(random, 0.3, 3)];
  const at = Array.from({length: axes}, () => 0);
  return framed(shape, axes, noise, (t) => {
    for (let j = 0; j < axes; ++j) at[j] += size * Math.sqrt(young / (t + young)) * gaussian();
    return at;
  });
}

/** Jumps in one to four dimensions after waits that have no mean (a tail of index 0.4 to 0.8), which grow with what has passed: they come ever more rarely (Montroll and Weiss 1965). */
function rarerJumps(shape: NullShape): Matrix {
  const {random} = shape;
  const gaussian = gaussianOf(random);
  const {size, noise} = seen(shape);
  const [axes, index, least] = [1 + Math.floor(4 * random()), between(random, 0.4, 0.8), betweenLog(random, 0.1, 1)];
  const at = Array.from({length: axes}, () => 0);
  let next = 0;
  return framed(shape, axes, noise, (t) => {
    for (; next <= t; next += least * (1 - random()) ** (-1 / index)) for (let j = 0; j < axes; ++j) at[j] += size * gaussian();
    return at;
  });
}

/** Noise in two to six directions of unlike sizes, which turn in planes of their own by up to three turns over the path. */
function turningCovariance(shape: NullShape): Matrix {
  const {random, steps} = shape;
  const gaussian = gaussianOf(random);
  const {size, noise} = seen(shape);
  const planes = 2 + Math.floor(5 * random());
  const speeds = Array.from({length: planes}, () => (between(random, 0.1, 3) * 2 * Math.PI) / steps);
  const fall = between(random, 0.5, 2);
  return framed(shape, 2 * planes, noise, (t) =>
    speeds.flatMap((speed, j) => {
      const x = size * (j + 1) ** -fall * gaussian();
      return [x * Math.cos(speed * t), x * Math.sin(speed * t)];
    })
  );
}

/** Noise of two sizes, 3 to 30 times apart, by turns: each lasts for a time without a memory, of mean three steps to half the path. */
function twoLevels(shape: NullShape): Matrix {
  const {random, steps} = shape;
  const [size, factor, mean] = [betweenLog(random, 0.01, 0.3), betweenLog(random, 3, 30), betweenLog(random, 3, steps / 2)];
  let loud = random() < 0.7;
  return noiseOf(shape, () => {
    if (random() < 1 / mean) loud = !loud;
    return loud ? size : size / factor;
  });
}

/** A decay, and beside it or along the same line a steady slide of a tenth to a half of its size, which stands out of the noise 3 to 20 times. */
function slowSlide(shape: NullShape): Matrix {
  const {random, steps} = shape;
  const size = betweenLog(random, 0.05, 0.6);
  const [rate, slide] = [between(random, 0.3, 0.9), size * between(random, 0.1, 0.5)];
  const noise = slide / betweenLog(random, 3, 20);
  const angle = random() < 0.3 ? 0 : between(random, 0, Math.PI);
  return framed(shape, 2, noise, (t) => {
    const gone = (slide * t) / (steps - 1);
    return [size * (1 - rate ** t) + gone * Math.cos(angle), gone * Math.sin(angle)];
  });
}

/** What follows a target, each step a share of the distance: the target walks, or goes one way, by an eighth to a half of the distance at first, in noise a fifth to a fiftieth of that. */
function follower(shape: NullShape): Matrix {
  const {random, steps} = shape;
  const gaussian = gaussianOf(random);
  const size = betweenLog(random, 0.05, 0.6);
  const [rate, way, axes] = [between(random, 0.3, 0.9), size * between(random, 0.125, 0.5), 4];
  const walks = random() < 0.6;
  const heading = directionOf(gaussian, axes, way / steps);
  const target = Array.from({length: axes}, () => 0);
  const at = [size, 0, 0, 0];
  return framed(shape, axes, way / betweenLog(random, 5, 50), () => {
    for (let j = 0; j < axes; ++j) {
      target[j] += walks ? (way * gaussian()) / Math.sqrt(steps * axes) : heading[j];
      at[j] = rate * at[j] + (1 - rate) * target[j];
    }
    return at;
  });
}

/** Three places, each kept for a time without a memory, of mean a quarter of the path to all of it; the path leaves the first of them. */
function keptPlaces(shape: NullShape): Matrix {
  const {random, steps} = shape;
  const gaussian = gaussianOf(random);
  const {size, noise} = seen(shape);
  const axes = 1 + Math.floor(3 * random());
  const places = Array.from({length: 3}, () => Array.from({length: axes}, () => size * gaussian()));
  const mean = betweenLog(random, steps / 4, steps);
  let left = 1 + random() * (steps - 2);
  let at = 0;
  return framed(shape, axes, noise, () => {
    if (--left < 0) {
      at = (at + 1 + Math.floor(2 * random())) % 3;
      left = -mean * Math.log(1 - random());
    }
    return places[at];
  });
}

/** Noise whose first one to four states lie 3 to 50 times as far away, each in a direction of its own. */
function farStates(shape: NullShape): Matrix {
  const {random} = shape;
  const size = betweenLog(random, 0.003, 0.1);
  const sizes = Array.from({length: 1 + Math.floor(4 * random())}, () => size * betweenLog(random, 3, 50));
  return noiseOf(shape, (t) => sizes[t] ?? size);
}

export const AGEING_NULLS: Readonly<Record<string, HardNull>> = {
  "creep quicker and slower by turns": {make: logPeriodic, allowed: ["slider"]},
  "ageing walk": {make: ageingWalk},
  "jumps that come more rarely": {make: rarerJumps},
  "noise whose covariance turns": {make: turningCovariance},
  "noise of two sizes": {make: twoLevels},
  "transient, then a slow slide": {make: slowSlide, allowed: ["slider"]},
  "follower of a target that moves": {make: follower, allowed: ["slider"]},
  "places kept for long": {make: keptPlaces},
  "far states, then noise": {make: farStates}
};
