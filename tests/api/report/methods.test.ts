import {expect, it} from "vitest";
import {LEAST_RATIO} from "../../../analysis/patterns/slider/drift.ts";
import {patternNotes} from "../../../api/report/methods.ts";

it("patternNotes cites the thresholds of every label that the program used", () => {
  const summary = {
    site: "state",
    steps: 2,
    inits: 1,
    tokens: 1,
    width: 1,
    counts: {},
    precision: "float32",
    noise_floor: 0,
    rounding_floor: 1e-7,
    alpha: 0.001,
    not_finite: 0,
    nulls: {converging: "a", orbit: "b", slider: "c"},
    collapse: {collapsed: false, since: null, correlation: null, most: 0}
  };
  const notes = patternNotes(summary);
  expect(notes.map(({title}) => title)).toEqual(["Labels", "Converging", "Slider", "Orbit", "What is judged", "Noise floor"]);
  const text = (title: string): string => notes.find((note) => note.title === title)!.text;
  expect(text("Slider")).toContain(`at least ${LEAST_RATIO} times the energy that a random walk`);
  expect(text("Slider")).toContain("keeps 90\u00a0% over the window");
  expect(text("Converging")).toContain("within 3 floors of the mean of its last 25\u00a0%");
});
