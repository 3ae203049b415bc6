import type {MethodNote} from "../../contract/reportData.ts";
import {numberText} from "../figureText.ts";

/** How labels are controlled and counted over a census; `alpha` is the largest q that is a label. */
export const censusNotes = (alpha: number): MethodNote[] => [
  {
    title: "False discoveries over a census",
    formula: `q ≤ ${numberText(alpha)}`,
    text: `q is Benjamini and Hochberg’s (1995) over all trajectories of the census, not over a run’s: of the labels that claim something at most a share of ${numberText(alpha)} is expected to be false.`,
    parts: [
      {
        title: "Expected number",
        points: ["The expected number is that share of their count; it is a bound for the mean over repetitions, not for this census."]
      }
    ]
  },
  {
    title: "Intervals of shares",
    formula: "Wilson over n / deff",
    text: "The tokens of one prompt are not independent of one another, and a share’s interval knows of it.",
    parts: [
      {
        title: "Interval",
        points: [
          "The share’s variance is the ratio estimator’s between prompts (Cochran 1977, 11.7); beside a binomial’s it gives an effective number of trajectories, over which Wilson’s 95 % interval is taken (Korn and Graubard 1998).",
          "Where a label was never found, or always, each prompt counts as one trajectory."
        ]
      }
    ]
  },
  {
    title: "Associations",
    formula: "OR = (a / b) / (c / d)",
    text: "The odds of a label within a group of tokens (a text, a class of characters, a place in the prompt) over those of all others.",
    parts: [
      {
        title: "Interval",
        points: [
          "The 95 % interval is that of the logarithm, linearised with prompts as clusters (Binder 1983), never narrower than Woolf’s."
        ]
      },
      {
        title: "Test",
        points: [
          "p is Fisher’s exact test, two-sided, which takes trajectories for independent; q is Benjamini and Hochberg’s over the table."
        ]
      },
      {title: "Limits", points: ["Where an interval and a q disagree, the interval knows of the prompts."]}
    ]
  },
  {
    title: "Published classes",
    formula: "cos(hₜ, h_T), τ = 0.05, ρ = 0.9",
    text: "The classes of Blayney et al. (2026), by the cosine of every state to the last one.",
    parts: [{title: "Limits", points: ["They are not tested against anything, and stand beside the labels for comparison."]}]
  }
];
