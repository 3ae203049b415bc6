import {readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {dynamicModes} from "../../../analysis/measures/dynamicModes.ts";
import {pythonWith} from "../../support/python.ts";
import {waveMatrix} from "../../support/waveMatrix.ts";

interface DmdReference {
  readonly rows: number;
  readonly cols: number;
  readonly rank: number;
  readonly eigenvalues: readonly (readonly [number, number])[];
}

const TOLERANCE = 1e-6;
const python = pythonWith("pydmd", "numpy");
const textOf = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");

/** Each eigenvalue of the reference is one of ours, and no two of ours are taken for one of it; conjugates have one modulus, so that their order is chance. */
function expectSameModes({rows, cols, rank, eigenvalues}: DmdReference): void {
  const ours = dynamicModes(waveMatrix(rows, cols), {rank});
  expect(ours).toHaveLength(eigenvalues.length);
  const nearest = eigenvalues.map(([re, im]) => {
    const gaps = ours.map(([x, y]) => Math.hypot(x - re, y - im));
    const gap = Math.min(...gaps);
    expect(gap).toBeLessThan(TOLERANCE);
    return gaps.indexOf(gap);
  });
  expect(new Set(nearest).size).toBe(ours.length);
}

describe("PyDMD", () => {
  const stored = JSON.parse(textOf("../../../fixtures/reference/pydmd.json")) as {readonly dmd: readonly DmdReference[]};

  it.each(stored.dmd)("gave the stored eigenvalues of the steps of a $rows × $cols path at rank $rank, and so do we", expectSameModes);

  it.skipIf(!python)("as it runs here agrees on the same paths", () => {
    const live = JSON.parse(python!(textOf("../../support/pydmdReference.py"))) as {readonly dmd: readonly DmdReference[]};
    live.dmd.forEach(expectSameModes);
  });
});
