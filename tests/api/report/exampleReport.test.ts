import {stat} from "node:fs/promises";
import {expect, it} from "vitest";
import {reportImport} from "../../../api/exchange/reportImport.ts";
import {readTrace} from "../../../capture/trace/reader.ts";
import {exampleRun} from "../../../fixtures/makeExampleRun.ts";
import {exampleReport} from "../../../fixtures/reports/makeExampleReport.ts";

it("the committed example report is one of the committed example run, whole, with its spectrum", async () => {
  const [report, trace] = await Promise.all([reportImport(exampleReport), readTrace(exampleRun)]);
  expect(report.summary).toMatchObject({
    kind: "run",
    title: trace.title,
    status: "complete",
    model: {name: trace.model.name, hash: trace.model.hash},
    tokens: trace.tokens.length,
    steps: trace.steps,
    inits: trace.inits.length,
    created: trace.created
  });
  expect(report.kind === "run" && report.spectrum!.tokens).toHaveLength(trace.tokens.length);
  expect((await stat(exampleReport)).size).toBeLessThan(6_000_000);
});
