import {distance, norm} from "../matrix.ts";
import type {States} from "../states.ts";
import {curveOf} from "./curve.ts";

/**
 * Relative step norm ‖h_t − h_{t−1}‖ / ‖h_t‖, layout `[step][init][token]`; NaN at step 0. Zero where both are equal, also for
 * two zero states; Infinity where a path arrives at zero.
 */
export const stepNorm = (states: States): Float32Array =>
  curveOf(states, 1, (state, step) => {
    const length = distance(state(step), state(step - 1));
    return length === 0 ? 0 : length / norm(state(step));
  });
