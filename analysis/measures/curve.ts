import {stateAt, type States} from "../states.ts";

/** The states a measure may look at for one trajectory: `state(step)` for 0 ≤ step < steps. */
type StateOf = (step: number) => Float32Array;

/**
 * Fills a curve `[step][init][token]`: `value(state, step)` for each trajectory and each step from `from` on; NaN before
 * `from`, where the measure is not defined.
 */
export function curveOf(states: States, from: number, value: (state: StateOf, step: number) => number): Float32Array {
  const {steps, inits, tokens} = states;
  const curve = new Float32Array(steps * inits * tokens).fill(NaN);
  for (let init = 0; init < inits; ++init) {
    for (let token = 0; token < tokens; ++token) {
      const state: StateOf = (step) => stateAt(states, step, token, init);
      for (let step = from; step < steps; ++step) curve[(step * inits + init) * tokens + token] = value(state, step);
    }
  }
  return curve;
}
