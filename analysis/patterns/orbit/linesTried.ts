import {combOf} from "./comb.ts";
import type {Line} from "./line.ts";
import {perSize} from "../statistics/perSize.ts";
import {residualOf, type Products} from "../path/residual.ts";
import {orthonormal, sampled, type TimeBasis} from "../statistics/timeBasis.ts";
import {trendOf, type LateWindow} from "../path/windows.ts";

export interface Window extends Pick<LateWindow, "from" | "window"> {
  /** The window without its nuisance. */
  readonly plain: Products;
  readonly nuisance: TimeBasis;
}

export interface Tried extends Window {
  readonly line: Line;
  /** Whole steps after which the same comes round, of a comb. */
  readonly roundAfter?: number;
}

export const NUISANCES = 2; // with and without decays
const DECAYS = [0.6, 0.85]; // rates of decaying exponentials fitted beside the line, besides a constant and a trend
const decaysOf = perSize((n) =>
  orthonormal(
    DECAYS.map((rate) => sampled(n, (t) => rate ** t)),
    trendOf(n)
  )
);

/** A part of a path without constant and trend, and the same without decays, too. */
export function withNuisances({from, window, trend, detrended}: LateWindow): Window[] {
  const decays = decaysOf(detrended.size);
  return [
    {from, window, plain: detrended, nuisance: trend},
    {from, window, plain: residualOf(detrended, decays), nuisance: [...trend, ...decays]}
  ];
}

/** All lines of what comes round in a window after `period` steps together; none where nothing does. */
export function combIn(window: Window, {period, floor}: {readonly period: number | undefined; readonly floor: number}): Tried[] {
  const line = period === undefined ? undefined : combOf(window.plain, window.nuisance, {period, floor: floor ** 2});
  return line ? [{...window, line, roundAfter: period}] : [];
}

/** Of every start the line of the window in which it is clearest. */
export function clearestLines(windows: readonly Window[], lineIn: (window: Window) => Line | undefined): Tried[] {
  const found = windows.flatMap((window): Tried[] => {
    const line = lineIn(window);
    return line ? [{...window, line}] : [];
  });
  return [...new Set(windows.map(({from}) => from))].flatMap((start) =>
    found
      .filter(({from}) => from === start)
      .sort(byClarity)
      .slice(0, 1)
  );
}

export const byClarity = (a: Tried, b: Tried): number => a.line.p - b.line.p || b.line.ratio - a.line.ratio;
