import {stat} from "node:fs/promises";
import {expect, it} from "vitest";
import {reportImport} from "../../../api/exchange/reportImport.ts";
import {readTrace} from "../../../capture/trace/reader.ts";
import {longRun} from "../../../fixtures/makeExampleRun.ts";
import {exampleReport} from "../../../fixtures/reports/makeExampleReport.ts";

it("the committed example report is one of the committed example run, whole, with its spectrum", async () => {
  const [report, trace] = await Promise.all([reportImport(exampleReport), readTrace(longRun)]);
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
  if (report.kind !== "run") throw new Error("expected a run");
  expect(report.spectrum!.tokens.map(({token}) => token)).toContain(164);
  expect(report.portraits[0].info).toMatchObject({token: 164, pattern: "orbit", inits: [0, 1]});
  expect(report.portraits[0].info.period).toBeCloseTo(2, 3);
  expect((await stat(exampleReport)).size).toBeLessThan(8_000_000);
});
