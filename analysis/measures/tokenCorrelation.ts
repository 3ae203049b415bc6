import {stateAt, type States} from "../states.ts";

/**
 * How alike the tokens' states are at one step, layout `[step][init]`: every state is centred over its coordinates and scaled to length 1, and the products of all
 * S × S pairs are averaged, less 1/S for the diagonal. About 0 for unrelated states and 1 − 1/S when the tokens have become one another. This is the authors' training monitor
 * (`recurrent_state_token_corr` of seal-rg/recurrent-pretraining, there of ln_f(h)); it went to 1 in the first of their failed runs. A state without variance counts as zero.
 */
export function tokenCorrelation(states: States): Float32Array {
  const {steps, inits, tokens, width} = states;
  const correlations = new Float32Array(steps * inits);
  for (let step = 0; step < steps; ++step) {
    for (let init = 0; init < inits; ++init) {
      const sum = new Float64Array(width);
      for (let token = 0; token < tokens; ++token) addCentred(sum, stateAt(states, step, token, init));
      let squared = 0;
      for (const x of sum) squared += x * x;
      correlations[step * inits + init] = squared / tokens ** 2 - 1 / tokens;
    }
  }
  return correlations;
}

/** Adds a state, centred over its coordinates and scaled to length 1. */
function addCentred(sum: Float64Array, state: Float32Array): void {
  let mean = 0;
  for (const x of state) mean += x / state.length;
  let squared = 0;
  for (const x of state) squared += (x - mean) ** 2;
  if (squared === 0) return;
  const scale = 1 / Math.sqrt(squared);
  for (let k = 0; k < state.length; ++k) sum[k] += (state[k] - mean) * scale;
}
