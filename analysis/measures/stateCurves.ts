import type {States} from "../states.ts";
import {distanceToLast} from "./distanceToLast.ts";
import type {StateMeasure} from "./measures.ts";
import {stepCosine} from "./stepCosine.ts";
import {stepNorm} from "./stepNorm.ts";

/** How each measure of states is computed: at every state, [step][init][token]; NaN where it is not defined. */
export const STATE_CURVES: Readonly<Record<StateMeasure, (states: States) => Float32Array>> = {
  step_norm: stepNorm,
  distance: distanceToLast,
  step_cosine: stepCosine
};
