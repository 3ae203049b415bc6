import {lagSums, residualOf, type Products} from "../path/residual.ts";
import {modeFunctions, orthonormal, type TimeBasis} from "../statistics/timeBasis.ts";

const FACTORS = [2, 3];
const WHOLE = 0.1; // steps that a period may be off a whole number: only such can be held against themselves shifted
/** Least energy that what is left keeps from the first to the last third of the window: a flip that dies away is a transient, and no longer period. */
export const LASTS = 0.5;
const RETURNS = 1; // by which what is left correlates better with itself after several turns than after one; noise of few dimensions stays below

/**
 * After how many turns of a line, of this period, a curve closes: a period of 8 with two flips inside shows a line at 2 and one at 4, and closes after neither. What the
 * curve that closes after one turn leaves is held against itself, one turn and two (three) turns later; and so on from there, as long as half the window holds it.
 */
export function turnsToClose(plain: Products, nuisance: TimeBasis, period: number): number {
  let turns = 1;
  for (;;) {
    const next = FACTORS.find((factor) => repeatsAfter(plain, nuisance, turns * period, factor));
    if (next === undefined) return turns;
    turns *= next;
  }
}

function repeatsAfter(plain: Products, nuisance: TimeBasis, period: number, factor: number): boolean {
  const [once, later] = [Math.round(period), Math.round(factor * period)];
  if (later > plain.size / 2 || Math.abs(period - once) > WHOLE) return false;
  const closed = Array.from({length: Math.floor(once / 2)}, (_, j) => modeFunctions(plain.size, 1, (2 * Math.PI * (j + 1)) / once)).flat();
  const rest = residualOf(plain, orthonormal(closed, nuisance));
  if (lateOverEarly(rest) < LASTS) return false;
  const sums = lagSums(rest);
  const correlation = (lag: number): number => (sums[lag] / Math.max(sums[0], Number.MIN_VALUE)) * (plain.size / (plain.size - lag));
  return correlation(later) - correlation(once) > RETURNS;
}

/** Energy of the last third of a window over that of its first. */
export function lateOverEarly({size, values}: Products): number {
  const third = Math.ceil(size / 3);
  let [early, late] = [0, 0];
  for (let i = 0; i < third; ++i) {
    early += values[i * (size + 1)];
    late += values[(size - 1 - i) * (size + 1)];
  }
  return late / Math.max(early, Number.MIN_VALUE);
}
