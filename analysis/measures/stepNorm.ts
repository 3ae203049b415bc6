import type {States} from "../states.ts";
import {curvesOf, type Curve} from "./curve.ts";

/** Relative step norm ‖h_t − h_{t−1}‖ / ‖h_t‖; not defined at step 0. Zero where both are equal, also for two zero states; Infinity where a path arrives at zero. */
export const STEP_NORM: Curve = {
  from: 1,
  value({squares, steps}, step) {
    const length = Math.sqrt(steps[step]);
    return length === 0 ? 0 : length / Math.sqrt(squares[step]);
  }
};

/** The relative step norms of states, layout `[step][init][token]`; NaN at step 0. */
export const stepNorm = (states: States): Float32Array => curvesOf(states, {stepNorm: STEP_NORM}).stepNorm;
