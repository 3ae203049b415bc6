import {median} from "d3-array";
import type {Tensor} from "../../capture/trace/safetensors.ts";

const MOST_POINTS = 32; // as a curve of the list is some eighty pixels wide
const DIGITS = 3;

/**
 * The course of a run in a few numbers, from its distances to the last state relative to that one's norm, [steps, inits, tokens]: the
 * median over all trajectories at up to 32 evenly spaced steps from the first to the last; null where none is finite.
 */
export function courseOf({shape, data}: Pick<Tensor, "shape" | "data">): (number | null)[] {
  const [steps] = shape;
  const perStep = data.length / steps;
  const points = Math.min(steps, MOST_POINTS);
  return Array.from({length: points}, (_, i) => {
    const step = points === 1 ? 0 : Math.round((i * (steps - 1)) / (points - 1));
    const value = median(data.subarray(step * perStep, (step + 1) * perStep)); // leaves NaN out
    return value === undefined || !Number.isFinite(value) ? null : Number(value.toPrecision(DIGITS));
  });
}
