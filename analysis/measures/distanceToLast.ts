import {distance, norm} from "../matrix.ts";
import type {States} from "../states.ts";
import {curveOf} from "./curve.ts";

/**
 * Distance to the last state relative to its norm, ‖h_t − h_last‖ / ‖h_last‖, layout `[step][init][token]`; 0 at the last step.
 * Where the last state is zero the distance is absolute.
 */
export function distanceToLast(states: States): Float32Array {
  const last = states.steps - 1;
  return curveOf(states, 0, (state, step) => distance(state(step), state(last)) / (norm(state(last)) || 1));
}
