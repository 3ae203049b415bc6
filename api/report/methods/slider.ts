import {
  KEPT_SPEED,
  LEAST_RATIO,
  LONGEST_MEMORY,
  LOST_SPEED,
  MOST_VARIATION,
  ROUND,
  STEADY,
  STRAIGHT
} from "../../../analysis/patterns/slider/drift.ts";
import type {MethodNote} from "../../contract/reportData.ts";
import {numberText, shareText} from "../figureText.ts";

export const sliderNote: MethodNote = {
  title: "Slider",
  formula: "hₜ ≈ c + t v, or an arc",
  text: "Motion along a line or an arc to the last step, steadily, and by more than a random walk would go.",
  parts: [
    {
      title: "Evidence for",
      points: [
        `The motion has at least ${LEAST_RATIO} times the energy that a random walk fitted to the rest of the path would show there, and more than walks whose steps remember those before, for up to ${shareText(LONGEST_MEMORY)} of the path, would show by chance.`,
        "Of the memories and sizes of noise that account for the rest nearly as well as the best the p-value is the largest, of all directions together and of the motion’s own.",
        "What goes the same way for longer cannot be told from a direction."
      ]
    },
    {
      title: "Steady",
      points: [
        `The lower end of the speed’s interval keeps ${shareText(KEPT_SPEED)} over the window, and the last third is within ${numberText(STEADY)} to ${numberText(1 / STEADY)} times as fast as the first.`,
        `A speed that surely loses more than ${shareText(LOST_SPEED)} is no slider’s, but where it also rises and varies by at most ${shareText(MOST_VARIATION)} about its middle (a slider of uneven speed). A rise is sure from 5 standard errors on, those of the noise along the motion and of the scatter across it, whose energy is taken off.`,
        "A motion that winds so far that only its parts show its speed must not vary by more, either."
      ]
    },
    {
      title: "What speaks against it",
      points: [
        `What has come round by ${numberText(ROUND)} of a turn is none, nor what a longer window shows to be part of a smaller circle.`,
        `The chord is at least ${shareText(STRAIGHT)} of the arc unless the arc is a great circle.`
      ]
    }
  ]
};
