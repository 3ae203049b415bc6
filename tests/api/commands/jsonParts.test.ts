import {expect, it} from "vitest";
import {jsonParts} from "../../../api/commands/print.ts";

const long = Array.from({length: 2500}, (_, i) => ({i, text: `${i}`, none: undefined, nothing: i % 2 ? null : undefined}));

it.each([
  null,
  5,
  "text",
  [1, 2],
  {},
  {a: undefined},
  {a: undefined, b: 1, c: [], d: () => 1, e: {f: [1]}},
  {tokens: long, summary: {steps: 3}},
  {first: 1, holes: [...Array<undefined>(1200), 1], when: new Date(0)},
  new Date(0)
])("jsonParts of %j are what JSON.stringify says", (value) => {
  expect([...jsonParts(value)].join("")).toBe(JSON.stringify(value));
});

it("jsonParts cuts a long array, so that no part is long", () => {
  expect([...jsonParts({tokens: long})].map(({length}) => length).every((length) => length < 50_000)).toBe(true);
});
