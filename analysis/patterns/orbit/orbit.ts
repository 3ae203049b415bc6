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
  const lineIn = once(({plain, nuisance}: Window) => strongestLine(plain, nuisance, floor ** 2));
  const periodIn = once(({plain}: Window) => combPeriod(plain));
  const saysNothing = (line: Line | undefined): boolean => !line || (line.p * attempts >= DOUBTFUL && line.ratio <= STANDS_OUT);
  const long = windows.slice(0, COMB_WINDOWS);
  const isFaint = (window: Window): boolean => linesAreFaint(window.plain, window.nuisance, faintness) || saysNothing(lineIn(window));
  if (!all && windows.every(isFaint) && long.every((window) => periodIn(window) === undefined)) return undefined;
  const tried = clearestLines(windows, lineIn);
  const pOf = ({line}: Tried): number => Math.min(1, line.p * attempts);
  const judgedOf = once((one: Tried) => judged(one, {p: pOf(one), windows: tried.length, floor, precision}));
  const worthAFit = (lines: readonly Tried[]): Tried[] =>
    lines
      .filter((one) => one.line.ratio >= FAINT_RATIO && pOf(one) <= WORTH_A_FIT)
      .sort((a, b) => pOf(a) - pOf(b) || b.line.ratio - a.line.ratio);
  // One after the other is judged, until one is what is sought: that costs more than to find them.
  const firstOf = (lines: readonly Tried[], is: (found: Untold) => boolean): Untold | undefined => {
    const first = lines.find((one) => is(judgedOf(one)));
    return first && judgedOf(first);
  };
  const lines = worthAFit(tried);
  const decayOf = (): Untold | undefined => firstOf(lines, ({decaying}) => decaying);
  const isOverruled = (found: Untold): boolean =>
    lines.some((one) => one.from < found.window[0] && stillDecays(judgedOf(one), found) && judgedOf(one) === decayOf());
  const isSteady = (found: Untold): boolean => found.against.length === 0 && !isOverruled(found);
  const line = firstOf(lines, isSteady);
  const comb =
    line && line.p <= CONVINCING
      ? undefined
      : firstOf(worthAFit(long.flatMap((window) => combIn(window, {period: periodIn(window), floor}))), isSteady);
  const steady = line && comb ? (comb.p < line.p ? comb : line) : (line ?? comb);
  const best = steady ?? decayOf() ?? lines.map(judgedOf).sort((a, b) => a.against.length - b.against.length)[0];
  if (best) return withAllTold(best);
  const faint = tried.sort(byClarity)[0];
  if (!faint) return undefined;
  if (!all && pOf(faint) >= DOUBTFUL && faint.line.ratio <= STANDS_OUT) return undefined;
  return withAllTold(judgedOf(faint));
}

/** The same of every window or line, worked out once. */
function once<K, T>(of: (key: K) => T): (key: K) => T {
  const known = new Map<K, T>();
  return (key) => {
    if (!known.has(key)) known.set(key, of(key));
    return known.get(key) as T;
  };
}

/** Whether two periods are of one oscillation, seen in different windows. */
export const sameTurn = (a: number, b: number): boolean => Math.abs(a / b - 1) < 0.1;

// A shorter window sees a slow decay less sharply; it overrules a longer one only where its interval excludes that decay.
const stillDecays = (longer: Untold, shorter: Untold): boolean =>
  longer.decaying && sameTurn(longer.period, shorter.period) && shorter.mode.rateCi[0] <= longer.mode.rate;
