import {matrixOf, type Matrix} from "../../analysis/matrix.ts";
import type {Pattern} from "../../analysis/patterns/labels.ts";
import {toBfloat16} from "../../analysis/patterns/path/rounding.ts";
import {between, betweenLog, directionOf, frameOf, gaussianOf} from "./gaussian.ts";
import {netPath} from "./nets.ts";
import type {NullShape} from "./nulls.ts";

/** Paths that approach nothing and go nowhere, of the kinds that a test of Gaussian steps takes for something else. */

/** A state at every step; `vector` is used up before the next is asked for. */
function pathOfStates({steps, width}: NullShape, state: (t: number) => ArrayLike<number>): Matrix {
  const data = new Float32Array(steps * width);
  for (let t = 0; t < steps; ++t) data.set(state(t), t * width);
  return matrixOf(steps, width, data);
}

type Draw = () => Float64Array;

/** Independent vectors about a centre. */
function about(shape: NullShape, size: number, draw: Draw): Matrix {
  const centre = directionOf(gaussianOf(shape.random), shape.width, Math.sqrt(shape.width));
  return pathOfStates(shape, () => draw().map((x, k) => centre[k] + size * x));
}

/** The sum of the vectors so far, about a centre. */
function walking(shape: NullShape, size: number, draw: Draw): Matrix {
  const state = directionOf(gaussianOf(shape.random), shape.width, Math.sqrt(shape.width));
  return pathOfStates(shape, () => {
    const step = draw();
    for (let k = 0; k < shape.width; ++k) state[k] += size * step[k];
    return state;
  });
}

const normals = ({random, width}: NullShape): Draw => {
  const gaussian = gaussianOf(random);
  return () => Float64Array.from({length: width}, gaussian);
};

/** Student's t with two degrees of freedom, in every coordinate or in the size of the whole vector. */
function heavy(shape: NullShape): Draw {
  const gaussian = gaussianOf(shape.random);
  const heaviness = (): number => Math.sqrt(2 / (gaussian() ** 2 + gaussian() ** 2));
  const whole = shape.random() < 0.5;
  return () => {
    const size = heaviness();
    return Float64Array.from({length: shape.width}, () => gaussian() * (whole ? size : heaviness()));
  };
}

/** Noise whose size wanders: its logarithm is an autoregression. */
function volatile(shape: NullShape): Draw {
  const {random} = shape;
  const gaussian = gaussianOf(random);
  const [keep, spread] = [between(random, 0.8, 0.98), between(random, 0.5, 1.2)];
  let log = spread * gaussian();
  const draw = normals(shape);
  return () => {
    log = keep * log + Math.sqrt(1 - keep ** 2) * spread * gaussian();
    return draw().map((x) => Math.exp(log) * x);
  };
}

/** Lengths with a tail of index 1 to 1.6, in any direction. */
function levy(shape: NullShape): Draw {
  const {random, width} = shape;
  const gaussian = gaussianOf(random);
  const index = between(random, 1, 1.6);
  return () => directionOf(gaussian, width, (1 - random()) ** (-1 / index));
}

const small = ({random}: NullShape): number => betweenLog(random, 0.003, 0.3);

/** A damped oscillation that noise keeps going, in one plane or in every one, with a little noise of reading. */
function resonance(shape: NullShape, planes: number): Matrix {
  const {random, steps, width} = shape;
  const gaussian = gaussianOf(random);
  const count = Math.min(planes, width >> 1);
  const frame = frameOf(gaussian, width, 2 * count);
  const keep = 1 - 1 / betweenLog(random, 5, 200);
  const omegas = Array.from({length: count}, () => (2 * Math.PI) / between(random, 2.2, 12));
  const size = betweenLog(random, 0.05, 1) / Math.sqrt(count);
  const state = Array.from({length: 2 * count}, () => gaussian());
  const centre = directionOf(gaussian, width);
  const blur = size / 50;
  return pathOfStates({random, steps, width}, () => {
    omegas.forEach((omega, j) => {
      const [x, y] = [state[2 * j], state[2 * j + 1]];
      const kick = Math.sqrt(1 - keep ** 2);
      state[2 * j] = keep * (Math.cos(omega) * x - Math.sin(omega) * y) + kick * gaussian();
      state[2 * j + 1] = keep * (Math.sin(omega) * x + Math.cos(omega) * y) + kick * gaussian();
    });
    return Float64Array.from(
      centre,
      (c, k) =>
        Math.sqrt(width) *
        (c + state.reduce((sum, x, j) => sum + (size * x * frame[j][k]) / Math.SQRT2, 0) + (blur * gaussian()) / Math.sqrt(width))
    );
  });
}

/** Two to four places, and a jump from one to another now and then. */
function telegraph(shape: NullShape): Matrix {
  const {random, width} = shape;
  const gaussian = gaussianOf(random);
  const places = Array.from({length: 2 + Math.floor(random() * 3)}, () => directionOf(gaussian, width, Math.sqrt(width)));
  const [leaving, blur] = [between(random, 0.1, 0.4), random() < 0.3 ? 0 : betweenLog(random, 1e-3, 0.1)];
  let at = 0;
  return pathOfStates(shape, () => {
    if (random() < leaving) at = (at + 1 + Math.floor(random() * (places.length - 1))) % places.length;
    return places[at].map((x) => x + blur * gaussian());
  });
}

/** Independent noise about a centre whose size falls by a factor of 2 to 6 on the way. */
function calming(shape: NullShape): Matrix {
  const {random, steps} = shape;
  const factor = betweenLog(random, 2, 6);
  const draw = normals(shape);
  const geometric = random() < 0.5;
  let t = 0;
  return about(shape, small(shape), () => {
    const share = t++ / (steps - 1);
    const size = geometric ? factor ** -share : 1 - share * (1 - 1 / factor);
    return draw().map((x) => size * x);
  });
}

/** The same by a factor of up to 30: by a like share at every step, as a power of time, or at once. */
function calmingFar(shape: NullShape): Matrix {
  const now = calmedFar(shape);
  const draw = normals(shape);
  return about(shape, small(shape), () => {
    const size = now();
    return draw().map((x) => size * x);
  });
}

/** The same of a short memory: what is drawn keeps a share of what was, or of what was drawn, one step before. */
function calmingMemory(shape: NullShape): Matrix {
  const {random} = shape;
  const now = calmedFar(shape);
  const draw = normals(shape);
  const [ofAll, kept] = [random() < 0.5, between(random, 0.2, 0.7) * (random() < 0.8 ? 1 : -1)];
  let before = draw();
  return about(shape, small(shape), () => {
    const [size, drawn] = [now(), draw()];
    const mixed = drawn.map((x, k) => x + kept * before[k]);
    before = ofAll ? mixed : drawn;
    return mixed.map((x) => size * x);
  });
}

const BURN_IN = 150; // steps in which the longest memory is forgotten

/** The same of a memory of some steps, which may turn: an autoregression of first or second order that keeps so much a step. */
function calmingLonger(shape: NullShape, kept: number): Matrix {
  const {random} = shape;
  const now = calmedFar(shape);
  const draw = normals(shape);
  const omega = random() < 0.5 ? 0 : between(random, 0.5, 2.5);
  const [first, second] = omega === 0 ? [kept, 0] : [2 * kept * Math.cos(omega), -(kept ** 2)];
  let before = draw();
  let last = draw();
  const advance = (): void => {
    [before, last] = [last, draw().map((x, k) => x + first * last[k] + second * before[k])];
  };
  for (let i = 0; i < BURN_IN; ++i) advance();
  return about(shape, small(shape), () => {
    advance();
    const size = now();
    return last.map((x) => size * x);
  });
}

/** What falls from 1 by a factor of 3 to 30, step by step. */
function calmedFar({random, steps}: NullShape): () => number {
  const factor = betweenLog(random, 3, 30);
  const form = Math.floor(3 * random());
  const last = between(random, 0.2, 0.8) * steps; // of what falls at once
  let t = 0;
  return () => {
    const [evenly, early] = [factor ** -(t / (steps - 1)), (1 + t) ** -(Math.log(factor) / Math.log(steps))];
    const size = [evenly, early, t < last ? 1 : 1 / factor][form];
    ++t;
    return size;
  };
}

/** A walk whose steps shrink by a like share each, to a third and down to a twentieth: it comes to rest nowhere yet. */
function calmingWalk(shape: NullShape): Matrix {
  const factor = betweenLog(shape.random, 3, 20);
  const draw = normals(shape);
  let t = 0;
  return walking(shape, small(shape), () => {
    const size = factor ** -(t++ / (shape.steps - 1));
    return draw().map((x) => size * x);
  });
}

/** Logistic maps that see their neighbours a little, mixed into all coordinates. */
function coupledMaps(shape: NullShape): Matrix {
  const {random, width} = shape;
  const gaussian = gaussianOf(random);
  const count = 2 + Math.floor(random() * 14);
  const frame = frameOf(gaussian, width, Math.min(width, count));
  const [pull, strength] = [between(random, 3.7, 4), between(random, 0, 0.2)];
  let cells = frame.map(() => between(random, 0.1, 0.9));
  const advance = (): void => {
    const next = cells.map((x) => pull * x * (1 - x));
    cells = next.map((x, i) => (1 - strength) * x + (strength / 2) * (next.at(i - 1)! + next[(i + 1) % next.length]));
  };
  for (let i = 0; i < 100; ++i) advance();
  const centre = directionOf(gaussian, width, Math.sqrt(width));
  const size = betweenLog(random, 0.1, 3);
  return pathOfStates(shape, () => {
    advance();
    return centre.map((c, k) => c + size * cells.reduce((sum, x, j) => sum + x * frame[j][k], 0));
  });
}

const MASSIVE = [500, 3000] as const;

/** One coordinate hundreds of times the rest that never changes, all rounded to bfloat16. */
function massive(path: Matrix, {random}: NullShape): Matrix {
  const [at, size] = [Math.floor(random() * path.cols), betweenLog(random, ...MASSIVE)];
  const data = path.data.slice(); // the plain path is the caller's
  for (let t = 0; t < path.rows; ++t) data[t * path.cols + at] = size;
  return matrixOf(path.rows, path.cols, toBfloat16(data));
}

/** Rows from a step in the middle on are that step's. */
export function frozen(path: Matrix, from: number): Matrix {
  const data = path.data.slice(); // the moving path is the caller's
  for (let t = from + 1; t < path.rows; ++t) data.copyWithin(t * path.cols, from * path.cols, (from + 1) * path.cols);
  return matrixOf(path.rows, path.cols, data);
}

/** A stream that every step adds to: its length grows. */
const growingStream = (shape: NullShape): Matrix => {
  const draw = normals(shape);
  return walking(shape, betweenLog(shape.random, 0.1, 1), draw);
};

export interface HardNull {
  readonly make: (shape: NullShape) => Matrix;
  /** Labels that are not wrong of it, beside `unsettled`; defaults to none. */
  readonly allowed?: readonly Pattern[];
}

export const HARD_NULLS: Readonly<Record<string, HardNull>> = {
  "heavy-tailed noise": {make: (shape) => about(shape, small(shape), heavy(shape))},
  "heavy-tailed walk": {make: (shape) => walking(shape, small(shape), heavy(shape))},
  "volatile noise": {make: (shape) => about(shape, small(shape), volatile(shape))},
  "volatile walk": {make: (shape) => walking(shape, small(shape), volatile(shape))},
  "Lévy walk": {make: (shape) => walking(shape, 1, levy(shape))},
  "noise that calms down": {make: calming},
  "noise that calms down by far": {make: calmingFar},
  "noise of short memory that calms down": {make: calmingMemory},
  "noise of longer memory that calms down": {make: (shape) => calmingLonger(shape, between(shape.random, 0.6, 0.8))},
  "noise of long memory that calms down": {make: (shape) => calmingLonger(shape, between(shape.random, 0.85, 0.97))},
  "walk that calms down": {make: calmingWalk},
  "telegraph noise": {make: telegraph},
  // A resonance that remembers its phase for as long as it is watched is an orbit.
  "resonance in a plane": {make: (shape) => resonance(shape, 1), allowed: ["orbit"]},
  "resonances in every plane": {make: (shape) => resonance(shape, shape.width), allowed: ["orbit"]},
  // Chaos has windows in which it is periodic.
  "coupled chaotic maps": {make: coupledMaps, allowed: ["orbit"]},
  "chaotic net": {make: (shape) => netPath(shape, {gain: between(shape.random, 3, 6), burnIn: 300}), allowed: ["orbit"]},
  "massive coordinate, noise, bfloat16": {make: (shape) => massive(about(shape, betweenLog(shape.random, 0.1, 1), normals(shape)), shape)},
  "massive coordinate, walk, bfloat16": {
    make: (shape) => massive(walking(shape, betweenLog(shape.random, 0.05, 0.5), normals(shape)), shape)
  },
  "stream of growing length": {make: growingStream},
  "noise that is frozen": {
    make: (shape) => frozen(about(shape, small(shape), normals(shape)), Math.floor(between(shape.random, 0.25, 0.9) * shape.steps))
  }
};
