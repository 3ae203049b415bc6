import type {Pattern} from "../../api/contract/choices.ts";

/** The four words, each in one sentence that needs no other. */
export const LABEL_WORDS: Readonly<Record<Pattern, string>> = {
  converging: "Every step brings the state closer to one point, by about the same share each time: further steps change nothing.",
  orbit: "The state comes back to where it was, again and again: it runs round a closed curve, or flips between two points.",
  slider: "The state keeps moving one way at a steady speed, along a line or round a great circle, and never comes back.",
  unsettled: "No claim: nothing of the three is beyond doubt, be it for noise, for too few steps, or for something else."
};
