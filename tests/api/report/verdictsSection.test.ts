import {expect, it} from "vitest";
import type {ReportVerdict, RunReport} from "../../../api/contract/reportData.ts";
import {collectRun} from "../../../api/report/collectRun.ts";
import {html} from "../../../api/report/html.ts";
import {verdictsSection} from "../../../api/report/sections/verdictsSection.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";
import {FLIPPING, reportTrace} from "./reportTrace.ts";

const shown = (report: RunReport, change: (verdict: ReportVerdict) => Partial<ReportVerdict>): string =>
  html`${verdictsSection({...report, verdicts: report.verdicts.map((verdict) => ({...verdict, ...change(verdict)}))})}`.markup;

it("says of each token which coordinates of any of its starts were weighed down, since its label rests on the others", async () => {
  const report = await collectRun(await reportTrace(await temporaryFolder()));
  const section = shown(report, ({token, init}) => (token === FLIPPING ? {weighed: init === 0 ? [7] : [12, 7]} : {}));
  expect(section.match(/coordinates 7, 12 weighed down by noise/g)).toHaveLength(1);
  expect(section.match(/weighed down/g)).toHaveLength(1);
  expect(shown(report, () => ({weighed: [3], still_from: 40}))).toContain(
    "; still, bit for bit, from step 40; coordinate 3 weighed down by noise"
  );
});
