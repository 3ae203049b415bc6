import {mean, squaredSteps} from "./gram.ts";
import type {Products} from "./residual.ts";

/** Energy per state of white noise, from differences at lag 1, at lag 2 (blind to a flip) or second ones (blind to a drift), whichever sees least of a motion. */
export function whiteNoise(window: Products): number {
  const first = Math.min(mean(squaredSteps(window)), window.size > 2 ? mean(squaredSteps(window, 2)) : Infinity) / 2;
  const {size, values} = window;
  let second = 0;
  for (let t = 1; t + 1 < size; ++t) {
    const before = (t - 1) * size + t;
    const own = before + size;
    const after = own + size;
    second += values[before - 1] + 4 * values[own] + values[after + 1] - 4 * values[before] - 4 * values[own + 1] + 2 * values[before + 1];
  }
  return size < 3 ? first : Math.min(first, Math.max(0, second) / (size - 2) / 6);
}
