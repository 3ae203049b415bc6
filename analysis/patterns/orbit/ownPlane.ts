import {folded} from "./folded.ts";
import {HARMONICS, lineBasis, LOWEST, multiplesOf} from "./line.ts";
import {productsWith, type Products} from "../path/residual.ts";
import {inner, modeFunctions, orthonormal, type TimeBasis} from "../statistics/timeBasis.ts";

const FLAT = 1e-6; // share of a second direction's energy that is its own; less is none

export interface Turning {
  /** Angle of the line per step. */
  readonly omega: number;
  /** Of the line's turns, until its curve closes. */
  readonly turnsToClose: number;
  readonly nuisance: TimeBasis;
}

/**
 * Noise of a window within the plane of its own line, over the amplitude there: what the closed curve, the line with all overtones of its period, leaves of the states’ places in that plane,
 * root mean square per degree of freedom. Noise of all directions has little of itself in one plane; what made its line by chance has all.
 */
export function ownPlaneNoise(plain: Products, turning: Turning): number {
  const n = plain.size;
  const {line, curve} = curveOf(n, turning, HARMONICS);
  const places = placesAlong(plain, line);
  const whole = places.reduce((sum, place) => sum + inner(place, place), 0);
  const onCurve = places.reduce((sum, place) => sum + curve.reduce((along, f) => along + inner(f, place) ** 2, 0), 0);
  const free = n - turning.nuisance.length - curve.length;
  return free > 0 && onCurve > 0 ? Math.sqrt((Math.max(0, whole - onCurve) / free) * (n / onCurve)) : 0;
}

/** The functions of time of a closed curve, orthonormal and without the nuisance: those of its line, and these with all overtones of its period up to ½ and the line’s `harmonics` as sampling shows them. */
export function curveOf(
  n: number,
  {omega, turnsToClose, nuisance}: Turning,
  harmonics: readonly number[]
): {readonly line: TimeBasis; readonly curve: TimeBasis} {
  const frequency = omega / (2 * Math.PI);
  const line = lineBasis(n, frequency, nuisance);
  const overtones = [...multiplesOf(frequency, turnsToClose), ...harmonics.map((h) => folded(h * frequency))].filter(
    (f) => f >= LOWEST / n
  );
  const beside = orthonormal(
    overtones.flatMap((f) => modeFunctions(n, 1, 2 * Math.PI * f)),
    [...nuisance, ...line]
  );
  return {line, curve: [...line, ...beside]};
}

/** The states' coordinates along orthonormal directions of the plane in which a line's functions move them. */
export function placesAlong(plain: Products, [first, second]: TimeBasis): Float64Array[] {
  const withFirst = productsWith(plain, first);
  const own = inner(first, withFirst);
  if (!(own > 0)) return [];
  const x = withFirst.map((along) => along / Math.sqrt(own));
  if (second === undefined) return [x];
  const withSecond = productsWith(plain, second);
  const shared = inner(first, withSecond) / own;
  const other = inner(second, withSecond);
  const left = other - shared * shared * own;
  return left > FLAT * other ? [x, withSecond.map((along, t) => (along - shared * withFirst[t]) / Math.sqrt(left))] : [x];
}
