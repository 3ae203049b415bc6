import {ON_CIRCLE, SAME_PERIOD, SAME_RATE, SHUTS} from "../../../analysis/patterns/witness.ts";
import type {MethodNote} from "../../contract/reportData.ts";
import {numberText, shareText} from "../figureText.ts";

/** How the spectrum was computed. */
export const spectrumNote: MethodNote = {
  title: "Spectrum",
  formula: "∂hₜ₊₁ / ∂hₜ",
  text: "Leading eigenvalues of the core step’s Jacobian at the last state, by Arnoldi iteration over exact Jacobian-vector products.",
  parts: [
    {
      title: "Of what",
      points: ["A token’s block is the derivative of its own next state with the other tokens held; the sequence is the whole recurrence."]
    }
  ]
};

/** How the spectrum is held against the labels. */
export const witnessNote: MethodNote = {
  title: "Witness",
  formula: "max |λ| over the blocks of the tokens up to one’s own; of an orbit, max |μ| of J(h_T₋₁) ⋯ J(h_T₋ₚ)",
  text: "The spectrum knows the model and not the path, so that it can bear a label out or speak against it; no label rests on it.",
  parts: [
    {
      title: "What is asked",
      points: [
        "Where attention is causal, a token’s next state depends on the states up to its own, and the eigenvalues of all their blocks count; where it is not, the whole sequence’s.",
        "Of an orbit the derivative of one step on a cycle is not the cycle’s own, and so the product of the step’s Jacobians over the last turn is asked for its eigenvalues, the Floquet multipliers μ; of a period that is no whole number of steps, over as many turns as are whole."
      ]
    },
    {
      title: "Converging",
      points: [
        `Agrees inside the unit circle, where the modulus is not smaller than the measured rate by more than ${numberText(SAME_RATE)}.`,
        `Disagrees beyond ${numberText(1 + ON_CIRCLE)}, where the point repels.`
      ]
    },
    {
      title: "Slider",
      points: [
        `Agrees with an eigenvalue within ${numberText(ON_CIRCLE)} of +1.`,
        `Disagrees where all are below ${numberText(1 - ON_CIRCLE)}.`
      ]
    },
    {
      title: "Orbit",
      points: [
        `Agrees where max |μ| < ${numberText(1 - ON_CIRCLE)} and the cycle that it leads to lies within ${numberText(SHUTS)} of the orbit’s radius, by |μ| / (1 − |μ|) times the distance between the turn’s ends; or where max |μ| is within ${numberText(ON_CIRCLE)} of 1 and the ends are as near.`,
        `Disagrees beyond ${numberText(1 + ON_CIRCLE)}: the cycle repels.`,
        `Where no number of turns is whole, one step alone is asked: agrees with an eigenvalue above ${numberText(1 - ON_CIRCLE)} whose angle turns once in the measured period, within ${shareText(SAME_PERIOD)}, and never disagrees.`
      ]
    }
  ]
};
