import {MEASURES, methodId, type MeasureKey} from "../../analysis/measures/measures.ts";
import {EXIT_RULES} from "../../analysis/exit/exitRules.ts";
import {ALPHA, NULLS} from "../../analysis/patterns/classifyRun.ts";
import {captureBounds} from "../../capture/bounds.ts";
import type {MethodSection, MethodsAnswer} from "../contract/methodSchemas.ts";
import type {MethodNote} from "../contract/reportData.ts";
import {censusNotes} from "./methods/censuses.ts";
import {spectrumNote, witnessNote} from "./methods/jacobian.ts";
import {patternNotes} from "./methods/labels.ts";
import {measureNote, readoutNotes, stateNotes} from "./methods/measures.ts";
import {pathNotes} from "./methods/paths.ts";

const SUMMARY = {alpha: ALPHA, nulls: NULLS, precision: "a number format", rounding_floor: null};

/** Everything that is measured, section by section: what docs/methods.md and the page's methods are made of, and reports take their own from. */
export const methodSections = (): MethodsAnswer["sections"] => [
  section("Measures of every state", stateNotes, measureTable()),
  section("Labels of trajectories", patternNotes(SUMMARY)),
  section("Censuses", censusNotes(ALPHA)),
  section("Path independence", [...pathNotes(), ...notesOf("starts")]),
  section("Comparison of runs", notesOf("runs")),
  section("Jacobian", [spectrumNote, witnessNote]),
  section("Readouts", [...readoutNotes({lens: "coda", top: captureBounds.top.usual}), measureNote("rank")]),
  section("Exit rules", [], ruleTable())
];

function section(title: string, notes: readonly MethodNote[], table: MethodSection["table"] = null): MethodSection {
  return {title, table, notes: notes.map((note) => ({id: methodId(note.title), ...note}))};
}

/** Of the measures that are computed from the same thing. */
const notesOf = (of: "starts" | "runs"): MethodNote[] =>
  (Object.keys(MEASURES) as MeasureKey[]).filter((key) => MEASURES[key].of === of).map(measureNote);

const measureTable = (): MethodSection["table"] => ({
  head: ["name in tables", "what", "unit", "formula", "source"],
  rows: Object.entries(MEASURES).map(([key, {title, unit, formula, source}]) => [key, title, unit || "–", formula, source])
});

const ruleTable = (): MethodSection["table"] => ({
  head: ["rule", "value", "ends the loop", "source"],
  rows: EXIT_RULES.map(({name, formula, threshold, exitWhen, consecutive, source}) => [
    name,
    formula,
    `${exitWhen === "below" ? "below" : "at or above"} ${threshold}${consecutive > 1 ? `, ${consecutive} times in a row` : ""}`,
    source
  ])
});
