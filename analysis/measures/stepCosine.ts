import type {States} from "../states.ts";
import {curvesOf, type Curve} from "./curve.ts";

/**
 * Cosine of the angle between successive steps, cos∠(h_t − h_{t−1}, h_{t−1} − h_{t−2}) in −1…1; not defined at steps 0 and 1, and
 * where one of the two steps has no length. In the rounding noise about a fixed point it tends to −½ whatever the dynamics, so read it
 * only above the noise floor.
 */
export const STEP_COSINE: Curve = {
  from: 2,
  value: ({steps, turns}, step) =>
    steps[step - 1] === 0 || steps[step] === 0 ? NaN : turns[step] / Math.sqrt(steps[step - 1] * steps[step])
};

/** The cosines of successive steps of states, layout `[step][init][token]`; NaN where not defined. */
export const stepCosine = (states: States): Float32Array => curvesOf(states, {cosine: STEP_COSINE}).cosine;
