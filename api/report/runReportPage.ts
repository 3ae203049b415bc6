import type {TraceReader} from "../../capture/trace/reader.ts";
import {collectRun, type CollectRunOptions} from "./collectRun.ts";
import {reportPage} from "./reportPage.ts";
import {reportScript, type ReportScript} from "./reportScript.ts";

interface RunReportOptions extends CollectRunOptions {
  /** Defaults to the one that `npm run build` made. */
  readonly script?: ReportScript;
}

/** The report of a run as one HTML document. The same run gives the same bytes. */
export async function runReportPage(reader: TraceReader, {script, ...options}: RunReportOptions = {}): Promise<string> {
  return reportPage(await collectRun(reader, options), script ?? (await reportScript()));
}
