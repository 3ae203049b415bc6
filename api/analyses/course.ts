import {median} from "d3-array";
import {tensorsOf} from "../report/tensorsOf.ts";

const MOST_POINTS = 32; // as a curve of the list is some eighty pixels wide
const DIGITS = 3;

/**
 * The course of a run in a few numbers, from its curves as `metricsMessage` gives them: the median over all trajectories of the distance
 * to the last state relative to its norm, at up to 32 evenly spaced steps from the first to the last; null where none is finite.
 */
export function courseOf(message: Uint8Array): (number | null)[] {
  const distance = tensorsOf(message).get("distance");
  if (!distance) return [];
  const [steps] = distance.shape;
  const perStep = distance.data.length / steps;
  const points = Math.min(steps, MOST_POINTS);
  return Array.from({length: points}, (_, i) => {
    const step = points === 1 ? 0 : Math.round((i * (steps - 1)) / (points - 1));
    const value = median(distance.data.subarray(step * perStep, (step + 1) * perStep)); // leaves NaN out
    return value === undefined || !Number.isFinite(value) ? null : Number(value.toPrecision(DIGITS));
  });
}
