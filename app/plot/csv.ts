import {beyondColumn, type Trained} from "../../api/contract/choices.ts";
import {valueAt, type Field} from "./field.ts";
import {saveBlob} from "../source/saveBlob.ts";

/** What may stand in a table; undefined numbers and null leave the cell empty. */
export type Cell = string | number | boolean | null | undefined;

/** A table as CSV (RFC 4180, a line feed after each line). */
export const tableCsv = (header: readonly string[], lines: readonly (readonly Cell[])[]): string =>
  [header, ...lines].map((line) => `${line.map(cellOf).join(",")}\n`).join("");

function cellOf(value: Cell): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "";
  return typeof value === "string" ? quoted(value) : String(value);
}

interface CsvOptions {
  /** The tokens that have lines; defaults to all. */
  readonly tokens?: readonly number[];
  /** Steps that the model was trained with: where they are known a column says which steps lie beyond. */
  readonly trained?: Trained;
}

/** Fields of one run as a table: a line per state, with the token's text; what is not defined is empty. */
export function csvOf(
  fields: Readonly<Record<string, Field>>,
  names: readonly string[],
  {tokens = [...names.keys()], trained}: CsvOptions = {}
): string {
  const columns = Object.entries(fields);
  const beyond = beyondColumn(trained);
  const lines: Cell[][] = [];
  const {steps, inits} = columns[0][1];
  for (let step = 0; step < steps; ++step) {
    for (let init = 0; init < inits; ++init) {
      for (const token of tokens)
        lines.push([
          step,
          init,
          token,
          names[token],
          ...beyond.cells(step),
          ...columns.map(([, field]) => (step < field.steps ? valueAt(field, step, init, token) : NaN))
        ]);
    }
  }
  return tableCsv(["step", "init", "token", "text", ...beyond.names, ...columns.map(([name]) => name)], lines);
}

/** A CSV cell; a text that a spreadsheet would take for a formula gets a ' in front, and so does one that begins with '. Exports do the same (csvCell). */
export function quoted(text: string): string {
  const safe = /^[=+\-@＝＋－＠\t\r']/.test(text) ? `'${text}` : text;
  return /[",\n\r']|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const saveCsv = (name: string, text: string): void => saveBlob(`${name}.csv`, new Blob([text], {type: "text/csv"}));
