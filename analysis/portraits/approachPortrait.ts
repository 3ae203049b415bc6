import {rowOf, type Matrix} from "../matrix.ts";
import {stateAt, type States} from "../states.ts";
import {across, leadingAcross, length, pointsIn, shareIn, unitOf, type Plane} from "./flatPicture.ts";
import type {Drawing, Sitter} from "./sitter.ts";
import {timeFit} from "./timeFit.ts";

const MOST_KEPT = 0.9; // of the distance over the window: a slower approach does not say where it ends, and its last state stands for the end
const LEAST_DECADES = 1e-6;
const MOST_BESIDE = 3; // times what the rate leaves of the way: a fitted end further from the last state is the work of other modes in the window

/**
 * The way to a fixed point: its end is the last state, where that is nearer than what is left of the way by the rate, else from hₜ ≈ c + a ρᵗ cos ωt + b ρᵗ sin ωt over the window, with the verdict's rate and, for a spiral, its
 * period. The plane is that of the leading mode (a, and b or what the initial states differ by besides). Radii in `points` are
 * log₁₀(1 + distance / floor): a spiral is as wide at its end as at its beginning, straight ways stay straight, angles are true.
 */
export function approachPortrait(states: States, path: Matrix, unit: number, {init, window, period, rate, noiseFloor}: Sitter): Drawing {
  const {end, mode, size, residual} = endOf(path, window, rate, period);
  const first = unitOf(mode[0]);
  const second =
    mode[1] && length(across(mode[1], first)) > 1e-9 * length(mode[1]) ? unitOf(across(mode[1], first)) : othersAcross(states, end, first);
  const plane: Plane = {centre: end, axes: [first, second]};
  const along = distancesTo(states, end, unit);
  const floor = Math.max(noiseFloor, LEAST_DECADES);
  const steps = Array.from({length: window[1] - window[0] + 1}, (_, i) => i);
  return {
    points: spread(pointsIn(plane, states, unit), floor),
    share: shareIn(plane, path, window),
    curve: new Float32Array(0),
    along,
    fitted: Float32Array.from(rate === undefined ? [] : steps, (t) => (size / unit) * rate! ** t),
    residual: residual / unit,
    phaseStep: window[0] + phaseOf(pointsIn(plane, states, unit), states.inits, init, window[0], period),
    greatCircle: false
  };
}

interface End {
  readonly end: Float64Array;
  /** The leading mode's vectors: two for a spiral. */
  readonly mode: readonly Float64Array[];
  /** Distance from the end at the window's first step, by the fit; root mean square over a turn for a spiral. */
  readonly size: number;
  readonly residual: number;
}

function endOf(path: Matrix, window: readonly [number, number], rate: number | undefined, period: number | undefined): End {
  const n = window[1] - window[0] + 1;
  const last = Float64Array.from(rowOf(path, window[1]));
  if (rate === undefined || rate ** n > MOST_KEPT || rate <= 0 || n < 4) {
    const start = Float64Array.from(rowOf(path, window[0]), (x, j) => x - last[j]);
    return {end: last, mode: [start], size: length(start), residual: 0};
  }
  const omega = period ? (2 * Math.PI) / period : 0;
  const decay = (step: number): number => rate ** (step - window[0]);
  const turns = omega > 0 && Math.abs(Math.sin(omega)) > 0.5 / n;
  const modes = [
    (step: number) => decay(step) * Math.cos(omega * (step - window[0])),
    ...(turns ? [(step: number) => decay(step) * Math.sin(omega * (step - window[0]))] : [])
  ];
  const sizeOf = (mode: readonly Float64Array[]): number =>
    turns ? Math.sqrt((length(mode[0]) ** 2 + length(mode[1]) ** 2) / 2) : length(mode[0]);
  const final = Float64Array.from(rowOf(path, path.rows - 1));
  const {vectors, residual} = timeFit(path, [lateStart(window, rate, period), window[1]], [() => 1, ...modes]);
  const [end, ...mode] = vectors;
  const left = sizeOf(mode) * decay(path.rows - 1);
  if (length(end.map((x, j) => x - final[j])) <= MOST_BESIDE * left) return {end, mode, size: sizeOf(mode), residual};
  const about = timeFit(from(path, final), window, modes);
  return {end: final, mode: about.vectors, size: sizeOf(about.vectors), residual: about.residual};
}

const LATE = 0.1; // of the distance at the window's first step: what bends the way, as a sphere does, is then a hundredth of what it was
const LEAST_FITTED = 8;

/** Where the last part of the window begins, in which the way is as straight or as round as the mode says; the whole window, where that would leave too few states or turns. */
function lateStart([first, last]: readonly [number, number], rate: number, period = 0): number {
  const late = first + Math.ceil(Math.log(LATE) / Math.log(rate));
  return last - late + 1 >= Math.max(LEAST_FITTED, 2 * period) ? late : first;
}

/** A path as seen from a place. */
const from = ({rows, cols, data}: Matrix, place: Float64Array): Matrix => ({rows, cols, data: data.map((x, i) => x - place[i % cols])});

const MOST_ROWS = 256; // of which a direction is sought: more cost time and change nothing

/** The direction besides `first` in which the initial states of the token, seen from the end, differ most, where they are finite. */
function othersAcross(states: States, end: Float64Array, first: Float64Array): Float64Array {
  const every = Math.ceil((states.steps * states.inits) / MOST_ROWS);
  const rows: Float64Array[] = [];
  for (let step = 0; step < states.steps; step += every) {
    for (let init = 0; init < states.inits; ++init) {
      const row = unitOf(Float64Array.from(stateAt(states, step, 0, init), (x, j) => x - end[j]));
      if (!row.every(Number.isFinite)) continue;
      rows.push(
        row,
        row.map((x) => -x) // about the end, not about the rows' mean
      );
    }
  }
  return leadingAcross(rows, first);
}

function distancesTo(states: States, end: Float64Array, unit: number): Float32Array {
  const {steps, inits} = states;
  const distances = new Float32Array(steps * inits);
  for (let step = 0; step < steps; ++step)
    for (let init = 0; init < inits; ++init) {
      let squares = 0;
      stateAt(states, step, 0, init).forEach((x, j) => (squares += (x - end[j]) ** 2));
      distances[step * inits + init] = Math.sqrt(squares) / unit;
    }
  return distances;
}

function spread(points: Float32Array, floor: number): Float32Array {
  const out = new Float32Array(points.length);
  for (let i = 0; i < points.length; i += 2) {
    const radius = Math.hypot(points[i], points[i + 1]);
    const scale = radius > 0 ? Math.log10(1 + radius / floor) / radius : 0;
    out[i] = points[i] * scale;
    out[i + 1] = points[i + 1] * scale;
  }
  return out;
}

/** Steps from the window's first one at which the angle in the plane was 0, for a spiral; 0 for any other. */
function phaseOf(points: Float32Array, inits: number, init: number, step: number, period: number | undefined): number {
  if (!period) return 0;
  const at = 2 * (step * inits + init);
  return -(Math.atan2(points[at + 1], points[at]) / (2 * Math.PI)) * period;
}
