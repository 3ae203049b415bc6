import {fTail} from "./fTail.ts";
import {kicksOf} from "./kicked.ts";
import {effectiveDimensions, energyAlong, energyOf, residualOf, type Products} from "./residual.ts";
import {t95} from "./studentT.ts";
import {constantOf, inner, modeFunctions, orthonormal, type Place, type TimeBasis} from "./timeBasis.ts";

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

/**
 * Whether what a mode leaves holds more of t λᵗ, over all directions, than noise that every other function holds as much of. Along its own direction a mode has taken up all of it; beside
 * it another mode of nearly the same rate shows to first order. `left` is the window without `taken`, the mode's functions and the nuisance.
 */
export function showsBeside(left: Products, {rate, omega}: Place, taken: TimeBasis): boolean {
  const later = modeFunctions(left.size, rate, omega).map((f) => f.map((x, t) => x * t));
  return holdsMore(left, orthonormal(later, taken), taken);
}

/**
 * The same of a loop that is kicked at every step. Its kicks, what is left of a state without the share kept of the one before, are noise, and a mode of that rate has no part in them;
 * t λᵗ leaves λᵗ there. `window` is without its mean, and the share kept, negative where it flips, is fitted along the mode's own direction.
 */
export function showsBesideKicks(window: Products, kept: number): boolean {
  const kicks = kicksOf(window, kept);
  const constant = constantOf(kicks.size);
  const later = modeFunctions(kicks.size, Math.abs(kept), kept < 0 ? Math.PI : 0);
  return holdsMore(residualOf(kicks, constant), orthonormal(later, constant), constant);
}

/** Whether a window without `taken` holds more along functions of time, over all directions, than along every other. */
function holdsMore(left: Products, basis: TimeBasis, taken: TimeBasis): boolean {
  const free = left.size - taken.length - basis.length;
  if (basis.length === 0 || free < 1) return false;
  const own = energyAlong(left, basis);
  const rest = (energyOf(left) - own) / free;
  const dimensions = effectiveDimensions(left);
  return rest > 0 && fTail(own / basis.length / rest, basis.length * dimensions, dimensions * free) <= SHOWN;
}

/** Root of the series' energy along functions of time. */
const along = (series: readonly Float64Array[], basis: TimeBasis): number =>
  Math.hypot(...series.flatMap((y) => basis.map((q) => inner(q, y))));

/** Root mean square of what functions have along their own basis. */
const length = (functions: TimeBasis, basis: TimeBasis): number =>
  Math.sqrt(basis.reduce((sum, q, i) => sum + inner(q, functions[i]) ** 2, 0) / Math.max(1, basis.length));
