import {stat, readdir} from "node:fs/promises";
import {join} from "node:path";
import type {TraceReader} from "../../capture/trace/reader.ts";
import {exportAtlas} from "./atlasExport.ts";
import {csvStream} from "./csvExport.ts";
import {exportFormatNames, type ExportFormat} from "../contract/exportFormats.ts";
import {intoPlace} from "../files/intoPlace.ts";
import {exportParquet, exportWideParquet} from "./parquetExport.ts";
import {exportProjector, PROJECTOR_CONFIG} from "./projectorExport.ts";
import type {RunTableOptions} from "./runTable.ts";
import type {Telling} from "./telling.ts";
import {intoFile, type RunStream} from "./runStream.ts";
import {isWholeRun, refuseChoice, WHOLE_RUN, wholeRunStream} from "./wholeRun.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

type Exporter = (reader: TraceReader, path: string, options: RunTableOptions & Telling) => Promise<void>;

const exporters = {
  npz: intoFile(WHOLE_RUN.npz),
  safetensors: intoFile(WHOLE_RUN.safetensors),
  parquet: exportParquet,
  "parquet-wide": exportWideParquet,
  csv: intoFile(csvStream),
  projector: exportProjector,
  atlas: exportAtlas
} as const satisfies Record<ExportFormat, Exporter>;

export interface ExportOptions extends RunTableOptions, Telling {
  readonly format: ExportFormat;
  /** The file to make, or the folder for the Projector. */
  readonly out: string;
  /** Replace a file, or an earlier Projector folder; defaults to false. */
  readonly overwrite?: boolean;
}

/**
 * Exports a run, whole or partial (up to the steps written), and says what was made and of how many bytes. Nothing
 * half-made is left under the name. Throws where the name is taken, and a Refusal for sites, inits and tokens that are not there.
 */
export async function exportRun(
  reader: TraceReader,
  {format, out, overwrite, progress, ...options}: ExportOptions
): Promise<{readonly out: string; readonly format: ExportFormat; readonly bytes: number}> {
  if (!(format in exporters)) throw new Refusal(`unknown format: ${format}; one of ${exportFormatNames.join(", ")}`);
  if (isWholeRun(format)) refuseChoice(format, options);
  const make: Exporter = exporters[format];
  await intoPlace(out, (temporary) => make(reader, temporary, {...options, progress}), {
    overwrite,
    marker: format === "projector" ? PROJECTOR_CONFIG : undefined
  });
  return {out, format, bytes: await bytesOf(out)};
}

/** A run as bytes for a pipe. Throws a Refusal for formats that need a file. */
export async function streamRun(reader: TraceReader, {format, ...options}: Omit<ExportOptions, "out" | "overwrite">): Promise<RunStream> {
  if (isWholeRun(format)) return wholeRunStream(reader, format, {...options});
  if (format === "csv") return csvStream(reader, options);
  throw new Refusal(`invalid output for ${format}: a pipe; expected a file, or one of ${[...Object.keys(WHOLE_RUN), "csv"].join(", ")}`);
}

async function bytesOf(path: string): Promise<number> {
  const status = await stat(path);
  if (status.isFile()) return status.size;
  const sizes = await Promise.all((await readdir(path)).map((name) => bytesOf(join(path, name))));
  return sizes.reduce((sum, size) => sum + size, 0);
}
