import {distancesOf, nearPairs} from "../path/nearPairs.ts";
import {energyOf, lagSums, type Products} from "../path/residual.ts";

const LEAST_AHEAD = 4; // steps: a resonance that forgets within a few is foreseen for fewer

export const WHOLE = 0.03; // steps from a whole period: its states are points, and nothing lies between them

/**
 * Whether what comes next follows from where a path is, as it must on a closed curve (Kaplan and Glass 1992; Wayland et al. 1993, translation error). Every state of a window is compared with
 * the one half a turn or more from it in time that is nearest, itself and the state before it, and both are
 * followed on for half a turn, `LEAST_AHEAD` steps at least. Given is the mean squared distance that they win, over what any two states have more than the nearest: 0 where the same goes on
 * from the same place, about 1 where chance says how it goes on, as it does of noise, of jumps at times of their own and of a resonance that noise keeps going.
 */
export function parting(path: Products, turn: number): number {
  const n = path.size;
  const ahead = Math.max(LEAST_AHEAD, Math.round(turn / 2));
  const apart = Math.max(1, Math.round(turn / 2));
  const distances = distancesOf(path);
  const {squared} = distances;
  let [any, pairs] = [0, 0];
  for (let t = 1; t + ahead < n; ++t) {
    for (let s = 1; s + ahead < n; ++s) {
      if (s === t) continue;
      any += squared[s * n + t];
      ++pairs;
    }
  }
  const near = nearPairs(distances, {apart, ahead});
  let [now, later] = [0, 0];
  for (const [t, s] of near) {
    now += (squared[s * n + t] + squared[(s - 1) * n + t - 1]) / 2;
    for (let step = 1; step <= ahead; ++step) later += squared[(s + step) * n + t + step] / ahead;
  }
  const mean = (any / pairs) * near.length;
  return mean > now ? (later - now) / (mean - now) : 0;
}

export const COMES_ROUND = 0.1; // of a chance pair’s squared distance, between states a whole period apart and two: what parts and comes round is no chance; an orbit of 3 × the noise has as much

/**
 * Mean squared distance of all states a whole period apart, and of those two periods apart, whichever is more, over that of any two: near 0 where the same comes round however it looks on the way there, as on levels
 * that are left after so many steps, which no single state knows; undefined where the period is no whole number of steps or the path not three of them long.
 */
export function comesRound(path: Products, period: number): number | undefined {
  const lag = Math.round(period);
  if (Math.abs(period - lag) > WHOLE || path.size < 3 * lag) return undefined;
  const apart = returnsOf(path);
  return Math.max(apart(lag), apart(2 * lag));
}

/** Mean squared distance of all states so many steps apart, over that of any two. */
export function returnsOf(path: Products): (lag: number) => number {
  const n = path.size;
  const sums = lagSums(path);
  const before = [0]; // squared lengths of the states before each
  for (let t = 0; t < n; ++t) before.push(before[t] + path.values[t * (n + 1)]);
  const any = (2 * energyOf(path)) / (n - 1);
  return (lag) => Math.max(0, before[n] - before[lag] + before[n - lag] - 2 * sums[lag]) / (n - lag) / any;
}
