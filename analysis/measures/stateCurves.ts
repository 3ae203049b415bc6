import type {States} from "../states.ts";
import {curvesOf, type Curve} from "./curve.ts";
import {DISTANCE_TO_LAST} from "./distanceToLast.ts";
import type {StateMeasure} from "./measures.ts";
import {STEP_COSINE} from "./stepCosine.ts";
import {STEP_NORM} from "./stepNorm.ts";

/** How each measure of states is computed. */
const STATE_CURVES: Readonly<Record<StateMeasure, Curve>> = {
  step_norm: STEP_NORM,
  step_cosine: STEP_COSINE,
  distance: DISTANCE_TO_LAST
};

/** Every measure of states at every state, [step][init][token]; NaN where it is not defined. */
export const stateCurves = (states: States): Readonly<Record<StateMeasure, Float32Array>> => curvesOf(states, STATE_CURVES);
