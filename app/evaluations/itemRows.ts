import {ascending, descending} from "d3";
import type {EvalRow, EvalSpec} from "../../api/contract/contract.ts";
import {tableCsv} from "../plot/csv.ts";
import {isDepth} from "./setting.ts";

/** Columns that the table of items can be ordered by. */
const ITEM_COLUMNS = ["index", "task", "prompt", "answer", "said", "first_correct", "last_correct", "label"] as const;
export type ItemColumn = (typeof ITEM_COLUMNS)[number];

/** An item's row with what it was answered at the deepest. */
export interface ItemRow extends EvalRow {
  readonly said: string;
  readonly isRight: boolean;
}

/** The order that an address names: a column, with a minus from the largest down; by index for what is none. */
export const itemOrderOf = (text: string): {readonly by: ItemColumn; readonly down: boolean} => ({
  by: ITEM_COLUMNS.find((column) => column === text.replace(/^-/, "")) ?? "index",
  down: text.startsWith("-")
});

export const itemRowsOf = ({settings}: EvalSpec, rows: readonly EvalRow[]): ItemRow[] => {
  const deepest = settings.findLastIndex(isDepth);
  return rows.map((row) => ({...row, said: row.outcomes[deepest].answer, isRight: row.outcomes[deepest].right}));
};

interface ItemQuestion {
  readonly sought: string;
  readonly order: string;
  /** Only those that had the answer and lost it. */
  readonly lost: boolean;
}

/** Rows that carry every sought word, in order; what has no value comes last either way, equal ones by their index. */
export function arrangeItems(rows: readonly ItemRow[], {sought, order, lost}: ItemQuestion): ItemRow[] {
  const words = sought.toLowerCase().split(/\s+/).filter(Boolean);
  const {by, down} = itemOrderOf(order);
  const compare = down ? descending : ascending;
  return rows
    .filter((row) => {
      const text = [row.id ?? "", row.task, row.prompt, row.answer, row.said, row.label ?? "", row.isRight ? "right" : "wrong"]
        .join("\n")
        .toLowerCase();
      return (!lost || row.lost) && words.every((word) => text.includes(word));
    })
    .sort(
      (a, b) =>
        Number(a[by] === null) - Number(b[by] === null) || compare(a[by] as string | number, b[by] as string | number) || a.index - b.index
    );
}

export const itemRowsCsv = (rows: readonly ItemRow[]): string =>
  tableCsv(
    ["index", "id", "task", "prompt", "answer", "said", "right", "first_correct", "last_correct", "lost", "label"],
    rows.map((row) => [
      row.index,
      row.id,
      row.task,
      row.prompt,
      row.answer,
      row.said,
      row.isRight,
      row.first_correct,
      row.last_correct,
      row.lost,
      row.label
    ])
  );
