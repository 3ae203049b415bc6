import {fileWriter, parquetWriteRows} from "hyparquet-writer";
import type {TraceReader} from "../../capture/trace/reader.ts";
import {runTable, type RunTable, type RunTableOptions} from "./runTable.ts";
import {longFields, wideFields, type Field} from "./tableFields.ts";
import {TRACE_KEY} from "./traceArrays.ts";

const ROW_GROUP = 100_000; // rows held at once, where they have few columns
const GROUP_CELLS = 2 ** 21; // each takes some fifty bytes until its group is written

/** Writes the long table as Parquet: one row for each step, init and token. */
export async function exportParquet(reader: TraceReader, path: string, options: RunTableOptions): Promise<void> {
  const table = await runTable(reader, options);
  await writeParquet(path, longFields(reader.trace, table), table.rows, provenanceOf(reader, table));
}

/** Writes the wide table as Parquet: one row for each init and token, one column for each measure and step. */
export async function exportWideParquet(reader: TraceReader, path: string, options: RunTableOptions): Promise<void> {
  const table = await runTable(reader, options);
  await writeParquet(path, wideFields(reader.trace, table), table.inits.length * table.tokens.length, provenanceOf(reader, table));
}

/** What a Parquet file says about where it comes from: the run's description, the site, and what the components explain. */
export const provenanceOf = ({trace}: TraceReader, {site, pca}: RunTable): Readonly<Record<string, string>> => ({
  [TRACE_KEY]: JSON.stringify(trace),
  orrery_table: JSON.stringify({
    site,
    pca: pca ? {fitted_on_rows: pca.fittedOn, explained: pca.explained, axis_errors: pca.axisErrors} : null
  })
});

/** Rows of a group of a table with so many columns. */
export const groupRows = (columns: number): number => Math.max(1, Math.min(ROW_GROUP, Math.floor(GROUP_CELLS / columns)));

/** Writes rows in groups of at most 100,000 and of two million cells, snappy-compressed. */
export async function writeParquet(
  path: string,
  fields: readonly Field[],
  rows: number,
  metadata: Readonly<Record<string, string>>
): Promise<void> {
  await parquetWriteRows({
    writer: fileWriter(path),
    columns: fields.map(({name, type}) => ({name, type})),
    rows: (function* () {
      for (let row = 0; row < rows; ++row) yield Object.fromEntries(fields.map(({name, value}) => [name, value(row)]));
    })(),
    rowGroupSize: groupRows(fields.length),
    kvMetadata: Object.entries(metadata).map(([key, value]) => ({key, value})),
    createdBy: "orrery"
  });
}
