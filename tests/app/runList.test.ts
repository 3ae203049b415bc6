import {describe, expect, it} from "vitest";
import type {RunSummary} from "../../api/contract.ts";
import {arrangeRuns} from "../../app/runList.ts";

const run = (id: string, patch: Partial<RunSummary>): RunSummary => ({id, title: id, model: "m", prompt: null, status: "complete", stopped: null, live: false, example: false, steps: 8, steps_written: 8, inits: 1, tokens: 1, width: 4, storage_dtype: "f32", bytes: 1, created: "2026-01-01T00:00:00Z", tags: [], ...patch});

const runs = [run("a", {prompt: "48+37=", bytes: 3}), run("b", {model: "huginn", tags: ["paper"], bytes: 1}), run("c", {prompt: "48 sheep", bytes: 2})];
const order = {by: "bytes", down: true} as const;

describe("arrangeRuns", () => {
  it("orders by any column, either way, equal ones by their name", () => {
    expect(arrangeRuns(runs, "", order).map(({id}) => id)).toEqual(["a", "c", "b"]);
    expect(arrangeRuns(runs, "", {by: "bytes", down: false}).map(({id}) => id)).toEqual(["b", "c", "a"]);
    expect(arrangeRuns(runs, "", {by: "steps", down: true}).map(({id}) => id)).toEqual(["a", "b", "c"]);
  });
  it("keeps runs that carry every sought word in title, prompt, model or tags", () => {
    expect(arrangeRuns(runs, "48", order).map(({id}) => id)).toEqual(["a", "c"]);
    expect(arrangeRuns(runs, "SHEEP 48", order).map(({id}) => id)).toEqual(["c"]);
    expect(arrangeRuns(runs, "huginn paper", order).map(({id}) => id)).toEqual(["b"]);
    expect(arrangeRuns(runs, "goat", order)).toEqual([]);
  });
});
