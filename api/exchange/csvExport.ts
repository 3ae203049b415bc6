import {createWriteStream} from "node:fs";
import {pipeline} from "node:stream/promises";
import type {TraceReader} from "../../capture/trace/reader.ts";
import {csvCell} from "./csvCell.ts";
import {runTable, type RunTableOptions} from "./runTable.ts";
import {floatText, longFields} from "./tableFields.ts";

const ROWS_AT_ONCE = 1000;

/** Writes the long table as CSV (RFC 4180, UTF-8, a header line); empty where a number is not defined; no text is a formula. */
export async function exportCsv(reader: TraceReader, path: string, options: RunTableOptions = {}): Promise<void> {
  const table = await runTable(reader, options);
  const fields = longFields(reader.trace, table);
  await pipeline(
    function* () {
      yield `${fields.map(({name}) => name).join(",")}\r\n`;
      for (let row = 0; row < table.rows; row += ROWS_AT_ONCE) {
        const lines: string[] = [];
        for (let i = row; i < Math.min(table.rows, row + ROWS_AT_ONCE); ++i)
          lines.push(`${fields.map((field) => cellOf(field.value(i))).join(",")}\r\n`);
        yield lines.join("");
      }
    },
    createWriteStream(path, {flags: "wx"})
  );
}

function cellOf(value: number | string | null): string {
  if (value === null) return "";
  if (typeof value === "number") return floatText(value);
  return csvCell(value);
}
