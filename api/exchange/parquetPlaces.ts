import {TraceFormatError} from "../../capture/trace/safetensorsHeader.ts";
import type {ArrayFile} from "./namedArray.ts";
import type {Columns, ParquetTable} from "./parquetTable.ts";

const AXES = ["step", "init", "token"] as const;
const BESIDE = ["token_id", "text"];

/** Where the rows of a table stand among its states. */
export interface Places {
  readonly shape: readonly [steps: number, inits: number, tokens: number];
  /** By row, the place of its state in the order [step][init][token]. */
  readonly placeOf: Uint32Array;
  /** Whether the rows are in that order. */
  readonly isInOrder: boolean;
  /** How the tokens read, where the table says it. */
  readonly tokens: ArrayFile["tokens"];
}

const MOST_ROWS = 2 ** 25; // four bytes each for every axis and for the place; 129 steps of 200,000 tokens are fewer
const MOST_VALUES = 2 ** 20; // of one axis
const ROWS_AT_ONCE = 2 ** 20;

/** The columns that places are read from. */
export const placeColumns = ({columns}: Pick<ParquetTable, "columns">): readonly string[] =>
  [...AXES, ...BESIDE].filter((name) => columns.includes(name));

/**
 * Each row's place, by the values of its axes in their order; an axis without a column has one place. Reads those columns alone. Throws a
 * TraceFormatError where the rows do not fill steps × inits × tokens, each once, or steps are missing between others.
 */
export async function placesOf(table: ParquetTable): Promise<Places> {
  const {rows} = table;
  if (rows > MOST_ROWS) throw new TraceFormatError(`invalid rows: ${rows}; expected at most ${MOST_ROWS}`);
  const axes = AXES.map((name) => axisOf(name, table));
  const texts: {id: number; text: string}[] = []; // by the token's index
  for (const group of table.groups) {
    for (let from = group.first; from < group.first + group.rows; from += ROWS_AT_ONCE) {
      const read = await table.read(group, placeColumns(table), {from, to: Math.min(from + ROWS_AT_ONCE, group.first + group.rows)});
      for (const axis of axes) axis.add(read, from);
      addTexts(texts, read, (row) => axes[2].indices?.[from + row] ?? 0);
    }
  }
  const [steps, inits, tokens] = axes.map((axis) => axis.size());
  if (rows === 0 || steps * inits * tokens !== rows)
    throw new TraceFormatError(`invalid rows: ${rows}; ${steps} steps, ${inits} inits and ${tokens} tokens make ${steps * inits * tokens}`);
  axes[0].refuseGaps();
  const ranks = axes.map((axis) => axis.ranks());
  const rankOf = (axis: number, row: number): number => ranks[axis][axes[axis].indices?.[row] ?? 0];
  const placeOf = new Uint32Array(rows);
  const seen = new Uint8Array(rows);
  let isInOrder = true;
  for (let row = 0; row < rows; ++row) {
    const place = (rankOf(0, row) * inits + rankOf(1, row)) * tokens + rankOf(2, row);
    if (seen[place]++) throw new TraceFormatError(`invalid row ${row}: its step, init and token are there twice`);
    placeOf[row] = place;
    isInOrder &&= place === row;
  }
  return {shape: [steps, inits, tokens], placeOf, isInOrder, tokens: inRanks(texts, ranks[2])};
}

/** One column of places: by row the index of its value, in the order in which the values came. */
function axisOf(name: string, {columns, rows}: ParquetTable) {
  const isThere = columns.includes(name);
  const indices = isThere ? new Uint32Array(rows) : undefined;
  const values = new Map<number, number>();
  return {
    indices,
    add(read: Columns, from: number): void {
      if (!indices) return;
      for (const [i, value] of numbersOf(read, name).entries()) {
        if (!Number.isSafeInteger(value)) throw new TraceFormatError(`invalid column ${name}: expected whole numbers`);
        const index = values.get(value) ?? values.size;
        if (index === values.size) {
          if (index === MOST_VALUES) throw new TraceFormatError(`invalid column ${name}: more than ${MOST_VALUES} different numbers`);
          values.set(value, index);
        }
        indices[from + i] = index;
      }
    },
    /** Steps that a table leaves out would make every rate, period and step that is told of it false. */
    refuseGaps(): void {
      const sorted = [...values.keys()].sort((a, b) => a - b);
      const after = sorted.findIndex((value, i) => i > 0 && value !== sorted[i - 1] + 1);
      if (after > 0)
        throw new TraceFormatError(`invalid column ${name}: ${sorted[after]} follows ${sorted[after - 1]}; expected every number between`);
    },
    size: (): number => (isThere ? values.size : 1),
    /** By index, where the value stands in their order. */
    ranks(): Uint32Array {
      const ranks = new Uint32Array(Math.max(1, values.size));
      for (const [rank, [, index]] of [...values].sort(([a], [b]) => a - b).entries()) ranks[index] = rank;
      return ranks;
    }
  };
}

function numbersOf(read: Columns, name: string): Float64Array {
  const column = read.get(name);
  if (!column || !("numbers" in column)) throw new TraceFormatError(`invalid column ${name}: expected numbers`);
  return column.numbers;
}

function addTexts(found: {id: number; text: string}[], read: Columns, indexOf: (row: number) => number): void {
  const [ids, texts] = [read.get("token_id"), read.get("text")];
  if (!ids || !("numbers" in ids) || !texts || !("texts" in texts)) return;
  for (const [row, id] of ids.numbers.entries()) found[indexOf(row)] ??= {id, text: texts.texts[row]};
}

/** Texts by rank; undefined where the table has none, or ids that are none. */
function inRanks(texts: readonly {readonly id: number; readonly text: string}[], ranks: Uint32Array): ArrayFile["tokens"] {
  const tokens: {readonly id: number; readonly text: string}[] = [];
  for (const [index, text] of texts.entries()) tokens[ranks[index]] = text;
  const isSound =
    tokens.length === ranks.length && Array.from(tokens).every((token) => token && Number.isSafeInteger(token.id) && token.id >= 0);
  return isSound ? tokens : undefined;
}
