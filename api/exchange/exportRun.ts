import {stat, readdir} from "node:fs/promises";
import {join} from "node:path";
import type {TraceReader} from "../../capture/trace/reader.ts";
import {exportAtlas} from "./atlasExport.ts";
import {exportCsv} from "./csvExport.ts";
import {exportFormatNames, type ExportFormat} from "../contract/exportFormats.ts";
import {intoPlace} from "../files/intoPlace.ts";
import {exportNpz} from "./npzExport.ts";
import {exportParquet, exportWideParquet} from "./parquetExport.ts";
import {exportProjector, PROJECTOR_CONFIG} from "./projectorExport.ts";
import type {RunTableOptions} from "./runTable.ts";
import type {Telling} from "./telling.ts";
import {exportSafetensors} from "./safetensorsExport.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

type Exporter = (reader: TraceReader, path: string, options: RunTableOptions & Telling) => Promise<void>;

const exporters = {
  npz: exportNpz,
  safetensors: exportSafetensors,
  parquet: exportParquet,
  "parquet-wide": exportWideParquet,
  csv: exportCsv,
  projector: exportProjector,
  atlas: exportAtlas
} as const satisfies Record<ExportFormat, Exporter>;

const wholeRun: readonly ExportFormat[] = ["npz", "safetensors"]; // they hold every tensor, so there is nothing to choose

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
  const chosen = Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name);
  if (wholeRun.includes(format) && chosen.length > 0)
    throw new Refusal(`invalid option for ${format}: ${chosen.join(", ")}; it holds the whole run`);
  const make: Exporter = exporters[format];
  await intoPlace(out, (temporary) => make(reader, temporary, {...options, progress}), {
    overwrite,
    marker: format === "projector" ? PROJECTOR_CONFIG : undefined
  });
  return {out, format, bytes: await bytesOf(out)};
}

async function bytesOf(path: string): Promise<number> {
  const status = await stat(path);
  if (status.isFile()) return status.size;
  const sizes = await Promise.all((await readdir(path)).map((name) => bytesOf(join(path, name))));
  return sizes.reduce((sum, size) => sum + size, 0);
}
