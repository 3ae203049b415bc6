import {norm} from "../matrix.ts";
import type {States} from "../states.ts";
import {AUTHORS, type ExitCriterion} from "./exitCriterion.ts";
import {meanOverTokens} from "./meanOverTokens.ts";

const EPSILON = 1e-6; // the authors' guard against a zero state

export const LATENT_ACCELERATION: ExitCriterion = {
  name: "latent-acceleration",
  formula: "mean over tokens of ‖(h_t − h_{t−1}) − (h_{t−1} − h_{t−2})‖ / (‖h_t‖ + 1e-6)",
  source: `${AUTHORS}; the authors give no threshold of its own, latent-diff's is used`,
  threshold: 0.03,
  exitWhen: "below",
  consecutive: 1
};

/** `[step][init]`, NaN at steps 0 and 1. */
export const latentAcceleration = (states: States): Float32Array =>
  meanOverTokens(
    states,
    2,
    (state, step) => secondDifference(state(step), state(step - 1), state(step - 2)) / (norm(state(step)) + EPSILON)
  );

/** ‖a − 2b + c‖. */
export function secondDifference(a: Float32Array, b: Float32Array, c: Float32Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; ++k) sum += (a[k] - 2 * b[k] + c[k]) ** 2;
  return Math.sqrt(sum);
}
