import {beyondColumn, trainedColumn} from "../../capture/trace/trainedSteps.ts";
import type {Trace} from "../../capture/trace/schema.ts";
import {placeOf, type RunTable} from "./runTable.ts";

/** A field of a table as a file sees it; null where it is not defined. */
export interface Field {
  readonly name: string;
  readonly type: "INT32" | "FLOAT" | "STRING";
  value(row: number): number | string | null;
}

/** The fields of the long form: step, init, token, token_id, text, beyond_trained (where the trained steps are known), then every column of the table. */
export const longFields = (trace: Trace, table: RunTable): readonly Field[] => [
  {name: "step", type: "INT32", value: (row) => placeOf(table, row).step},
  ...placeFields(trace, table),
  ...beyondFields(trace, table),
  ...table.columns.map(({name, whole, values}): Field => ({name, type: whole ? "INT32" : "FLOAT", value: (row) => definedOr(values[row])}))
];

function beyondFields({trained_steps}: Trace, table: RunTable): Field[] {
  const {names, cells} = beyondColumn(trained_steps);
  return names.map((name) => ({name, type: "INT32", value: (row) => cells(placeOf(table, row).step)[0]}));
}

const placeFields = (trace: Trace, table: RunTable): readonly Field[] => [
  {name: "init", type: "INT32", value: (row) => placeOf(table, row).init},
  {name: "token", type: "INT32", value: (row) => placeOf(table, row).token},
  {name: "token_id", type: "INT32", value: (row) => trace.tokens[placeOf(table, row).token].id},
  {name: "text", type: "STRING", value: (row) => trace.tokens[placeOf(table, row).token].text}
];

/** The fields of the wide form, one row for each init and token: init, token, token_id, text, trained_steps (where known), then `NAME_STEP` for every column and step. */
export function wideFields(trace: Trace, table: RunTable): readonly Field[] {
  const {firstStep, steps, inits, tokens, columns} = table;
  const paths = inits.length * tokens.length;
  const stepped = columns.flatMap(({name, whole, values}) =>
    Array.from(
      {length: steps},
      (_, i): Field => ({
        name: `${name}_${firstStep + i}`,
        type: whole ? "INT32" : "FLOAT",
        value: (path) => definedOr(values[i * paths + path])
      })
    )
  );
  const {names, cells} = trainedColumn(trace.trained_steps);
  const trained = names.map((name, i): Field => ({name, type: "INT32", value: () => cells[i]}));
  return [...placeFields(trace, table), ...trained, ...stepped];
}

const definedOr = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** A float32 number as the shortest text that reads back as itself. */
export function floatText(value: number): string {
  for (const digits of [6, 7, 8]) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(Number(value.toPrecision(9))); // nine always do
}
