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
  return {steps, crossed, own, squares};
}

/** The largest whole lag either way that leaves enough of the tails to compare; below 1 for tails of fewer than six states. */
export const reachOf = ({steps}: {readonly steps: number}): number => Math.floor((steps - 4) / 2);

/**
 * The shift from `lag` to `lag + 1` that brings b's tail nearest to a's. Between two states b is interpolated by the cubic through the four
 * about it (a phase need not be whole; a circle of six steps a turn is met to 2 %), with one fraction for all steps, found on a grid of
 * 32 and refined by a parabola.
 */
export function shiftBetween({steps, crossed, own, squares}: TailProducts, lag: number): Shift {
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
  const fraction = leastOf(squaredAt);
  return {lag: lag + fraction, distance: norms > 0 ? Math.sqrt(Math.max(0, squaredAt(fraction)) / norms) : 0};
}

/** Lagrange's weights of the states at −1, 0, 1, 2 for a point in 0 … 1. */
const cubicWeights = (x: number): readonly number[] => [(-x * (x - 1) * (x - 2)) / 6, ((x + 1) * (x - 1) * (x - 2)) / 2, (-(x + 1) * x * (x - 2)) / 2, ((x + 1) * x * (x - 1)) / 6];

const GRID = 32;

function leastOf(f: (x: number) => number): number {
  const values = Array.from({length: GRID + 1}, (_, i) => f(i / GRID));
  const best = values.indexOf(Math.min(...values));
  if (best === 0 || best === GRID) return best / GRID;
  const [left, middle, right] = [values[best - 1], values[best], values[best + 1]];
  const bend = left - 2 * middle + right;
  const refined = bend > 0 ? (best + (left - right) / (2 * bend)) / GRID : best / GRID;
  return f(refined) < middle ? refined : best / GRID;
}
