import type {States} from "../states.ts";
import {curveOf} from "./curve.ts";
import type {ExitCriterion} from "./exitCriterion.ts";
import {secondDifference} from "./latentAcceleration.ts";

export const TWO_SCALE_ACCELERATION: ExitCriterion = {
  name: "two-scale acceleration",
  formula: "a_t = ‖Δ_t − Δ_{t−1}‖, Δ_t = h_{t+1} − h_t, below τ for two steps in a row",
  source: "Pappone, Crisostomi and Rodolà 2025, Two-Scale Latent Dynamics, arXiv 2509.23314, eq. 5–6; τ swept from 1e-5 to 1e-2 there",
  threshold: 1e-3,
  exitWhen: "below",
  consecutive: 2
};

/** Absolute acceleration, layout `[step][init][token]`, NaN at steps 0 and 1. */
export const twoScaleAcceleration = (states: States): Float32Array =>
  curveOf(states, 2, (state, step) => secondDifference(state(step), state(step - 1), state(step - 2)));
