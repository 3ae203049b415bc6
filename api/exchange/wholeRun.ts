import type {TraceReader} from "../../capture/trace/reader.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import type {ExportFormat} from "../contract/exportFormats.ts";
import {npzStream} from "./npzExport.ts";
import type {RunStream, Streamer} from "./runStream.ts";
import {safetensorsStream} from "./safetensorsExport.ts";
import type {Telling} from "./telling.ts";

/** The formats that hold every tensor, so that there is nothing to choose. */
export const WHOLE_RUN = {npz: npzStream, safetensors: safetensorsStream} as const satisfies Partial<
  Record<ExportFormat, Streamer<Telling>>
>;

export const isWholeRun = (format: ExportFormat): format is keyof typeof WHOLE_RUN => format in WHOLE_RUN;

/** A run with all its tensors. Throws a Refusal for a run that has written nothing, and where some part of it is chosen. */
export async function wholeRunStream(
  reader: TraceReader,
  format: keyof typeof WHOLE_RUN,
  {progress, ...choice}: Telling & Readonly<Record<string, unknown>> = {}
): Promise<RunStream> {
  refuseChoice(format, choice);
  return WHOLE_RUN[format](reader, {progress});
}

export function refuseChoice(format: keyof typeof WHOLE_RUN, choice: Readonly<Record<string, unknown>>): void {
  const chosen = Object.keys(choice).filter((name) => choice[name] !== undefined);
  if (chosen.length > 0) throw new Refusal(`invalid option for ${format}: ${chosen.join(", ")}; it holds the whole run`);
}
