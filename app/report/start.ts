import type {ReportData} from "../../api/contract/reportData.ts";
import {liveCensus} from "./liveCensus.ts";
import {liveExperiment} from "./liveExperiment.ts";
import {liveRun} from "./liveRun.ts";

/** Brings the report in this document to life; what cannot be is left as it was printed. */
export function start(): void {
  const text = document.getElementById("report-data")?.textContent;
  if (!text) throw new Error("missing report-data");
  const report = JSON.parse(text) as ReportData;
  if (report.kind === "run") liveRun(report);
  else if (report.kind === "census") liveCensus(report);
  else liveExperiment(report);
}
