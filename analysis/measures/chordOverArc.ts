import {distance, rowOf, type Matrix} from "../matrix.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

/**
 * Net displacement over path length, 0 to 1: 1 for a straight line, towards 0 for a closed curve, about 1/√steps for diffusion. A path that does not move has
 * NaN. Noise lengthens the arc and not the chord, so a slow drift in noise looks like diffusion here; the slider's own test does not use it.
 */
export function chordOverArc(path: Matrix, {from = 0, to = path.rows - 1}: {readonly from?: number; readonly to?: number} = {}): number {
  if (!(from >= 0 && to < path.rows && from < to))
    throw new Refusal(`invalid window: ${from} to ${to}; expected steps within 0 to ${path.rows - 1}`);
  let arc = 0;
  for (let step = from + 1; step <= to; ++step) arc += distance(rowOf(path, step), rowOf(path, step - 1));
  return arc === 0 ? NaN : distance(rowOf(path, from), rowOf(path, to)) / arc;
}
