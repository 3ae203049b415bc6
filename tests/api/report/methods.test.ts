import {expect, it} from "vitest";
import {LEAST_RATIO} from "../../../analysis/patterns/slider/drift.ts";
import {methodSchema} from "../../../api/contract/reportData.ts";
import {patternNotes} from "../../../api/report/methods/labels.ts";

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
  const part = (title: string, name: string): string =>
    notes
      .find((note) => note.title === title)!
      .parts.find((one) => one.title === name)!
      .points.join(" ");
  expect(part("Slider", "Evidence for")).toContain(`at least ${LEAST_RATIO} times the energy that a random walk`);
  expect(part("Slider", "Steady")).toContain("keeps 90\u00a0% over the window");
  expect(part("Converging", "Settled")).toContain("within 3 floors of the mean of its last 25\u00a0%");
});

it("methodSchema reads a method of a report of earlier versions, which had no parts", () => {
  const earlier = {title: "Slider", formula: "hₜ ≈ c + t v", text: "All of it."};
  expect(methodSchema.parse(earlier)).toEqual({...earlier, parts: []});
});
