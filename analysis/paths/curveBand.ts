import {quantile} from "./bootstrap.ts";

/** Quartiles of many curves, step by step; NaN at a step where no curve has a number. */
export interface CurveBand {
  readonly low: Float64Array;
  readonly median: Float64Array;
  readonly high: Float64Array;
}

/** Curves may be of different lengths and have gaps (null): each step counts those that have a number there. Empty for no curves. */
export function curveBand(curves: readonly (readonly (number | null)[])[]): CurveBand {
  const steps = curves.reduce((most, {length}) => Math.max(most, length), 0);
  const band = {low: new Float64Array(steps), median: new Float64Array(steps), high: new Float64Array(steps)};
  for (let step = 0; step < steps; ++step) {
    const sorted = curves.flatMap((curve) => curve[step] ?? []).sort((a, b) => a - b);
    band.low[step] = quantile(sorted, 0.25);
    band.median[step] = quantile(sorted, 0.5);
    band.high[step] = quantile(sorted, 0.75);
  }
  return band;
}
