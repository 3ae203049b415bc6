import {expect, it} from "vitest";
import {refuseUndrawable} from "../../../api/report/collectRun.ts";

const run = (tokens: number) => ({
  steps_written: 99,
  inits: [{kind: "normal" as const, seed: 0, scale: 1}],
  tokens: Array.from({length: tokens}, (_, id) => ({id, text: "x"}))
});

it("a run of more states than a page can show has no report, and is told so before anything is computed", () => {
  expect(() => refuseUndrawable(run(10_000))).not.toThrow();
  expect(() => refuseUndrawable(run(10_001))).toThrow(
    "invalid run for a report: 1000100 states (100 × 1 × 10001); expected at most 1000000; analyze, project and export take runs of any size"
  );
});
