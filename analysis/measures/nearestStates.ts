import {distance, norm} from "../matrix.ts";
import {stateAt, type States} from "../states.ts";

/** Where another trajectory comes nearest to a state. */
export interface NearState {
  readonly init: number;
  readonly token: number;
  /** Row of the states, from 0. */
  readonly step: number;
  /** Relative to the norm of the state that is looked at; absolute where that is zero. */
  readonly distance: number;
}

/** Of every trajectory the state that is nearest to `state`, ‖h − state‖ / ‖state‖, in the order [init][token]; what is not finite is near nothing and left out. */
export function nearestStates(states: States, state: Float32Array): NearState[] {
  const length = norm(state) || 1;
  const near: NearState[] = [];
  for (let init = 0; init < states.inits; ++init)
    for (let token = 0; token < states.tokens; ++token) {
      let best: NearState | undefined;
      for (let step = 0; step < states.steps; ++step) {
        const apart = distance(stateAt(states, step, token, init), state) / length;
        if (apart < (best?.distance ?? Infinity)) best = {init, token, step, distance: apart};
      }
      if (best) near.push(best);
    }
  return near;
}
