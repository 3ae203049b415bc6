import {meanSpread, tailSize, type ContractionEvidence} from "./approach/contraction.ts";
import {windowOf, type Gram} from "./path/gram.ts";
import {LEAST_RATIO, type DriftEvidence} from "./slider/drift.ts";
import {surelyFalls, type Mode} from "./modes/mode.ts";
import {RATES_KEPT} from "./orbit/besideLine.ts";
import {LOST, type OrbitEvidence} from "./orbit/judgedLine.ts";
import {DOUBTFUL, sameTurn, STANDS_OUT} from "./orbit/orbit.ts";

/** What one label's evidence says against another's. */

const SIGNIFICANT = 1e-4;
const AT_BOUND = 1e-3; // of a rate that the search for the best one stops at
const LEAST_LOSS = 0.08; // share of its speed that a path on its way to rest has lost at its end

/** Share of the way that a path has come, of which an oscillation within the noise of its end is next to nothing. */
export const RINGING = 1e-3;

/** Whether what turns is less than the noise about it, and next to nothing of the way to it: what a lightly damped loop rings with when rounding or noise keeps striking it does not keep the path from being at rest. */
export const merelyRings = ({amplitude, noise}: Pick<OrbitEvidence, "amplitude" | "noise">, approach: Gram): boolean =>
  amplitude < noise && amplitude < RINGING * Math.sqrt(approach.values[0]);

/** Of the amplitude that an oscillation has over its window: what spreads no further than that share of it at the end of an approach does not turn there any more. */
export const OVER = 0.25;
const LEAST_END = 4; // states

/**
 * Whether what turns is over where the path has come to: chaos and oscillations that come before a late approach are no motion of its end, but keep up their amplitude in a window that holds more of them than
 * of what follows. The end is the last half of the approach, a quarter of the path at most.
 */
export function isOver({amplitude}: Pick<OrbitEvidence, "amplitude">, {window: [from]}: ContractionEvidence, approach: Gram): boolean {
  const {size} = approach;
  const count = Math.max(LEAST_END, Math.min(tailSize(size), (size - from) >> 1));
  return size > count && meanSpread(windowOf(approach, size - count)) < OVER * amplitude;
}

/** Whether the amplitude of what turns has surely fallen over a window, and by enough: less than that is no way to rest. */
const hasFallen = ({rate, rateCi}: Pick<Mode, "rate" | "rateCi">, [from, to]: readonly [number, number]): boolean =>
  surelyFalls({rate, rateCi}) && 1 - rate ** (to - from) > LOST;

/** Whether an oscillation falls at least as fast as one is sought: its interval is cut at the least rate, so that its length says nothing of how sure that is, and its upper end does. */
const fallsAtOnce = ({rate, rateCi}: Pick<Mode, "rate" | "rateCi">): boolean => rate < RATES_KEPT[0] + AT_BOUND && rateCi[1] < 1;

/** Whether a path that turns decays as a whole. As between windows, the later part overrules the whole only where its interval excludes the whole's decay. */
export const decaysAsAWhole = (
  {method, spiral, spiralPeriod, rate, directedCi}: ContractionEvidence,
  {period, mode, window}: OrbitEvidence
): boolean =>
  method === "mode" &&
  spiral &&
  hasFallen({rate: rate!, rateCi: directedCi!}, [0, window[1]]) &&
  sameTurn(spiralPeriod!, period) &&
  mode.rateCi[0] <= rate!;

/** What turns and may not fall, in the path as a whole or in its later part: such a path does not come to rest. */
export function turningOn(
  {method, rate, directedCi, spiral, spiralPeriod}: ContractionEvidence,
  orbit: OrbitEvidence | undefined,
  steps: number
): string[] {
  const found = [
    ...(method === "mode" && spiral && (directedCi![1] >= 1 || 1 - rate! ** steps < LOST) ? [{period: spiralPeriod!, kept: rate!}] : []),
    ...(orbit &&
    (orbit.p < DOUBTFUL || orbit.lineRatio > STANDS_OUT) &&
    orbit.clear &&
    !(hasFallen(orbit.mode, orbit.window) || fallsAtOnce(orbit.mode))
      ? [{period: orbit.period, kept: orbit.mode.rate}]
      : [])
  ];
  return found.map(({period, kept}) => `an oscillation of period ${period.toFixed(2)} keeps ${kept.toFixed(4)} of its amplitude a step`);
}

/** Why a directed motion to the end of the path does not look like one that comes to rest. */
export function drifting({method, rate, directedCi, spiral, window}: ContractionEvidence, slider: DriftEvidence): string[] {
  if (slider.walkRatio <= LEAST_RATIO || slider.p >= SIGNIFICANT) return [];
  const speed = `${slider.speed.toExponential(1)} radians a step`;
  if (rate === undefined) return [`within a few rounding floors, but drifts by ${speed}`];
  if (method !== "mode") return slider.decays ? [] : [`drifts by ${speed} to the end`];
  if (spiral) return [];
  const lost = (kept: number): number => 1 - kept ** (window[1] - window[0]);
  if (lost(rate) < LEAST_LOSS) return [`drifts by ${speed}, and loses too little of it`];
  return slider.rate > directedCi![1] && lost(slider.rate) < LEAST_LOSS
    ? [`drifts by ${speed}, and keeps ${slider.rate.toFixed(4)} of it a step`]
    : [];
}
