import {stateAt, type States} from "../states.ts";
import {harmonicsOf, lineFrequency} from "./harmonics.ts";
import {INTERPOLATED_SHARE, ORBIT_SHARE, samePlaceWithin, type CompareOptions} from "./samePlace.ts";
import {reachOf, shiftBetween, tailProducts} from "./shift.ts";
import {rootMeanSquare, stepsOf} from "./tailGaps.ts";

/**
 * Period of a start's motion: that of the harmonics of one frequency, where they account for the tail; else the smallest lag from 1.5 up to half the tail at
 * which the tail shifted in time lies on itself, as near as two starts must be to count as one cycle; else 1 where it stays in one place. A motion within
 * 30 floors is rounding, one that dies away by a tenth from the first half of the tail to the second is a spiral inwards: neither is a
 * cycle. Undefined for a motion that does not come back within half the tail.
 */
export function periodOf(tail: States, token: number, start: number, options: CompareOptions): number | undefined {
  const motion = motionOf(tail, token, start);
  const resting = motion <= samePlaceWithin(options) ? 1 : undefined;
  const steps = stepsOf(tail, token, start);
  const half = steps.length >> 1;
  if (
    motion <= CYCLE_FLOORS * options.floor ||
    half < 1 ||
    rootMeanSquare(steps.subarray(half)) < LASTING * rootMeanSquare(steps.subarray(0, half))
  )
    return resting;
  const within = Math.max(3 * options.floor, Math.min(ORBIT_SHARE * motion, rootMeanSquare(steps) / 2)); // a slow motion is near itself one step later too
  const products = tailProducts(tail, token, start, start);
  const frequency = lineFrequency(tail.steps, products.own, options);
  const harmonics = frequency === undefined ? undefined : harmonicsOf(tail, token, start, frequency);
  if (harmonics && harmonics.residual <= within * harmonics.norm) return wholeOf(1 / harmonics.frequency);
  for (let lag = 1; lag < reachOf(tail); ++lag) {
    const found = shiftBetween(products, lag, {error: INTERPOLATED_SHARE * motion});
    if (found.lag >= SHORTEST_PERIOD && found.distance <= within) return wholeOf(found.lag);
  }
  return resting;
}

const CYCLE_FLOORS = 30; // a rounding zig-zag is no cycle
const LASTING = 0.9;
const wholeOf = (period: number): number => (Math.abs(period - Math.round(period)) < WHOLE_WITHIN ? Math.round(period) : period);

const SHORTEST_PERIOD = 1.5;
const WHOLE_WITHIN = 0.02;

/** Root mean square distance of a start's tail from its mean, relative to the norm of its states. */
export function motionOf(tail: States, token: number, start: number): number {
  const {steps, width} = tail;
  const mean = new Float64Array(width);
  let squares = 0;
  for (let step = 0; step < steps; ++step) {
    const state = stateAt(tail, step, token, start);
    for (let j = 0; j < width; ++j) {
      mean[j] += state[j] / steps;
      squares += state[j] * state[j];
    }
  }
  let spread = 0;
  for (let step = 0; step < steps; ++step) {
    const state = stateAt(tail, step, token, start);
    for (let j = 0; j < width; ++j) spread += (state[j] - mean[j]) ** 2;
  }
  return squares > 0 ? Math.sqrt(spread / squares) : 0;
}
