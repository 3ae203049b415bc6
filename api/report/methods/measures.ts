import {CURVE_MEASURES, MEASURES, READOUT_MEASURES, type MeasureKey} from "../../../analysis/measures/measures.ts";
import type {Trace} from "../../../capture/trace/schema.ts";
import type {MethodNote} from "../../contract/reportData.ts";

/** What a measure is: from the record that curves, tables and pictures are made from. */
export function measureNote(key: MeasureKey): MethodNote {
  const {name, title, formula, about, source} = MEASURES[key];
  return {
    title: name[0].toUpperCase() + name.slice(1),
    formula,
    text: `${title}. ${about}`,
    parts: [{title: "Source", points: [`${source}.`]}]
  };
}

/** How the states were measured, with the thresholds that the program used. */
export const stateNotes: readonly MethodNote[] = [
  ...CURVE_MEASURES.map(measureNote),
  {
    title: "Principal components",
    formula: null,
    text: "Fitted on the states of all tokens, initial states and steps together, in double precision; the largest entry of each axis is positive.",
    parts: [
      {title: "Rotations", points: ["In the rotations each trajectory is moved to its own mean over the steps, in the same basis."]},
      {title: "Limits", points: ["A picture in few dimensions is no evidence for a label."]}
    ]
  }
];

/** How states were read out, and what is told of a readout. */
export const readoutNotes = (readout: NonNullable<Trace["readout"]>): MethodNote[] => [
  lensNote(readout),
  ...READOUT_MEASURES.map(measureNote)
];

const lensNote = ({lens, formula}: NonNullable<Trace["readout"]>): MethodNote => ({
  title: `${lens.charAt(0).toUpperCase()}${lens.slice(1)} lens`,
  formula: formula ?? `softmax(head(${lens}(hₜ)))`,
  text: "What the model would say were the loop to end at that step.",
  parts: []
});
