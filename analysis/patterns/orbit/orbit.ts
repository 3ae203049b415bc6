import {combPeriod} from "./comb.ts";
import {linesAreFaint} from "./faintLines.ts";
import {FAINT_RATIO, judged, withAllTold, type OrbitEvidence, type OrbitOptions, type Untold} from "./judgedLine.ts";
import {strongestLine, type Line} from "./line.ts";
import {byClarity, clearestLines, combIn, NUISANCES, withNuisances, type Tried, type Window} from "./linesTried.ts";
import type {LateWindow} from "../path/windows.ts";

const WORTH_A_FIT = 0.05; // largest p that further questions are put to
const CONVINCING = 1e-4; // largest p of a line that leaves no question for all of its curve's
const TRIES_PER_STATE = 6; // n/2 frequencies × 2 nuisances, about 3 times as many for the best one between the grid's, and twice for the subharmonics and the best window
const COMB_WINDOWS = 2 * NUISANCES; // the longest: chaos comes near to a cycle for some of its states

/** The largest p, and the least ratio to its neighbourhood, of a line that says something about any label: a fainter one is no orbit, no decay, and nothing against rest. */
export const DOUBTFUL = 0.01;
export const STANDS_OUT = 5;

/**
 * Looks for a closed curve in the later part of a path: every one of `lateWindows` with and without decaying
 * exponentials beside it (a transient). Of the windows that show a steady line the one with the clearest line speaks. Where no line says anything about any label it is undefined,
 * unless `all` is asked for.
 */
export function orbitOf(
  late: readonly LateWindow[],
  {floor, precision, all}: OrbitOptions & {readonly all: boolean}
): OrbitEvidence | undefined {
  const windows = late.flatMap(withNuisances);
  const attempts = windows.reduce((sum, {plain}) => sum + (TRIES_PER_STATE * plain.size) / NUISANCES, 0);
  const faintness = {p: DOUBTFUL / attempts, ratio: STANDS_OUT};
  const lineIn = once(({plain, nuisance}) => strongestLine(plain, nuisance, floor ** 2));
  const periodIn = once(({plain}) => combPeriod(plain));
  const saysNothing = (line: Line | undefined): boolean => !line || (line.p * attempts >= DOUBTFUL && line.ratio <= STANDS_OUT);
  const long = windows.slice(0, COMB_WINDOWS);
  const isFaint = (window: Window): boolean => linesAreFaint(window.plain, window.nuisance, faintness) || saysNothing(lineIn(window));
  if (!all && windows.every(isFaint) && long.every((window) => periodIn(window) === undefined)) return undefined;
  const tried = clearestLines(windows, lineIn);
  const judgedOf = (lines: readonly Tried[]): Untold[] =>
    lines
      .filter(({line}) => line.ratio >= FAINT_RATIO && line.p * attempts <= WORTH_A_FIT)
      .map((one) => judged(one, {p: Math.min(1, one.line.p * attempts), windows: tried.length, floor, precision}))
      .sort((a, b) => a.p - b.p || b.lineRatio - a.lineRatio);
  const judgedLines = judgedOf(tried);
  const decay = judgedLines.find(({decaying}) => decaying);
  const isSteady = (found: Untold): boolean => found.against.length === 0 && !(decay && stillDecays(decay, found));
  const line = judgedLines.find(isSteady);
  const comb =
    line && line.p <= CONVINCING
      ? undefined
      : judgedOf(long.flatMap((window) => combIn(window, {period: periodIn(window), floor}))).find(isSteady);
  const steady = line && comb ? (comb.p < line.p ? comb : line) : (line ?? comb);
  const best = steady ?? decay ?? judgedLines.sort((a, b) => a.against.length - b.against.length)[0];
  if (best) return withAllTold(best);
  const faint = tried.sort(byClarity)[0];
  if (!faint) return undefined;
  const p = Math.min(1, faint.line.p * attempts);
  if (!all && p >= DOUBTFUL && faint.line.ratio <= STANDS_OUT) return undefined;
  return withAllTold(judged(faint, {p, windows: tried.length, floor, precision}));
}

/** The same of every window, worked out once. */
function once<T>(of: (window: Window) => T): (window: Window) => T {
  const known = new Map<Window, T>();
  return (window) => {
    if (!known.has(window)) known.set(window, of(window));
    return known.get(window) as T;
  };
}

/** Whether two periods are of one oscillation, seen in different windows. */
export const sameTurn = (a: number, b: number): boolean => Math.abs(a / b - 1) < 0.1;

// A shorter window sees a slow decay less sharply; it overrules a longer one only where its interval excludes that decay.
const stillDecays = (longer: OrbitEvidence, shorter: OrbitEvidence): boolean =>
  longer.window[0] < shorter.window[0] && sameTurn(longer.period, shorter.period) && shorter.mode.rateCi[0] <= longer.mode.rate;
