import type {States} from "../states.ts";
import {geometricMean, stepsOf} from "./tailGaps.ts";

const SIGNIFICANT = 4; // standard errors of a slope: gaps of successive steps are not independent, so more than the usual two or three

/**
 * Whether a start is on its way out of where it is: its steps, above the floor, grow by more than four standard errors and by at least 2 % from the
 * second third of the tail to the last, as near an unstable fixed point.
 */
export function isLeaving(tail: States, token: number, start: number, {floor}: {readonly floor: number}): boolean {
  const steps = stepsOf(tail, token, start);
  const third = Math.floor(steps.length / 3);
  if (third < 2 || !(steps[steps.length - 1] > 3 * floor) || !(slopeSignificance(steps) > SIGNIFICANT)) return false;
  return (
    geometricMean(steps.subarray(steps.length - third)) >
    1.02 * geometricMean(steps.subarray(steps.length - 2 * third, steps.length - third))
  );
}

/**
 * Whether a gap is on its way to zero: log gap falls with the step by more than four standard errors and by at least 2 % from the second third
 * to the last, and does not head for a plateau. For the last, the geometric means over the thirds, g₁, g₂, g₃, are extrapolated by Aitken's Δ²
 * to the limit g₃ − (g₃ − g₂)² / (g₃ − 2g₂ + g₁), which is exactly 0 for a geometric decay and the plateau for a decay to a plateau; it
 * must lie below half of g₃.
 */
export function isClosing(gaps: Float64Array): boolean {
  const third = Math.floor(gaps.length / 3);
  if (third < 1 || slopeSignificance(gaps) > -SIGNIFICANT) return false;
  const [first, second, last] = [3, 2, 1].map((k) => geometricMean(gaps.subarray(gaps.length - k * third, gaps.length - (k - 1) * third)));
  if (!(last < 0.98 * second)) return false;
  const bend = last - 2 * second + first;
  return bend <= 0 || last - (last - second) ** 2 / bend < last / 2; // without a bend the fall does not slow down at all
}

/** Least-squares slope of log gap on the step over its standard error. */
function slopeSignificance(gaps: Float64Array): number {
  const n = gaps.length;
  const logs = gaps.map(Math.log);
  const mean = logs.reduce((sum, value) => sum + value, 0) / n;
  let [products, squares, total] = [0, 0, 0];
  for (let t = 0; t < n; ++t) {
    products += (t - (n - 1) / 2) * (logs[t] - mean);
    squares += (t - (n - 1) / 2) ** 2;
    total += (logs[t] - mean) ** 2;
  }
  const left = Math.max(0, total - (products * products) / squares);
  return products / squares / Math.sqrt(left / (n - 2) / squares);
}
