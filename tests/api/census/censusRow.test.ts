import {expect, it} from "vitest";
import {cellsOf, ROW_COLUMNS, rowOfCells} from "../../../api/census/censusRow.ts";

it("a row of a file that an older version began has nulls for the columns that came later", () => {
  const values = {INT32: 3, FLOAT: 0.5, DOUBLE: 0.25, STRING: "orbit"};
  const cells = Object.fromEntries(ROW_COLUMNS.map(({name, type}) => [name, values[type]]));
  expect(cellsOf(rowOfCells(cells))).toEqual(cells);
  const {off_curve: _, ...older} = cells;
  expect(cellsOf(rowOfCells(older))).toEqual({...cells, off_curve: null});
});
