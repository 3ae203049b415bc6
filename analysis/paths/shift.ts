import {dot} from "../matrix.ts";
import {stateAt, type States} from "../states.ts";

/** A shift in time and how near it brings one tail to another. */
export interface Shift {
  /** Steps, need not be whole: the first tail at t lies by the second at t + lag. */
  readonly lag: number;
  /** Root mean square distance left, relative to the norm of the states. */
  readonly distance: number;
}

/** Scalar products of two tails, from which every shift follows. */
export interface TailProducts {
  readonly steps: number;
  /** ⟨a_t, b_u⟩ at t·steps + u, and ⟨b_t, b_u⟩ likewise; in double precision, so that distances are exact to about 1e-8 of the norm. */
  readonly crossed: Float64Array;
  readonly own: Float64Array;
  readonly squares: Float64Array;
  /** Root mean square of b's fourth differences, relative to its norm: how far off a cubic between its states may be. */
  readonly roughness: number;
}

/** Products of the tails of two starts of one token, each over the last `steps` states that `tail` holds. */
export function tailProducts(tail: States, token: number, a: number, b: number): TailProducts {
  const {steps} = tail;
  const [crossed, own, squares] = [new Float64Array(steps * steps), new Float64Array(steps * steps), new Float64Array(steps)];
  for (let t = 0; t < steps; ++t) {
    const [state, other] = [stateAt(tail, t, token, a), stateAt(tail, t, token, b)];
    squares[t] = dot(state, state);
    for (let u = 0; u < steps; ++u) {
      const moved = stateAt(tail, u, token, b);
      crossed[t * steps + u] = dot(state, moved);
      if (u <= t) own[t * steps + u] = own[u * steps + t] = dot(other, moved);
    }
  }
  return {steps, crossed, own, squares, roughness: roughnessOf(steps, own)};
}

const FOURTH_DIFFERENCE = [1, -4, 6, -4, 1];

function roughnessOf(steps: number, own: Float64Array): number {
  let [sum, norms] = [0, 0];
  for (let t = 0; t + 4 < steps; ++t) {
    norms += own[(t + 2) * steps + t + 2];
    for (let k = 0; k < 5; ++k)
      for (let l = 0; l < 5; ++l) sum += FOURTH_DIFFERENCE[k] * FOURTH_DIFFERENCE[l] * own[(t + k) * steps + t + l];
  }
  return norms > 0 ? Math.sqrt(Math.max(0, sum) / norms) : 0;
}

/** The largest whole lag either way that leaves enough of the tails to compare; below 1 for tails of fewer than six states. */
export const reachOf = ({steps}: {readonly steps: number}): number => Math.floor((steps - 4) / 2);

/**
 * The shift from `lag` to `lag + 1` that brings b's tail nearest to a's. Between two states b is interpolated by the cubic through the four about
 * it, since a phase need not be whole, with one fraction for all steps; but only as far from a state as the cubic's error term,
 * |(x + 1) x (x − 1) (x − 2)| / 24 times the fourth difference, stays below `error`: between the states of a cycle of two or three steps there is nothing
 * to interpolate, and a cubic would pass off a smaller cycle as a phase of a larger one.
 */
export function shiftBetween(
  {steps, crossed, own, squares, roughness}: TailProducts,
  lag: number,
  {error}: {readonly error: number}
): Shift {
  const [from, to] = [Math.max(0, 1 - lag), Math.min(steps, steps - lag - 2)];
  let [norm, norms] = [0, 0];
  const along = new Float64Array(4); // Σ ⟨a_t, b_{t + lag + k}⟩, k = −1 … 2
  const among = new Float64Array(16); // Σ ⟨b_{t + lag + k}, b_{t + lag + l}⟩
  for (let t = from; t < to; ++t) {
    const u = t + lag - 1;
    norm += squares[t];
    norms += (squares[t] + own[(u + 1) * steps + u + 1]) / 2;
    for (let k = 0; k < 4; ++k) {
      along[k] += crossed[t * steps + u + k];
      for (let l = 0; l < 4; ++l) among[k * 4 + l] += own[(u + k) * steps + u + l];
    }
  }
  const squaredAt = (fraction: number): number => {
    const w = cubicWeights(fraction);
    let sum = norm;
    for (let k = 0; k < 4; ++k) {
      sum -= 2 * w[k] * along[k];
      for (let l = 0; l < 4; ++l) sum += w[k] * w[l] * among[k * 4 + l];
    }
    return sum;
  };
  const fraction = leastOf(squaredAt, (x) => (roughness * Math.abs((x + 1) * x * (x - 1) * (x - 2))) / 24 <= error);
  return {lag: lag + fraction, distance: norms > 0 ? Math.sqrt(Math.max(0, squaredAt(fraction)) / norms) : 0};
}

/** Relative distance left at each step of the first tail when the second is shifted, over the steps that both hold. */
export function shiftedGaps({steps, crossed, own, squares}: TailProducts, {lag}: Shift): Float64Array {
  const whole = Math.floor(lag);
  const w = cubicWeights(lag - whole);
  const [from, to] = [Math.max(0, 1 - whole), Math.min(steps, steps - whole - 2)];
  return Float64Array.from({length: to - from}, (_, i) => {
    const t = from + i;
    const u = t + whole - 1;
    let [gap, norm] = [squares[t], squares[t] / 2];
    for (let k = 0; k < 4; ++k) {
      gap -= 2 * w[k] * crossed[t * steps + u + k];
      for (let l = 0; l < 4; ++l) gap += w[k] * w[l] * own[(u + k) * steps + u + l];
    }
    norm += own[(u + 1) * steps + u + 1] / 2;
    return norm > 0 ? Math.sqrt(Math.max(0, gap) / norm) : 0;
  });
}

/** Lagrange's weights of the states at −1, 0, 1, 2 for a point in 0 … 1. */
const cubicWeights = (x: number): readonly number[] => [
  (-x * (x - 1) * (x - 2)) / 6,
  ((x + 1) * (x - 1) * (x - 2)) / 2,
  (-(x + 1) * x * (x - 2)) / 2,
  ((x + 1) * x * (x - 1)) / 6
];

const GRID = 32;

/** Where f is least among the allowed points of a grid over 0 … 1, refined by a parabola; 0 and 1 are always allowed. */
function leastOf(f: (x: number) => number, isAllowed: (x: number) => boolean): number {
  const values = Array.from({length: GRID + 1}, (_, i) => (i === 0 || i === GRID || isAllowed(i / GRID) ? f(i / GRID) : Infinity));
  const best = values.indexOf(Math.min(...values));
  const [left, middle, right] = [values[best - 1], values[best], values[best + 1]];
  const bend = left - 2 * middle + right;
  if (best === 0 || best === GRID || !(bend > 0 && bend < Infinity)) return best / GRID;
  const refined = (best + (left - right) / (2 * bend)) / GRID;
  return f(refined) < middle ? refined : best / GRID;
}
