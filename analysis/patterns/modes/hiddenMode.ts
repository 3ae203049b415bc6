import type {Products} from "../path/residual.ts";
import {t95} from "../statistics/studentT.ts";
import {inner, modeFunctions, orthonormal, type Place, type TimeBasis} from "../statistics/timeBasis.ts";
import {plainWalkP, type Rounding} from "../nulls/walkTest.ts";

interface HiddenModeOptions {
  readonly nuisance: TimeBasis;
  /** Noise per state along one direction, squared, and its degrees of freedom. */
  readonly blur: number;
  readonly free: number;
}

/**
 * How far from a fitted rate the slower of two modes may be, where the other, no larger, is hidden in the noise. Modes λ + δ with weights w look to first order like one mode at their mean,
 * whatever the weights; only their variance v shows, as Σ w λᵗ(δ) ≈ mᵗ + ½ v t (t − 1) mᵗ⁻². Of two modes of weights 1 and b the slower lies √(v b) from the mean, a repeated one
 * (a Jordan block, v < 0) √|v|: no further than √|v| for b ≤ 1. The largest |v| that the window allows is the one seen and a 95 % reach of its noise. `series` holds the states'
 * coordinates along the mode's own directions, one series each.
 */
export function hiddenShift(series: readonly Float64Array[], {rate, omega}: Place, {nuisance, blur, free}: HiddenModeOptions): number {
  const own = modeFunctions(series[0]?.length ?? 0, rate, omega);
  const scaled = (by: (t: number) => number): Float64Array[] => own.map((f) => f.map((x, t) => x * by(t)));
  const second = scaled((t) => t * (t - 1));
  const shape = orthonormal(own, nuisance);
  const bend = orthonormal(second, [
    ...nuisance,
    ...shape,
    ...orthonormal(
      scaled((t) => t),
      [...nuisance, ...shape]
    )
  ]);
  if (bend.length < second.length) return Infinity;
  const amplitude = along(series, shape) / length(own, shape);
  const seen = (along(series, bend) + t95(free) * Math.sqrt(blur)) / length(second, bend);
  return rate * Math.sqrt((2 * seen) / Math.max(amplitude, Number.MIN_VALUE));
}

const SHOWN = 0.01; // largest p of another mode that is taken for one

interface BesideOptions extends Rounding {
  /** The mode's functions and the nuisance, which the window is without. */
  readonly taken: TimeBasis;
}

/**
 * Whether what a mode leaves holds more of t λᵗ, over all directions, than noise and the kicks of a loop that keeps as much of them a step would put there. Along its own direction a mode has
 * taken up all of it; beside it another mode of nearly the same rate shows to first order.
 */
export function showsBeside(left: Products, {rate, omega}: Place, {taken, ...rounding}: BesideOptions): boolean {
  const later = modeFunctions(left.size, rate, omega).map((f) => f.map((x, t) => x * t));
  return plainWalkP(left, orthonormal(later, taken), {...rounding, constant: taken, omega, keep: rate}) <= SHOWN;
}

/** Root of the series' energy along functions of time. */
const along = (series: readonly Float64Array[], basis: TimeBasis): number =>
  Math.hypot(...series.flatMap((y) => basis.map((q) => inner(q, y))));

/** Root mean square of what functions have along their own basis. */
const length = (functions: TimeBasis, basis: TimeBasis): number =>
  Math.sqrt(basis.reduce((sum, q, i) => sum + inner(q, functions[i]) ** 2, 0) / Math.max(1, basis.length));
