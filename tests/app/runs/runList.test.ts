import {describe, expect, it} from "vitest";
import type {LabelCounts, RunSummary} from "../../../api/contract/contract.ts";
import {arrangeRuns, runsCsv} from "../../../app/runs/runList.ts";
import type {KnownLabels} from "../../../app/runs/useRunLabels.ts";

const run = (id: string, patch: Partial<RunSummary>): RunSummary => ({
  id,
  title: id,
  model: "m",
  prompt: null,
  status: "complete",
  stopped: null,
  live: false,
  example: false,
  steps: 8,
  steps_written: 8,
  inits: 1,
  tokens: 1,
  width: 4,
  storage_dtype: "f32",
  bytes: 1,
  owner: null,
  created: "2026-01-01T00:00:00Z",
  tags: [],
  ...patch
});

const runs = [
  run("a", {prompt: "48+37=", bytes: 3}),
  run("b", {model: "huginn", tags: ["paper"], bytes: 1}),
  run("c", {prompt: "48 sheep", bytes: 2})
];
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
  it("by labels brings orbits and sliders first, then what is unsettled, and runs without labels last either way", () => {
    const counts = (counts: Record<string, number>) => ({counts, trajectories: 9, alpha: 0.05, course: [], steps_written: 8, version: "0"});
    const labels: KnownLabels = new Map<string, LabelCounts | {error: string}>([
      ["a", counts({converging: 9})],
      ["b", counts({converging: 7, orbit: 1, slider: 1})],
      ["c", {error: "too large"}],
      ["d", counts({converging: 8, unsettled: 1})]
    ]);
    const all = [...runs, run("d", {})];
    expect(arrangeRuns(all, "", {by: "labels", down: true}, labels).map(({id}) => id)).toEqual(["b", "d", "a", "c"]);
    expect(arrangeRuns(all, "", {by: "labels", down: false}, labels).map(({id}) => id)).toEqual(["a", "d", "b", "c"]);
  });
});

describe("runsCsv", () => {
  it("has a line for each run, with its labels where they are known", () => {
    const labels = new Map([
      ["a", {counts: {converging: 2, orbit: 1}, trajectories: 3, alpha: 0.05, course: [], steps_written: 8, version: "0"}]
    ]);
    const [head, a, b] = runsCsv(
      runs.slice(0, 2).map((listed) => ({...listed, labels: null})),
      labels
    ).split("\n");
    expect(head).toBe(
      "id,title,model,prompt,status,stopped,tokens,steps,steps_written,inits,width,storage_dtype,bytes,created,tags,converging,orbit,slider,unsettled"
    );
    expect(a).toBe("a,a,m,48+37=,complete,,1,8,8,1,4,f32,3,2026-01-01T00:00:00Z,,2,1,0,0");
    expect(b).toBe("b,b,huginn,,complete,,1,8,8,1,4,f32,1,2026-01-01T00:00:00Z,paper,,,,");
  });
});
