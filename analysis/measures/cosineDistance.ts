import {dot, norm} from "../matrix.ts";
import type {States} from "../states.ts";
import {AUTHORS, type ExitCriterion} from "./exitCriterion.ts";
import {meanOverTokens} from "./meanOverTokens.ts";

export const COSINE_DISTANCE: ExitCriterion = {
  name: "cosine",
  formula: "1 − mean over tokens of cos(h_t, h_{t−1})",
  source: AUTHORS,
  threshold: 1e-3,
  exitWhen: "below",
  consecutive: 1
};

/** `[step][init]`, NaN at step 0. */
export const cosineDistance = (states: States): Float32Array =>
  meanOverTokens(states, 1, (state, step) => 1 - dot(state(step), state(step - 1)) / (norm(state(step)) * norm(state(step - 1))));
