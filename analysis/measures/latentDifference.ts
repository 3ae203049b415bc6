import {distance, norm} from "../matrix.ts";
import type {States} from "../states.ts";
import {AUTHORS, type ExitCriterion} from "./exitCriterion.ts";
import {meanOverTokens} from "./meanOverTokens.ts";

export const LATENT_DIFFERENCE: ExitCriterion = {
  name: "latent-diff",
  formula: "mean over tokens of ‖h_t − h_{t−1}‖ / ‖h_t‖",
  source: AUTHORS,
  threshold: 0.03,
  exitWhen: "below",
  consecutive: 1
};

/** `[step][init]`, NaN at step 0. */
export const latentDifference = (states: States): Float32Array =>
  meanOverTokens(states, 1, (state, step) => distance(state(step), state(step - 1)) / norm(state(step)));
