import {mkdir, rename, rm} from "node:fs/promises";
import {dirname, join} from "node:path";
import {asyncBufferFromFile, parquetReadObjects} from "hyparquet";
import {fileWriter, parquetWriteRows} from "hyparquet-writer";
import {passingName} from "../../capture/trace/processIdentity.ts";
import {diskFault, Refusal} from "../../capture/trace/refusal.ts";
import type {Column} from "./censusRow.ts";

/** Writes rows as one Parquet file, replaced in one rename: the same rows give the same bytes. */
export async function writeRowFile(
  path: string,
  columns: readonly Column[],
  rows: Iterable<Record<string, number | string | null>>
): Promise<void> {
  const temporary = join(dirname(path), passingName());
  try {
    await mkdir(dirname(path), {recursive: true});
    await parquetWriteRows({
      writer: fileWriter(temporary),
      columns: columns.map(({name, type}) => ({name, type, nullable: true})),
      rows,
      createdBy: "orrery"
    });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, {force: true});
    throw diskFault(error, path);
  }
}

/** Reads a file of rows, or some of its columns. Throws a Refusal that names the file where it is damaged. */
export async function readRowFile(path: string, columns?: readonly string[]): Promise<Record<string, unknown>[]> {
  try {
    return await parquetReadObjects({file: await asyncBufferFromFile(path), columns: columns && [...columns]});
  } catch (cause) {
    throw new Refusal(`invalid rows: ${path}: ${(cause as Error).message}; delete it, and the census makes it again`, {
      kind: "damaged",
      cause
    });
  }
}
