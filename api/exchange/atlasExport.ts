import type {TraceReader} from "../../capture/trace/reader.ts";
import {provenanceOf, writeParquet} from "./parquetExport.ts";
import {runTable, type RunTableOptions} from "./runTable.ts";
import {longFields, type Field} from "./tableFields.ts";

/**
 * Writes Parquet for Embedding Atlas (`embedding-atlas FILE --x x --y y --text text`): x and y are the first two principal
 * components, text is the token, and step, init, token and the measures are there to filter and colour by.
 */
export async function exportAtlas(reader: TraceReader, path: string, options: Omit<RunTableOptions, "components">): Promise<void> {
  const table = await runTable(reader, {...options, components: 2});
  const fields = longFields(reader.trace, table).map((field): Field => ({...field, name: atlasNames[field.name] ?? field.name}));
  await writeParquet(path, fields, table.rows, provenanceOf(reader, table));
}

const atlasNames: Readonly<Record<string, string>> = {pc1: "x", pc2: "y"};
