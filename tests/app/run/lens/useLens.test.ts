import {describe, expect, it} from "vitest";
import {lensChoices, lensesOf, nextLens, ownLens, shownLenses} from "../../../../app/run/lens/useLens.ts";
import type {RunData} from "../../../../app/run/runData.ts";

type Trace = Pick<RunData["trace"], "lenses" | "readout">;

const run = (names: readonly string[] | undefined, captured?: string): Pick<RunData, "trace"> => ({
  trace: {
    ...(names && {lenses: names.map((name) => ({name, formula: `softmax(${name}(hₜ))`}))}),
    readout: captured === undefined ? null : {lens: captured, top: 5}
  } satisfies Trace as RunData["trace"]
});

describe("the lenses of a run", () => {
  it("are those that its trace says the model has, the captured one the first that is shown", () => {
    const data = run(["coda", "logit"], "logit");
    expect(lensesOf(data).map(({name}) => name)).toEqual(["coda", "logit"]);
    expect(ownLens(data)).toBe("logit");
    expect(lensChoices(data)).toEqual(["coda", "logit", "both"]);
    expect(shownLenses(data, undefined)).toEqual(["logit"]);
    expect(shownLenses(data, "both")).toEqual(["coda", "logit"]);
  });
  it("are one alone where the model has one: no other can be chosen, whatever the address says", () => {
    const data = run(["logit"], "logit");
    expect(lensChoices(data)).toEqual(["logit"]);
    for (const asked of ["coda", "both", "tuned", undefined]) expect(shownLenses(data, asked)).toEqual(["logit"]);
    expect(nextLens(data, undefined)).toBeUndefined();
  });
  it("are the captured one where the trace does not say, and none where nothing was captured", () => {
    expect(lensesOf(run(undefined, "coda")).map(({name}) => name)).toEqual(["coda"]);
    expect(shownLenses(run(undefined), "coda")).toEqual([]);
    expect(ownLens(run(undefined))).toBeUndefined();
  });
  it("are the model's own first where no readout was captured", () => expect(ownLens(run(["coda", "logit"]))).toBe("coda"));
  it("follow one another, all of them last", () => {
    const data = run(["coda", "logit"], "coda");
    expect(nextLens(data, undefined)).toBe("logit");
    expect(nextLens(data, "logit")).toBe("both");
    expect(nextLens(data, "both")).toBeUndefined(); // the run's own
  });
});
