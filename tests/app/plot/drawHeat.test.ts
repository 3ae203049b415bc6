import {expect, it} from "vitest";
import {namedRows} from "../../../app/plot/drawHeat.ts";

it("every row is named where there is room, the chosen ones among them once", () => {
  expect([...namedRows({tokens: 4, chosen: [2], row: 20})].sort()).toEqual([0, 1, 2, 3]);
});

it("a chosen row takes the place of names beside it, and the last chosen one that of another", () => {
  expect(namedRows({tokens: 30, chosen: [12, 13], row: 2})).toEqual([13, 0, 6, 24]);
});

it("of many chosen rows none is named before others, nor is one that is not there", () => {
  expect(namedRows({tokens: 12, chosen: [1, 2, 3, 4], row: 2})).toEqual([0, 6]);
  expect(namedRows({tokens: 0, chosen: [3], row: 20})).toEqual([]);
});
