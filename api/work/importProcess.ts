import {existsSync} from "node:fs";
import {join} from "node:path";
import {answerOrders} from "../../capture/service/answerOrders.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import {importRun} from "../exchange/importRun.ts";
import {isReport, reportImport} from "../exchange/reportImport.ts";
import type {ImportOrder, Opened} from "./importer.ts";

/** A process that imports, for importer.ts. */

answerOrders<ImportOrder, Opened>(async ({folder, file, created, ...options}) => {
  const path = file === undefined ? folder : join(folder, file);
  if (!existsSync(path)) throw new Refusal(`missing file: ${file}; it was not sent`, {kind: "unknown"});
  if (file !== undefined && (await isReport(path))) return told(path);
  return importRun(path, {...options, now: () => new Date(created)});
});

async function told(path: string): Promise<Opened> {
  const {
    summary: {title, status, sentences},
    command
  } = await reportImport(path);
  return {format: "report", runs: [], skipped: [], warnings: [], report: {title, status, sentences, command}};
}
