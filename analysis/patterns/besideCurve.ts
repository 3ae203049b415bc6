import {LASTS, lateOverEarly} from "./closure.ts";
import {returnsOf} from "./determinism.ts";
import {effectiveDimensions, energyOf, residualOf, type Products} from "./residual.ts";
import type {TimeBasis} from "./timeBasis.ts";

export const FEW_DIRECTIONS = 5; // effective dimensions: chaos off a curve mostly has 1 to 4, noise of 64 coordinates 10 and more;
export const FEW_PER_STATE = 0.2; // as many over the number of states, where these are few
export const IN_PLANE = 0.3; // of what is off the curve, root mean square, that lies in the orbit’s own plane: noise in few directions has 0.07 to 0.2 there, chaos 0.3 and more
export const COMES_AGAIN = 0.3; // of twice the square of what is off the curve, between states some whole steps apart: a longer period
const SEEN = 3; // times that such a period is, at least

/** What a closed curve leaves of a window in all directions. */
export interface Beside {
  /** Whether it has fewer effective dimensions than noise has. */
  readonly few: boolean;
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

export function besideCurve(plain: Products, curve: TimeBasis, {across, nuisance}: BesideOptions): Beside {
  const n = plain.size;
  const left = residualOf(plain, curve);
  const square = energyOf(left) / (n - nuisance.length - curve.length);
  const apart = returnsOf(plain);
  const lags = Array.from({length: Math.floor(n / SEEN)}, (_, i) => i + 1);
  return {
    few: effectiveDimensions(left) < Math.min(FEW_PER_STATE * n, FEW_DIRECTIONS),
    inPlane: Math.sqrt(across / square),
    late: lateOverEarly(left),
    again: (Math.min(...lags.map(apart)) * energyOf(plain)) / ((n - 1) * square)
  };
}

/** Whether it is a motion of its own, as of chaos that keeps time: in few directions, those of the orbit, and neither dying away nor coming again as a longer period does. */
export const movesBeside = ({few, inPlane, late, again}: Beside): boolean =>
  few && inPlane > IN_PLANE && late > LASTS && again > COMES_AGAIN;
