import {ALPHA} from "../../analysis/patterns/classifyRun.ts";
import {UNLIKE} from "../../analysis/patterns/approach/endless.ts";
import {highest} from "../../analysis/patterns/modes/mode.ts";
import {inner, orthonormal, sampled} from "../../analysis/patterns/statistics/timeBasis.ts";
import {normalBelow, type DecayInNoise} from "./rateBound.ts";

const LONGEST = 4; // × the path, for which such a way may have gone on before it: longer ago it is a line
const STEPS = 12; // of each search

/**
 * How far a plain decay lies from the nearest way without an end, c + v·(t + τ)¹⁻ᵝ with β from 0 to 1, c + v·ln(t + τ) or c + v·ln ln(t + τ), τ ≥ 1 (a way begins no later than a step before the
 * first state), in standard deviations of the noise along it. Two means so far apart are told apart in P(z > z_α − distance) of draws at level α by the best test there is (Neyman and Pearson), one
 * that is told both; a test that has to find them does no better.
 */
export function distanceFromEndless({rate, steps, amplitude, dimensions}: DecayInNoise): number {
  const constant = orthonormal([sampled(steps, () => 1)]);
  const decay = sampled(steps, (t) => rate ** t);
  const [unit] = orthonormal([decay], constant);
  const missed = (way: (t: number) => number): number => {
    const [along] = orthonormal([sampled(steps, way)], constant);
    return along === undefined ? 1 : Math.max(0, 1 - inner(along, unit) ** 2);
  };
  const least = (f: (x: number) => number, low: number, high: number): number => f(highest((x) => -f(x), low, high, STEPS));
  const power = (begun: number): number =>
    least((beta) => missed(beta === 1 ? (t) => Math.log(t + begun) : (t) => (t + begun) ** (1 - beta)), 0, 1);
  const slowest = (begun: number): number => missed((t) => Math.log(Math.log(t + begun - 1 + Math.E)));
  const last = Math.log(LONGEST * steps);
  const share = Math.min(
    least((log) => power(Math.exp(log)), 0, last),
    least((log) => slowest(Math.exp(log)), 0, last)
  );
  return amplitude * inner(unit, decay) * Math.sqrt(dimensions * share);
}

const SURE = ALPHA / UNLIKE; // the largest p of a way without an end, by F, of a label

/** z with P(Z > z) = `SURE`, by halving. */
const LEVEL = ((): number => {
  let [low, high] = [0, 8];
  while (high - low > 1e-9) [low, high] = normalBelow(-(low + high) / 2) > SURE ? [(low + high) / 2, high] : [low, (low + high) / 2];
  return low;
})();

/** P(the best test of level `SURE` tells such a decay from a way without an end). */
export const endSeenAtBest = (distance: number): number => normalBelow(distance - LEVEL);

/** Whether even that test misses it more often than not: then it has no end to be seen. */
export const endHidden = (distance: number): boolean => distance < LEVEL;
