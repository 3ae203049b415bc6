import {parquetReadObjects} from "hyparquet";
import {ByteWriter, parquetWriteRows} from "hyparquet-writer";
import {diskFault, isDiskFault, Refusal} from "../../capture/trace/refusal.ts";
import {bytesAt, replaceIn} from "../files/places.ts";
import {LABELLED_COLUMNS, type Column} from "./censusRow.ts";

/** Writes rows as one Parquet file, replaced whole: the same rows give the same bytes. */
export async function writeRowFile(
  path: string,
  columns: readonly Column[],
  rows: Iterable<Record<string, number | string | null>>
): Promise<void> {
  const writer = new ByteWriter();
  await parquetWriteRows({
    writer,
    columns: columns.map(({name, type}) => ({name, type, nullable: true})),
    rows,
    createdBy: "orrery"
  });
  await replaceIn(path, writer.getBytes()).catch((error: unknown) => {
    throw diskFault(error, path);
  });
}

/** Reads a file of rows, or some of its columns. Throws a Refusal that names the file where it is damaged, or holds what no census writes. */
export async function readRowFile(path: string, columns?: readonly string[]): Promise<Record<string, unknown>[]> {
  try {
    const bytes = await bytesAt(path);
    const file = new Uint8Array(bytes).buffer; // a view may begin in the middle of its buffer
    const rows = await parquetReadObjects({file, columns: columns && [...columns]});
    refuseOtherCells(rows, columns);
    return rows;
  } catch (cause) {
    if (isDiskFault(cause)) throw diskFault(cause, path);
    throw new Refusal(`invalid rows: ${path}: ${(cause as Error).message}; delete it, and the census makes it again`, {
      kind: "damaged",
      cause
    });
  }
}

const typeOf: ReadonlyMap<string, "string" | "number"> = new Map(
  LABELLED_COLUMNS.map(({name, type}) => [name, type === "STRING" ? "string" : "number"])
);

/** A file that another program wrote may have columns of the same names with anything in them. */
function refuseOtherCells(rows: readonly Record<string, unknown>[], columns: readonly string[] | undefined): void {
  for (const [i, row] of rows.entries())
    for (const name of columns ?? Object.keys(row)) {
      const expected = typeOf.get(name);
      const cell = row[name];
      if (expected !== undefined && cell !== null && typeof cell !== expected)
        throw new Error(`row ${i} has ${cell === undefined ? "no" : `a ${typeof cell} as`} ${name}; expected a ${expected}`);
    }
}
