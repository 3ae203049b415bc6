import {expect, it} from "vitest";
import {csvCell} from "../../../api/exchange/csvCell.ts";
import {quoted} from "../../../app/plot/csv.ts";

it.each([
  ["plain", "plain"],
  ["a,b", '"a,b"'],
  ['say "x"', '"say ""x"""'],
  ["=1+2", `"'=1+2"`],
  ["+1", `"'+1"`],
  ["-1", `"'-1"`],
  ["@SUM(A1)", `"'@SUM(A1)"`],
  ["\t=1", `"'\t=1"`],
  ["＝1+2", `"'＝1+2"`],
  ["'=1", `"''=1"`],
  ["it's", `"it's"`],
  [" word", '" word"'],
  ["a=b", "a=b"],
  ["", ""]
])("csvCell(%j) is %s, as in what the page saves", (text, cell) => {
  expect(csvCell(text)).toBe(cell);
  expect(quoted(text)).toBe(cell);
  const read = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
  expect(read.replace(/^'/, "")).toBe(text);
});
