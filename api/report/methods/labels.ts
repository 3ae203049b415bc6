import {LEAST_STILL, STOPS_IN} from "../../../analysis/patterns/path/judgedRows.ts";
import {FEW_STATES, MOST_STATES} from "../../../analysis/patterns/pathProducts.ts";
import {RESTING_FLOORS} from "../../../analysis/patterns/approach/contraction.ts";
import {MOST_SHARE} from "../../../analysis/patterns/path/weights.ts";
import type {Patterns} from "../../contract/contract.ts";
import type {MethodNote} from "../../contract/reportData.ts";
import {numberText, shareText} from "../figureText.ts";
import {convergingNote} from "./converging.ts";
import {orbitNote} from "./orbit.ts";
import {sliderNote} from "./slider.ts";

type Told = Pick<Patterns["summary"], "alpha" | "nulls" | "precision" | "rounding_floor">;

/** How trajectories got their labels. */
export const patternNotes = (told: Told, whole = "run"): MethodNote[] => [
  testNote(told, whole),
  convergingNote,
  sliderNote,
  orbitNote,
  judgedNote,
  floorNote(told)
];

const testNote = ({alpha, nulls}: Told, whole: string): MethodNote => ({
  title: "Labels",
  formula: `q ≤ ${numberText(alpha)}`,
  text: `Each label is tested in full dimension; q is the Benjamini–Hochberg value over all trajectories of the ${whole}. “Unsettled” claims nothing.`,
  parts: [
    {
      title: "Nulls",
      points: [`Of converging: ${nulls.converging}.`, `Of orbit: ${nulls.orbit}.`, `Of slider: ${nulls.slider}.`]
    }
  ]
});

const judgedNote: MethodNote = {
  title: "What is judged",
  formula: null,
  text: "The states as they are, but for rows that only repeat a neighbour and coordinates that are only loud. A trajectory whose numbers are not all finite has no label.",
  parts: [
    {
      title: "Equal rows",
      points: [
        `Rows at the end that are equal bit for bit, ${LEAST_STILL} or more, or two where more than half of the coordinates, ${STOPS_IN} at least, moved by the step before and no two rows in a row were equal there, are left out but for the first, and that too where all its coordinates are one number, as in a buffer that was never written to: how a path came there is seen before them.`,
        `They are rest, and kept, where ${FEW_STATES} states or fewer came before them, the last of which moved by no more than ${numberText(RESTING_FLOORS)} rounding floors of a state: such a path came to stand by itself, and was not frozen on its way.`,
        "Rows that equal the first bit for bit, as many, are left out but for the last, and that too where a buffer was filled late, two rows or more of one number."
      ]
    },
    {
      title: "Coordinates",
      points: [
        `A coordinate whose noise, by what nine in ten of its differences are less than in the quieter half of the path, is much louder than the others’ is scaled down until all that it does brings at most ${shareText(MOST_SHARE)} of theirs, or, where going on evenly or dying away is nine tenths of that, until what it does beside going on evenly does.`,
        "One that never changes has no rounding floor, and no part in the spheres and great circles that paths are held against."
      ]
    },
    {
      title: "Long paths",
      points: [
        `Of more than ${MOST_STATES} states the last ${MOST_STATES} are tested for orbits and drifts, those about the settling step for an approach.`
      ]
    }
  ]
};

const floorNote = ({precision, rounding_floor}: Told): MethodNote => ({
  title: "Noise floor",
  formula: "√(Σ ulp(h_k)² / 12)",
  text: "How far a state is known: what rounding adds to it, and what is left of it when the described motion is taken away.",
  parts: [
    {
      title: "Of one state",
      points: [
        `The rounding floor of one state is what rounding to ${precision} adds to it${rounding_floor === null ? "" : `, here ${numberText(rounding_floor)} of its norm`}; the loop amplifies it.`
      ]
    },
    {
      title: "Of a trajectory",
      points: [
        "The noise floor of a trajectory is what is left of a state when the described motion is taken away, over its norm; rates, settling and periods are taken above it."
      ]
    },
    {
      title: "Of a run",
      points: [
        "A run’s is the median over the labelled trajectories: where none has a label, no motion was taken away, and what is left is the motion itself."
      ]
    }
  ]
});
