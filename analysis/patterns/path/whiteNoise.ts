import {meanSquaredStep} from "./gram.ts";
import type {Products} from "./residual.ts";

/**
 * Energy per state of white noise among the first `count` states, from differences at lag 1, at lag 2 (blind to a flip) or second ones (blind to a drift), whichever sees least of
 * a motion.
 */
export function whiteNoise(window: Products, count = window.size): number {
  const perState = (lag: number): number => meanSquaredStep(window, lag, count) / 2;
  const first = Math.min(perState(1), count > 2 ? perState(2) : Infinity);
  const {size, values} = window;
  let second = 0;
  for (let t = 1; t + 1 < count; ++t) {
    const before = (t - 1) * size + t;
    const own = before + size;
    const after = own + size;
    second += values[before - 1] + 4 * values[own] + values[after + 1] - 4 * values[before] - 4 * values[own + 1] + 2 * values[before + 1];
  }
  return count < 3 ? first : Math.min(first, Math.max(0, second) / (count - 2) / 6);
}
