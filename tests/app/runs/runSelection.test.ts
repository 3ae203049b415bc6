import {describe, expect, it} from "vitest";
import type {RunSummary} from "../../../api/contract/contract.ts";
import {compareProblem, pressed} from "../../../app/runs/runSelection.ts";

const runs = ["a", "b", "c", "d", "e"].map((id) => ({id, title: id, width: id === "e" ? 8 : 4}) as RunSummary);
const selectedAfter = (selected: string, press: Parameters<typeof pressed>[2]) => [...pressed(new Set(selected), runs, press)].join("");

describe("pressed", () => {
  it("turns one run on and off", () => {
    expect(selectedAfter("", {id: "b", last: undefined, range: false})).toBe("b");
    expect(selectedAfter("ab", {id: "b", last: "a", range: false})).toBe("a");
  });
  it("with shift turns all from the last pressed to this one, in either direction, the way this one turns", () => {
    expect(selectedAfter("b", {id: "d", last: "b", range: true})).toBe("bcd");
    expect(selectedAfter("d", {id: "b", last: "d", range: true})).toBe("dbc");
    expect(selectedAfter("abcde", {id: "b", last: "d", range: true})).toBe("ae");
  });
  it("takes it alone where nothing was pressed before, or that is no longer shown", () => {
    expect(selectedAfter("", {id: "c", last: undefined, range: true})).toBe("c");
    expect(selectedAfter("", {id: "c", last: "gone", range: true})).toBe("c");
  });
});

describe("compareProblem", () => {
  it("wants two to four runs of one width", () => {
    expect(compareProblem(runs.slice(0, 1))).toBe("select two runs or more");
    expect(compareProblem(runs.slice(0, 2))).toBeUndefined();
    expect(compareProblem(runs.slice(0, 4))).toBeUndefined();
    expect(compareProblem(runs)).toBe("5 runs; at most 4 side by side");
    expect(compareProblem(runs.slice(3))).toBe("“e” has width 8, “d” 4: runs of one width can be compared");
  });
});
