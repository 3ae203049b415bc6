import {matrixOf, type Matrix} from "../../analysis/matrix.ts";
import type {Random} from "../../analysis/random.ts";
import {between, betweenLog, directionOf, gaussianOf} from "./gaussian.ts";
import type {HardNull} from "./hardNulls.ts";
import type {NullShape} from "./nulls.ts";

/** Chaos, which keeps time in bands or turns about a centre and comes back to no state: every one of these paths parts from its neighbours exponentially. */

/** A place of few coordinates and where it is one state later. */
interface System {
  readonly start: Float64Array;
  readonly next: (place: Float64Array) => Float64Array;
  /** What is seen of a place; defaults to all of it. */
  readonly seen?: (place: Float64Array) => Float64Array;
}

const FORGOTTEN = 200; // states before the first one
const WATCHED = 500; // states that the exponent is taken from, but
const GLANCED = 80; // where it is below 0 in these it is not chaos
const APART = 1e-7; // distance of the neighbour that it is taken with (Benettin et al. 1976)
const LEAST_EXPONENT = 0.03; // per state: below it a path of 33 parts from its neighbours by less than 3 times
const FEATURES = 12;
const MOST_DRAWS = 1000;

/** Draws systems until one is bounded and has a largest Lyapunov exponent of `LEAST_EXPONENT` or more: chaos has windows in which it is periodic. */
function chaos(shape: NullShape, draw: (random: Random) => System): Matrix {
  for (let tried = 0; tried < MOST_DRAWS; ++tried) {
    const system = draw(shape.random);
    let place = system.start;
    for (let t = 0; t < FORGOTTEN; ++t) place = system.next(place);
    if (place.every(Number.isFinite) && exponentOf(system, place) >= LEAST_EXPONENT) return lifted(shape, system, place);
  }
  throw new Error(`no chaos in ${MOST_DRAWS} draws`);
}

/** Largest Lyapunov exponent per state, from a place of the attractor on. */
function exponentOf({next}: System, from: Float64Array): number {
  let place = from;
  let neighbour: Float64Array = from.map((x, i) => x + (i === 0 ? APART : 0));
  let sum = 0;
  for (let t = 0; t < WATCHED; ++t) {
    place = next(place);
    neighbour = next(neighbour);
    const distance = Math.sqrt(place.reduce((squares, x, i) => squares + (neighbour[i] - x) ** 2, 0));
    if (!(distance > 0)) return -Infinity;
    sum += Math.log(distance / APART);
    if (t === GLANCED && sum < 0) return sum / t;
    neighbour = neighbour.map((x, i) => place[i] + ((x - place[i]) * APART) / distance);
  }
  return sum / WATCHED;
}

/** The path from a place on, seen through a random smooth map in all coordinates, with noise of a ten thousandth to a fiftieth of its way. */
function lifted({random, steps, width}: NullShape, {next, seen = (place) => place}: System, from: Float64Array): Matrix {
  const gaussian = gaussianOf(random);
  const places = [from];
  while (places.length < steps) places.push(next(places.at(-1)!));
  const views = places.map(seen);
  const middle = views[0].map((_, i) => views.reduce((sum, view) => sum + view[i], 0) / steps);
  const spread = Math.sqrt(views.reduce((sum, view) => sum + view.reduce((squares, x, i) => squares + (x - middle[i]) ** 2, 0), 0) / steps);
  const bend = between(random, 0.2, 1);
  const features = Array.from({length: FEATURES}, () => ({
    weights: middle.map(() => bend * gaussian()),
    offset: bend * gaussian(),
    axis: directionOf(gaussian, width, 1 / Math.sqrt(FEATURES))
  }));
  const [centre, size] = [directionOf(gaussian, width), betweenLog(random, 0.05, 0.5)];
  const noise = (size * betweenLog(random, 1e-4, 0.02)) / Math.sqrt(width);
  const data = new Float32Array(steps * width);
  views.forEach((view, t) => {
    const state = centre.map((c) => c + noise * gaussian());
    for (const {weights, offset, axis} of features) {
      const value = (size / bend) * Math.tanh(weights.reduce((sum, w, i) => sum + (w * (view[i] - middle[i])) / spread, offset));
      for (let k = 0; k < width; ++k) state[k] += value * axis[k];
    }
    for (let k = 0; k < width; ++k) data[t * width + k] = Math.sqrt(width) * state[k];
  });
  return matrixOf(steps, width, data);
}

const placed = (...place: number[]): Float64Array => Float64Array.from(place);

/** The flow of a field over a time, in steps of at most `STRIDE` (Runge and Kutta's of fourth order). */
function flow(field: (place: Float64Array) => number[], time: number, stride: number): System["next"] {
  const strides = Math.ceil(time / stride);
  const h = time / strides;
  const moved = (place: Float64Array, by: number[], share: number): Float64Array => place.map((x, i) => x + share * by[i]);
  return (from) => {
    let place = from;
    for (let s = 0; s < strides; ++s) {
      const a = field(place);
      const b = field(moved(place, a, h / 2));
      const c = field(moved(place, b, h / 2));
      const d = field(moved(place, c, h));
      place = place.map((x, i) => x + (h / 6) * (a[i] + 2 * b[i] + 2 * c[i] + d[i]));
    }
    return place;
  };
}

const logistic =
  (least: number, most: number) =>
  (random: Random): System => {
    const pull = between(random, least, most);
    return {start: placed(between(random, 0.2, 0.8)), next: ([x]) => placed(pull * x * (1 - x))};
  };

function henon(random: Random): System {
  const [a, b] = [between(random, 1.05, 1.4), between(random, 0.2, 0.3)];
  return {start: placed(between(random, 0, 0.1), 0.1), next: ([x, y]) => placed(1 - a * x * x + y, b * x)};
}

/** Of the bands that turn about one centre, with a mean period of about 6. */
function roessler(random: Random): System {
  const [a, c] = random() < 0.5 ? [0.2, between(random, 5, 15)] : [0.1, between(random, 9, 18)];
  const field = ([x, y, z]: Float64Array): number[] => [-y - z, x + a * y, a + z * (x - c)];
  return {start: placed(1, 1 + random(), 0), next: flow(field, between(random, 0.5, 2.2), 0.1)};
}

function lorenz(random: Random): System {
  const rho = between(random, 26, 60);
  const field = ([x, y, z]: Float64Array): number[] => [10 * (y - x), x * (rho - z) - y, x * y - (8 / 3) * z];
  return {start: placed(1, 1 + random(), 20), next: flow(field, between(random, 0.05, 0.3), 0.02)};
}

/** In two wells, driven: a band that keeps the drive's time. */
function duffing(random: Random): System {
  const [drive, omega] = [between(random, 0.28, 0.5), between(random, 1, 1.4)];
  const field = ([x, v, phase]: Float64Array): number[] => [v, x - x ** 3 - 0.25 * v + drive * Math.cos(phase), omega];
  const period = (2 * Math.PI) / omega;
  return {
    start: placed(random(), 0, 0),
    next: flow(field, random() < 0.5 ? period / (2 + Math.floor(4 * random())) : between(random, 0.5, 2), 0.15),
    seen: ([x, v]) => placed(x, v)
  };
}

function pendulum(random: Random): System {
  const drive = between(random, 1, 1.5);
  const field = ([angle, v, phase]: Float64Array): number[] => [v, -Math.sin(angle) - v / 2 + drive * Math.cos(phase), 2 / 3];
  const period = 3 * Math.PI;
  return {
    start: placed(random(), 0, 0),
    next: flow(field, random() < 0.5 ? period / (3 + Math.floor(6 * random())) : between(random, 0.7, 3), 0.15),
    seen: ([angle, v]) => placed(Math.cos(angle), Math.sin(angle), v)
  };
}

/** Logistic maps in bands or beyond that see their neighbours. */
function coupled(random: Random): System {
  const [pull, strength] = [between(random, 3.57, 3.8), between(random, 0, 0.3)];
  const count = 2 + Math.floor(4 * random());
  return {
    start: Float64Array.from({length: count}, () => between(random, 0.2, 0.8)),
    next: (cells) => {
      const own = cells.map((x) => pull * x * (1 - x));
      return own.map((x, i) => (1 - strength) * x + (strength / 2) * (own.at(i - 1)! + own[(i + 1) % count]));
    }
  };
}

const NEURONS = 32;

/** x ↦ tanh(W x + e) of a gain near the edge of chaos. */
function net(random: Random): System {
  const gaussian = gaussianOf(random);
  const gain = between(random, 1.3, 2.5);
  const weights = Float64Array.from({length: NEURONS ** 2}, () => (gain * gaussian()) / Math.sqrt(NEURONS));
  const input = Float64Array.from({length: NEURONS}, () => 0.3 * gaussian());
  return {
    start: Float64Array.from({length: NEURONS}, gaussian),
    next: (state) =>
      input.map((e, i) => {
        let sum = e;
        for (let j = 0; j < NEURONS; ++j) sum += weights[i * NEURONS + j] * state[j];
        return Math.tanh(sum);
      })
  };
}

/** Just before the window of period 3, which is kept for long at a time (Pomeau and Manneville 1980). */
const intermittent = (random: Random): System => {
  const before = betweenLog(random, 1e-4, 1e-2);
  return logistic(1 + Math.SQRT2 * 2 - before, 1 + Math.SQRT2 * 2 - before)(random);
};

/** Light in a ring with a nonlinear medium (Ikeda 1979). */
function ikeda(random: Random): System {
  const kept = between(random, 0.8, 0.92);
  return {
    start: placed(random(), 0),
    next: ([x, y]) => {
      const turn = 0.4 - 6 / (1 + x * x + y * y);
      return placed(1 + kept * (x * Math.cos(turn) - y * Math.sin(turn)), kept * (x * Math.sin(turn) + y * Math.cos(turn)));
    }
  };
}

/** A rotor that is kicked, in the sea between its islands (Chirikov 1979). */
function rotor(random: Random): System {
  const kick = between(random, 1, 6);
  return {
    start: placed(between(random, 0, 2 * Math.PI), between(random, 0, 2 * Math.PI)),
    next: ([angle, speed]) => {
      const kicked = speed + kick * Math.sin(angle);
      return placed((angle + kicked) % (2 * Math.PI), kicked % (2 * Math.PI));
    },
    seen: ([angle, speed]) => placed(Math.cos(angle), Math.sin(angle), Math.cos(speed), Math.sin(speed))
  };
}

/** Blood cells that are made late (Mackey and Glass 1977): the place is all that is on its way. */
function delayed(random: Random): System {
  const [delay, strides] = [17 + Math.floor(14 * random()), 3 + Math.floor(10 * random())];
  return {
    start: Float64Array.from({length: delay}, () => between(random, 0.5, 1.2)),
    next: (from) => {
      const line = Array.from(from);
      for (let i = 0; i < strides; ++i) {
        const late = line.shift()!;
        const last = line.at(-1)!;
        line.push(0.9 * last + (0.2 * late) / (1 + late ** 10));
      }
      return Float64Array.from(line);
    },
    seen: (line) => placed(line[0], line[line.length >> 1], line[line.length - 1])
  };
}

const of = (draw: (random: Random) => System): HardNull => ({make: (shape) => chaos(shape, draw)});

export const CHAOS_NULLS: Readonly<Record<string, HardNull>> = {
  "chaos of two bands": of(logistic(3.6, 3.65)),
  "chaos of a logistic map": of(logistic(3.57, 4)),
  "chaos of a Hénon map": of(henon),
  "chaos of a Rössler band": of(roessler),
  "chaos of a Lorenz flow": of(lorenz),
  "chaos of a driven spring": of(duffing),
  "chaos of a driven pendulum": of(pendulum),
  "chaos of coupled maps": of(coupled),
  "chaos of a net near its edge": of(net),
  "chaos near a window of period 3": of(intermittent),
  "chaos of an Ikeda map": of(ikeda),
  "chaos of a kicked rotor": of(rotor),
  "chaos of a delayed flow": of(delayed)
};
