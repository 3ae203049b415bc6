import {Readable} from "node:stream";
import {csvCell} from "./csvCell.ts";
import {runTable, type RunTableOptions} from "./runTable.ts";
import type {Streamer} from "./runStream.ts";
import type {Telling} from "./telling.ts";
import {floatText, longFields} from "./tableFields.ts";

const ROWS_AT_ONCE = 1000;

/** The long table as CSV (RFC 4180, UTF-8, a header line); empty where a number is not defined; no text is a formula. */
export const csvStream: Streamer<RunTableOptions & Telling> = async (reader, options) => {
  const table = await runTable(reader, options);
  const fields = longFields(reader.trace, table);
  function* lines(): Generator<string> {
    yield `${fields.map(({name}) => name).join(",")}\r\n`;
    for (let row = 0; row < table.rows; row += ROWS_AT_ONCE) {
      const some: string[] = [];
      for (let i = row; i < Math.min(table.rows, row + ROWS_AT_ONCE); ++i)
        some.push(`${fields.map((field) => cellOf(field.value(i))).join(",")}\r\n`);
      yield some.join("");
    }
  }
  return {pieces: Readable.from(lines(), {objectMode: false})};
};

function cellOf(value: number | string | null): string {
  if (value === null) return "";
  if (typeof value === "number") return floatText(value);
  return csvCell(value);
}
