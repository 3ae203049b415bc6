import {parseJson} from "../../capture/trace/json.ts";
import {openFile} from "../../capture/trace/openFile.ts";
import {TraceFormatError} from "../../capture/trace/safetensorsHeader.ts";
import {readTextFile} from "../../capture/trace/textFile.ts";
import {checkLine} from "../contract/checkLine.ts";
import {REPORT_DATA_ID, reportDataSchema, type ReportData} from "../contract/reportData.ts";

const MAX_PARTS = 5_000_000; // of large experiments
const MAX_REPORT_BYTES = 256 * 2 ** 20; // reports of runs take a few MB, those of large experiments some ten
const FIRST_BYTES = "<!doctype html>";
const OPENING = `<script type="application/json" id="${REPORT_DATA_ID}">`;
const CLOSING = "</script>"; // the document inside has no `<`

/** Whether a file is a report, or at least HTML; told by its first bytes and not by its name. */
export async function isReport(path: string): Promise<boolean> {
  const file = await openFile(path);
  if (!file) return false;
  try {
    const buffer = Buffer.alloc(FIRST_BYTES.length);
    const {bytesRead} = await file.read(buffer, 0, FIRST_BYTES.length, 0);
    return buffer.toString("latin1", 0, bytesRead).toLowerCase() === FIRST_BYTES;
  } finally {
    await file.close();
  }
}

/** Reads what a report carries inside. Throws a TraceFormatError that names the file where it is no report, or was damaged. */
export async function reportImport(path: string): Promise<ReportData> {
  const text = await readTextFile(path, {maxBytes: MAX_REPORT_BYTES, error: TraceFormatError});
  const start = text.indexOf(OPENING);
  const end = text.indexOf(CLOSING, start);
  if (start < 0 || end < 0) throw new TraceFormatError(`not a report: ${path} has no element #${REPORT_DATA_ID}`);
  const value = parsed(text.slice(start + OPENING.length, end), path);
  const report = reportDataSchema.safeParse(value);
  if (!report.success) throw new TraceFormatError(`invalid report: ${path}: ${checkLine(report.error, value)}`);
  return report.data;
}

function parsed(json: string, path: string): unknown {
  try {
    return parseJson(json, {maxParts: MAX_PARTS});
  } catch (cause) {
    throw new TraceFormatError(`invalid report: ${path}: the data inside: ${(cause as Error).message}`, {cause});
  }
}
