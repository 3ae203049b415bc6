import {describe, expect, it} from "vitest";
import {matrixOf} from "../../../analysis/matrix.ts";
import {joinedSource} from "../../../analysis/projections/joinedSource.ts";
import {blocksOf, matrixSource} from "../../../analysis/projections/rowSource.ts";

const counting = (rows: number, from: number) =>
  matrixSource(
    matrixOf(
      rows,
      2,
      Float32Array.from({length: 2 * rows}, (_, i) => from + i)
    )
  );

describe("joinedSource", () => {
  it("gives the rows of all sources in order, whatever the blocks", async () => {
    const source = joinedSource([counting(3, 0), counting(1, 6), counting(4, 8)]);
    expect([source.rows, source.cols]).toEqual([8, 2]);
    for (const blockRows of [1, 2, 3, 5, 8]) {
      const read: number[] = [];
      for await (const {data} of blocksOf(source, {blockRows})) read.push(...data);
      expect(read).toEqual([...Array(16).keys()]);
    }
  });
  it("is the source itself where there is one", () => {
    const one = counting(2, 0);
    expect(joinedSource([one])).toBe(one);
  });
  it("refuses no sources, and sources of different widths", () => {
    expect(() => joinedSource([])).toThrow("invalid sources: 0; expected at least one");
    expect(() => joinedSource([counting(2, 0), matrixSource(matrixOf(1, 3, new Float32Array(3)))])).toThrow(
      "invalid width: 3; expected 2, as in the first source"
    );
  });
});
