import {median} from "d3-array";
import {RESTING_FLOORS} from "./contraction.ts";
import {squaredSteps} from "../path/gram.ts";
import type {Products} from "../path/residual.ts";

export const LAST_STEPS = 6; // at least, and as many before them,
export const IN_ALL = 24; // of both, at least: of steps in any order at most 1 in C(24, 6) = 134,596 ends so
/** × the median step before, or that of rounding (`RESTING_FLOORS`), from which on a path whose last steps are all longer moves on again. */
export const MOVES_AGAIN = 2;

/**
 * Why a path that came near a place, for which it set out at step `from`, does not rest there: its last steps are longer than all before them, as of one that leaves a saddle along a direction that it is
 * unstable in, once that is seen above the noise, or of one that is restless after a rest. Steps that might have come in any order end so by chance in 1 of C(k + m, k), k of them the last and m before.
 */
export function leaving(path: Products, {from = 0, floor = 0}: {readonly from?: number; readonly floor?: number} = {}): string[] {
  const squares = squaredSteps(path).slice(from);
  const rounding = 2 * (RESTING_FLOORS * floor) ** 2; // of a step between two states that lie as far from one place
  let shortest = Math.min(...squares.slice(1 - LAST_STEPS)); // of the last k
  for (let k = LAST_STEPS; k + LAST_STEPS <= squares.length; ++k) {
    shortest = Math.min(shortest, squares[squares.length - k]);
    const m = Math.max(LAST_STEPS, IN_ALL - k);
    if (k + m > squares.length || shortest <= squares[squares.length - k - 1]) continue;
    const last = squares.slice(-k);
    const before = squares.slice(-k - m, -k);
    if (shortest <= Math.max(...before)) continue;
    const ratio = Math.sqrt(median(last)! / Math.max(median(before)!, rounding)); // infinite where it stood still before, and rounds nothing
    if (ratio >= MOVES_AGAIN) return [`${LEAVES}: its last ${k} steps are ${ratio.toFixed(1)} times as long as the ${m} before`];
  }
  return [];
}

/** How that reason begins. */
export const LEAVES = "moves on again";
