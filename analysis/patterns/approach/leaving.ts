import {median} from "d3-array";
import {squaredSteps} from "../path/gram.ts";
import type {Products} from "../path/residual.ts";

export const LAST_STEPS = [6, 8, 12, 16, 24, 32]; // of which all must be longer than three times as many before them: of steps in any order 1 in 134,596 ends so
export const BEFORE = 3; // × as many
/** × the median step before, from which on a path whose last steps are all longer moves on again. */
export const MOVES_AGAIN = 2;

/**
 * Why a path that came near a place does not rest there: its last steps are longer than all before them, as of one that leaves a saddle along a direction that it is
 * unstable in, once that is seen above the noise. Steps that might have come in any order end so by chance in 1 of C(4k, k), k of them the last.
 */
export function leaving(path: Products): string[] {
  const squares = squaredSteps(path);
  for (const k of LAST_STEPS) {
    if ((1 + BEFORE) * k > squares.length) break;
    const last = squares.slice(-k);
    const before = squares.slice(-(1 + BEFORE) * k, -k);
    if (Math.min(...last) <= Math.max(...before)) continue;
    const ratio = Math.sqrt(median(last)! / median(before)!); // infinite where it stood still before
    if (ratio >= MOVES_AGAIN)
      return [`moves on again: its last ${k} steps are ${ratio.toFixed(1)} times as long as the ${BEFORE * k} before`];
  }
  return [];
}
