import {studentBelow} from "../../analysis/patterns/statistics/studentMixture.ts";
import {inner, modeFunctions, orthonormal, sampled} from "../../analysis/patterns/statistics/timeBasis.ts";

/** A decaying mode in white noise: `amplitude` is its size at the first state over the root mean square norm of the noise, spread evenly over `dimensions`. */
export interface DecayInNoise {
  readonly rate: number;
  /** Angle per step, 0 for a plain decay, π for an alternating one. */
  readonly omega: number;
  readonly steps: number;
  readonly amplitude: number;
  readonly dimensions: number;
}

/**
 * The least standard error that any unbiased estimate of a decay's rate can have (Cramér–Rao), the fixed point, the mode's plane and phase and its angle unknown too.
 * Noise of variance 1/dimensions along each direction; each unknown vector takes its function of time out of the derivative by the rate (and, for a turning mode, by the angle).
 */
export function leastRateError({rate, omega, steps, amplitude, dimensions}: DecayInNoise): number {
  const shape = orthonormal([sampled(steps, () => 1), ...modeFunctions(steps, rate, omega)]);
  const free = (f: (t: number) => number): Float64Array => {
    const values = sampled(steps, f);
    for (const q of shape) {
      const along = inner(q, values);
      for (let t = 0; t < steps; ++t) values[t] -= along * q[t];
    }
    return values;
  };
  const slope = (t: number): number => amplitude * t * rate ** (t - 1);
  const [cos, sin] = [free((t) => slope(t) * Math.cos(omega * t)), free((t) => slope(t) * Math.sin(omega * t))];
  if (omega <= 0 || omega >= Math.PI) return Math.sqrt(1 / dimensions / inner(cos, cos));
  // The angle's derivative is rate times the rate's, a quarter turn on: (−sin, cos).
  const own = inner(cos, cos) + inner(sin, sin);
  const angle = rate ** 2 * own;
  const shared = rate * (-inner(cos, sin) + inner(sin, cos));
  return Math.sqrt(1 / dimensions / (own - shared ** 2 / angle));
}

/** P(a normal variable < z). */
export const normalBelow = (z: number): number => studentBelow(z, 1e9);

/** P(|error| ≤ tolerance) of an estimate that reaches the bound. */
export const withinAtBest = (leastError: number, tolerance: number): number => 1 - 2 * normalBelow(-tolerance / leastError);

const ONE_SIDE = 1.959964; // the upper end of a 95 % interval

/** P(the 95 % interval of an estimate that reaches the bound lies below 1): without it a slow decay cannot be told from a steady drift. */
export function resolvedAtBest(leastError: number, rate: number): number {
  const z = (1 - rate) / leastError - ONE_SIDE;
  return normalBelow(z);
}
