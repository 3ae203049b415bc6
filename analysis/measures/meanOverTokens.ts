import {stateAt, type States} from "../states.ts";
import type {StateOf} from "./curve.ts";

/** `[step][init]`: the mean over tokens of value(state, step) from step `from` on, NaN before. */
export function meanOverTokens(states: States, from: number, value: (state: StateOf, step: number) => number): Float32Array {
  const {steps, inits, tokens} = states;
  const means = new Float32Array(steps * inits).fill(NaN);
  for (let step = from; step < steps; ++step) {
    for (let init = 0; init < inits; ++init) {
      let sum = 0;
      for (let token = 0; token < tokens; ++token) sum += value((at) => stateAt(states, at, token, init), step);
      means[step * inits + init] = sum / tokens;
    }
  }
  return means;
}
