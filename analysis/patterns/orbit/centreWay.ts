import {form} from "../path/gram.ts";
import type {Products} from "../path/residual.ts";
import {inner, modeFunctions, orthonormal, sampled} from "../statistics/timeBasis.ts";

const MOST_NOISE = 2; // × the noise that a slope holds on average, which is taken off its square

/**
 * How far the centre of what turns by ω a step moves over as many steps as a window has, at the speed of the window's last half, where transients have died away: the least-squares
 * slope beside the turning and its first overtone, freed of `noise` (energy per state).
 */
export function centreWay(window: Products, omega: number, noise: number): number {
  const half = window.size >> 1;
  const start = window.size - half;
  const within = (f: (t: number) => number): Float64Array => sampled(window.size, (t) => (t < start ? 0 : f(t - start)));
  const turning = [omega, 2 * omega].flatMap((angle) => modeFunctions(half, 1, angle)).map((f) => within((t) => f[t]));
  const time = within((t) => t);
  const [direction] = orthonormal([time], orthonormal([within(() => 1), ...turning]));
  if (direction === undefined) return 0;
  const squared = (form(window, direction) - MOST_NOISE * noise) / inner(direction, time) ** 2;
  return window.size * Math.sqrt(Math.max(0, squared));
}
