import type {States} from "../states.ts";
import {distanceToLast} from "./distanceToLast.ts";
import type {StateMeasure} from "./measures.ts";
import {stepCosine} from "./stepCosine.ts";
import {stepNorm} from "./stepNorm.ts";

interface StateCurve {
  /** The measure at every state, [step][init][token]; NaN where it is not defined. */
  readonly of: (states: States) => Float32Array;
  /** The states that it looks at for one step: how many up to it, or it and the run's last. */
  readonly window: number | "last";
}

/** How each measure of states is computed. */
export const STATE_CURVES: Readonly<Record<StateMeasure, StateCurve>> = {
  step_norm: {of: stepNorm, window: 2},
  distance: {of: distanceToLast, window: "last"},
  step_cosine: {of: stepCosine, window: 3}
};
