import {describe, expect, it} from "vitest";
import {changesIn, waveTable} from "../../../app/plot/waveCells.ts";

const rowOf = (at: number, ids: number[], steps: number[], frozen: number, values: (number | null)[] = []) => ({
  at,
  ids,
  steps,
  frozen,
  values,
  texts: ids.map((id) => `t${id}`)
});

describe("waveTable", () => {
  it("keeps what the window left behind, tells frozen tokens from open ones, and marks those that changed", () => {
    const table = waveTable([rowOf(3, [5], [0], 4), rowOf(3, [5, 6], [4, 0], 4, [0.5]), rowOf(4, [7, 8, 9], [4, 4, 0], 5, [null, 0.1])]);
    expect([table.first, table.columns]).toEqual([3, 4]);
    expect(table.rows.map((row) => row.map(({id, steps, state, changed}) => [id, steps, state, changed]))).toEqual([
      [[5, 0, "frozen", false]],
      [
        [5, 4, "frozen", false],
        [6, 0, "open", false]
      ],
      [
        [5, 4, "done", false],
        [7, 4, "frozen", true],
        [8, 4, "open", false],
        [9, 0, "open", false]
      ]
    ]);
    expect(table.rows[2].map(({value}) => value)).toEqual([null, null, 0.1, null]);
    expect(changesIn(table)).toBe(1);
  });
  it("is empty without rows", () => {
    expect(waveTable([])).toEqual({first: 0, columns: 0, rows: []});
  });
});
