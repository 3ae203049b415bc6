import {LASTS, lateOverEarly} from "./closure.ts";
import {returnsOf} from "./determinism.ts";
import {effectiveDimensions, energyOf, residualOf, type Products} from "../path/residual.ts";
import {sampled, type TimeBasis} from "../statistics/timeBasis.ts";

export const FEW_DIRECTIONS = 5; // effective dimensions: chaos off a curve mostly has 1 to 4, noise of 64 coordinates 10 and more;
export const FEW_PER_STATE = 0.2; // as many over the number of states, where these are few
export const IN_PLANE = 0.3; // of what is off the curve, root mean square, that lies in the orbit’s own plane: noise in few directions has 0.07 to 0.2 there, chaos 0.3 and more
export const COMES_AGAIN = 0.3; // of twice the square of what is off the curve, between states some whole steps apart: a longer period
export const SPANNED = 0.5; // of the directions that there are, at most: all that noise has in a path of few coordinates are few, too
const NUMERICAL = 1e-14; // of a window’s largest square: below it a direction is that of the products’ own errors; float32’s rounding has more
const SEEN = 3; // times that such a period is, at least

/** What a closed curve leaves of a window in all directions. */
export interface Beside {
  /** Whether it has fewer effective dimensions than noise has, in as many directions as the states have. */
  readonly few: boolean;
  /** Whether there are few directions for it at all, as in a path of few coordinates. */
  readonly confined: boolean;
  /** Root mean square of it across the curve in the plane of the curve’s line, over that in all directions. */
  readonly inPlane: number;
  /** Energy in the last third of the window over that in the first. */
  readonly late: number;
  /** Least mean squared distance of states so many whole steps apart as are seen three times, over what it is of states that are off the curve each by itself. */
  readonly again: number;
}

interface BesideOptions {
  /** Mean square across the curve in the plane of its line, per degree of freedom. */
  readonly across: number;
  readonly nuisance: TimeBasis;
}

/** Whether noise in many directions has more effective dimensions in so many states. */
export const areFew = (dimensions: number, states: number): boolean => dimensions < Math.min(FEW_PER_STATE * states, FEW_DIRECTIONS);

export function besideCurve(plain: Products, curve: TimeBasis, {across, nuisance}: BesideOptions): Beside {
  const n = plain.size;
  const left = residualOf(plain, curve);
  const square = energyOf(left) / (n - nuisance.length - curve.length);
  const apart = returnsOf(plain);
  const lags = Array.from({length: Math.floor(n / SEEN)}, (_, i) => i + 1);
  const dimensions = effectiveDimensions(left);
  const least = NUMERICAL * Math.max(...sampled(n, (t) => plain.values[t * (n + 1)]));
  const many = FEW_DIRECTIONS / SPANNED;
  const rank = rankOf(left, {most: many, least});
  return {
    few: areFew(dimensions, n) && dimensions < SPANNED * rank,
    confined: rank < many,
    inPlane: Math.sqrt(across / square),
    late: lateOverEarly(left),
    again: (Math.min(...lags.map(apart)) * energyOf(plain)) / ((n - 1) * square)
  };
}

/** Whether it is a motion of its own, as of chaos that keeps time: in few directions, those of the orbit, and neither dying away nor coming again as a longer period does. */
export const movesBeside = ({few, inPlane, late, again}: Beside): boolean =>
  few && inPlane > IN_PLANE && late > LASTS && again > COMES_AGAIN;

/** The number of directions in which states lie, counted up to `most`: those whose squares beside the ones before, the largest first, are more than `least` (Cholesky’s factors with pivots). */
function rankOf({size: n, values}: Products, {most, least}: {readonly most: number; readonly least: number}): number {
  const rest = values.slice();
  for (let rank = 0; rank < most; ++rank) {
    let pivot = 0;
    for (let i = 1; i < n; ++i) if (rest[i * (n + 1)] > rest[pivot * (n + 1)]) pivot = i;
    const square = rest[pivot * (n + 1)];
    if (!(square > least)) return rank;
    const along = rest.slice(pivot * n, (pivot + 1) * n);
    for (let i = 0; i < n; ++i) for (let j = 0; j < n; ++j) rest[i * n + j] -= (along[i] * along[j]) / square;
  }
  return most;
}
