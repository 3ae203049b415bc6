import {quantile} from "./bootstrap.ts";

/** A number by step; null where there is none. */
export type Curve = readonly (number | null)[];

/** Quartiles of many curves, step by step; NaN at a step where no curve has a number. */
export interface CurveBand {
  readonly low: Float64Array;
  readonly median: Float64Array;
  readonly high: Float64Array;
}

/** The numbers that curves have at each step; they may be of different lengths and have gaps. Empty for no curves. */
export function valuesByStep(curves: readonly Curve[]): number[][] {
  const steps = curves.reduce((most, {length}) => Math.max(most, length), 0);
  return Array.from({length: steps}, (_, step) => curves.flatMap((curve) => curve[step] ?? []));
}

/** Each step counts the curves that have a number there. */
export function curveBand(curves: readonly Curve[]): CurveBand {
  const sorted = valuesByStep(curves).map((values) => values.sort((a, b) => a - b));
  const at = (share: number): Float64Array => Float64Array.from(sorted, (values) => quantile(values, share));
  return {low: at(0.25), median: at(0.5), high: at(0.75)};
}
