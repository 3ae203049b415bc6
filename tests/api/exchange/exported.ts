import {join} from "node:path";
import {statesOf, type States} from "../../../analysis/states.ts";
import type {ExportFormat} from "../../../api/contract/exportFormats.ts";
import {exportRun} from "../../../api/exchange/exportRun.ts";
import type {TraceReader} from "../../../capture/trace/reader.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";
import {exampleTrace} from "./exampleTrace.ts";

/** The example trace, and what it was exported to. */
export async function exported(
  format: ExportFormat,
  options: Parameters<typeof exampleTrace>[1] = {}
): Promise<{reader: TraceReader; out: string}> {
  const dir = await temporaryFolder();
  const reader = await exampleTrace(join(dir, "run"), options);
  const out = join(dir, "out", "exported");
  await exportRun(reader, {format, out});
  return {reader, out};
}

export async function statesOfRun(reader: TraceReader): Promise<States> {
  const slice = await reader.readSite("state");
  return statesOf(slice, slice.data);
}
