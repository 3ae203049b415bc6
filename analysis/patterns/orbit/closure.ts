import {folded} from "./folded.ts";
import {energyOf, lagSums, residualOf, type Products} from "../path/residual.ts";
import {modeFunctions, orthonormal, type TimeBasis} from "../statistics/timeBasis.ts";

const FACTORS = [2, 3];
const WHOLE = 0.1; // steps that a period may be off a whole number: only such can be held against themselves shifted
/** Least energy that what is left keeps from the first to the last third of the window: a flip that dies away is a transient, and no longer period. */
export const LASTS = 0.5;
const RETURNS = 1; // by which what is left correlates better with itself after several turns than after one; noise of few dimensions stays below
export const CLOSES_LATER = 0.5; // by which what is left correlates better with itself after several turns of no whole number of steps than after any fewer steps
export const FAINT_OVERTONE = 25; // as often a line's own energy as a curve's bends put into an overtone at most
const BENDS = [2, 3]; // overtones that a curve's bends put energy into, wherever sampling shows them

interface Turning {
  /** Steps per turn. */
  readonly period: number;
  /** Energy of the line in the window. */
  readonly energy: number;
}

/**
 * After how many turns of a line, of this period, a curve closes: a period of 8 with two flips inside shows a line at 2 and one at 4, and closes after neither; eleven points that come round show a
 * line at 5.5 or 3.67. What the curve that closes after one turn leaves is held against itself, one turn and two (three) turns later, or, of no whole number of steps, so many turns later as are one; and so on from there,
 * as long as half the window holds it.
 */
export function turnsToClose(plain: Products, nuisance: TimeBasis, {period, energy}: Turning): number {
  let turns = 1;
  for (;;) {
    const now = turns * period;
    const next = FACTORS.find((factor) => repeatsAfter(plain, nuisance, now, factor)) ?? wholeAfter(plain, nuisance, {period: now, energy});
    if (next === undefined) return turns;
    turns *= next;
  }
}

function repeatsAfter(plain: Products, nuisance: TimeBasis, period: number, factor: number): boolean {
  const [once, later] = [Math.round(period), Math.round(factor * period)];
  if (later > plain.size / 2 || Math.abs(period - once) > WHOLE) return false;
  const rest = withoutCurve(plain, nuisance, once);
  if (lateOverEarly(rest) < LASTS) return false;
  const correlation = selfCorrelation(rest);
  return correlation(later) - correlation(once) > RETURNS;
}

/** How many turns of no whole number of steps make one after which what one turn leaves comes round as it does not before; undefined where it does not, or is no more than the curve's bends. */
function wholeAfter(plain: Products, nuisance: TimeBasis, {period, energy}: Turning): number | undefined {
  const isWhole = (turns: number): boolean => Math.abs(turns * period - Math.round(turns * period)) <= WHOLE;
  const later = Array.from({length: Math.floor(plain.size / 2 / period)}, (_, k) => k + 1).filter(isWhole);
  if (later.length === 0 || later[0] === 1) return undefined;
  const rest = withoutCurve(plain, nuisance, period, BENDS);
  if (energyOf(rest) < energy / FAINT_OVERTONE || lateOverEarly(rest) < LASTS) return undefined;
  const correlation = selfCorrelation(rest);
  return later.find((turns) => {
    const lag = Math.round(turns * period);
    const before = Array.from({length: lag - 1}, (_, shorter) => correlation(shorter + 1));
    return correlation(lag) - Math.max(...before) > CLOSES_LATER;
  });
}

/** What a curve leaves that closes after so many steps, with all its overtones up to ½, and some beyond. */
function withoutCurve(plain: Products, nuisance: TimeBasis, period: number, beyond: readonly number[] = []): Products {
  const overtones = new Set([...Array.from({length: Math.floor(period / 2)}, (_, j) => j + 1), ...beyond]);
  const closed = [...overtones].flatMap((overtone) => modeFunctions(plain.size, 1, 2 * Math.PI * folded(overtone / period)));
  return residualOf(plain, orthonormal(closed, nuisance));
}

/** Of a window with itself so many steps later. */
function selfCorrelation(rest: Products): (lag: number) => number {
  const sums = lagSums(rest);
  return (lag) => (sums[lag] / Math.max(sums[0], Number.MIN_VALUE)) * (rest.size / (rest.size - lag));
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
