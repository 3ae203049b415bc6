import {MEASURES} from "../../../analysis/measures/measures.ts";
import {SAME_ANSWER_NATS} from "../../../analysis/paths/agreement.ts";
import {ALIGNED_ABOVE} from "../../../analysis/paths/asymptoticAlignment.ts";
import {FLOORS_ABOVE, SPECTRUM_POWER} from "../../../analysis/paths/contraction.ts";
import {samePlaceWithin} from "../../../analysis/paths/samePlace.ts";
import type {MethodNote} from "../../contract/reportData.ts";
import {countText, numberText, shareText} from "../figureText.ts";

/** How path independence was measured. */
export const pathNotes = (tolerance?: number): MethodNote[] => [
  {
    title: "Gap between initial states",
    formula: MEASURES.gap.formula,
    text: "Per token and step: how far apart what began apart still is.",
    parts: [
      {
        title: "Rate",
        points: [
          `The contraction rate is the exponential of the mean slope of the log gap, over the leading steps above ${FLOORS_ABOVE} floors, their first half left out as transient.`
        ]
      },
      {
        title: "Interval of the rate",
        points: [
          `Its 95 % interval is one of the step’s leading eigenvalue where the starts come to: it resamples initial states, takes in the change of the slope from the first half of its window to the second, and upwards modes of nearly the leading modulus that are not yet gone, by which a gap falls quicker as (t + 1)^−${SPECTRUM_POWER} at most (the edge of Wigner’s semicircle; −½ by the circular law).`
        ]
      },
      {
        title: "Limits",
        points: [
          "A mode that starts hardly excite is in neither; the spectrum gives it.",
          "It need not be the rate of a single path, and neither is stated as the other: a mode that all starts excite alike would cancel in the gap and stay in the path.",
          "That is a reading, not a test."
        ]
      }
    ]
  },
  {
    title: "One attractor",
    formula: `distance ≤ ${shareText(samePlaceWithin({floor: 0, tolerance}))}`,
    text: "Final states are compared over the last steps of the run: in one place, or on one cycle at another phase, counts as one attractor.",
    parts: [
      {
        title: "Verdicts",
        points: [
          "Independent: all starts reached one.",
          "Dependent: more than one.",
          "Unfinished: one was reached, but some starts were still closing in."
        ]
      }
    ]
  },
  {
    title: "Asymptotic alignment",
    formula: "AA = mean cos(zᵢ, yₘ)",
    text: "Mean cosine between final states from the model’s own starts and those from elsewhere: noise with the input’s spread, or another prompt’s final state (Anil et al. 2022).",
    parts: [
      {
        title: "Thresholds",
        points: [
          `Above ${numberText(ALIGNED_ABOVE)} counts as path-independent in published tables.`,
          `Answers count as one at a divergence of at most ${numberText(SAME_ANSWER_NATS)} nats.`
        ]
      }
    ]
  }
];

/** What the sequence is where its tokens are more than memory holds at once. */
export const sampledNote = (sampled: number, of: number): MethodNote => ({
  title: "The sequence",
  formula: `${sampled} of ${of} tokens`,
  text: "Path independence of the sequence is that of evenly spaced tokens of it taken as one vector: all of them are more than is held in memory at once. Every token by itself is tested.",
  parts: []
});

/** What is no part of path independence, since its numbers are not finite. */
export const leftOutNote = ({tokens, inits}: {readonly tokens: number; readonly inits: number}): MethodNote => ({
  title: "Left out of path independence",
  formula: `${countText(tokens, "token")}, ${countText(inits, "initial state")}`,
  text: "Initial states that are finite at no token, and tokens that are not finite from each of the others. The labels say from which step.",
  parts: []
});
