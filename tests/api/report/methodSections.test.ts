import {expect, it} from "vitest";
import {MEASURES, methodId, type MeasureKey} from "../../../analysis/measures/measures.ts";
import {methodSections} from "../../../api/report/methodSections.ts";
import {methodsSchema} from "../../../api/contract/contract.ts";

const notes = methodSections().flatMap((section) => section.notes);

it("methodSections has a text for every measure and label, where links to its name lead", () => {
  const ids = notes.map(({id}) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const key of Object.keys(MEASURES) as MeasureKey[]) expect(ids).toContain(methodId(MEASURES[key].name));
  for (const title of ["converging", "orbit", "slider", "labels", "Spectrum", "Asymptotic alignment"])
    expect(ids).toContain(methodId(title));
});

it("methodSections cites each measure's own formula, and is what the server says that it answers", () => {
  for (const {name, formula} of Object.values(MEASURES)) expect(notes.find(({id}) => id === methodId(name))?.formula).toBe(formula);
  expect(methodsSchema.parse({sections: methodSections()})).toEqual({sections: methodSections()});
});

const MOST = 640; // characters of a paragraph: nine lines of the page

it("methodSections says everything in short paragraphs, each under a heading of its own", () => {
  for (const {id, text, parts} of notes) {
    expect(new Set(parts.map(({title}) => title)).size, id).toBe(parts.length);
    for (const paragraph of [text, ...parts.flatMap(({points}) => points)]) {
      expect(paragraph.length, paragraph).toBeLessThanOrEqual(MOST);
      expect(paragraph, paragraph).toMatch(/[.)]$/);
    }
    for (const {points} of parts) expect(points.length).toBeGreaterThan(0);
  }
});
