import {ascending, descending} from "d3";
import type {PromptRow} from "../../api/contract/contract.ts";
import {tableCsv, type Cell} from "../plot/csv.ts";

/** Columns that a table of prompts can be ordered by. */
export const PROMPT_COLUMNS = [
  "index",
  "prompt",
  "verdict",
  "reached",
  "aa_noise",
  "aa_swap",
  "rate",
  "reached_step",
  "said",
  "answer_step",
  "basin_radius",
  "mode"
] as const;
export type PromptColumn = (typeof PROMPT_COLUMNS)[number];

interface PromptOrder {
  readonly by: PromptColumn;
  readonly down: boolean;
}

/** The order that an address names: a column, with a minus from the largest down; by index for what is none. */
export function promptOrderOf(text: string): PromptOrder {
  const by = PROMPT_COLUMNS.find((column) => column === text.replace(/^-/, "")) ?? "index";
  return {by, down: text.startsWith("-")};
}

export const promptOrderText = ({by, down}: PromptOrder): string => (by === "index" && !down ? "" : `${down ? "-" : ""}${by}`);

const VERDICTS: readonly string[] = ["independent", "dependent", "unfinished"]; // as a word of its own, since one is in the other

/** Rows that carry every sought word in prompt, answers, verdict or landscape, in order; what has no value comes last either way, equal ones by their index. */
export function arrangePrompts(rows: readonly PromptRow[], sought: string, {by, down}: PromptOrder): PromptRow[] {
  const words = sought.toLowerCase().split(/\s+/).filter(Boolean);
  const compare = down ? descending : ascending;
  return rows
    .filter((row) => {
      const text = [row.prompt, row.said ?? "", row.answer ?? "", modeName(row.mode)].join("\n").toLowerCase();
      return words.every((word) => (VERDICTS.includes(word) ? row.verdict === word : text.includes(word)));
    })
    .sort(
      (a, b) =>
        Number(a[by] === null) - Number(b[by] === null) || compare(a[by] as string | number, b[by] as string | number) || a.index - b.index
    );
}

export const modeName = (mode: string | null): string => (mode ?? "").replaceAll("_", " ");

type CsvColumn = keyof PromptRow | "rate_low" | "rate_high";

/** Columns of the table, in its order; a row's interval is two of them. */
const CSV_COLUMNS: readonly CsvColumn[] = [
  "index",
  "prompt",
  "verdict",
  "tokens",
  "reached",
  "phases",
  "period",
  "aa_noise",
  "aa_swap",
  "final_cosine",
  "rate",
  "rate_low",
  "rate_high",
  "reached_step",
  "said",
  "said_share",
  "answer_step",
  "basin_radius",
  "basin_radius_is_bound",
  "answer",
  "mode",
  "correct"
];

/** The rows as a table of numbers; what is not known is empty. */
export const promptRowsCsv = (rows: readonly PromptRow[]): string =>
  tableCsv(
    CSV_COLUMNS,
    rows.map(({rate_ci, ...row}) => {
      const cells: Readonly<Record<string, Cell>> = {...row, rate_low: rate_ci?.[0], rate_high: rate_ci?.[1]};
      return CSV_COLUMNS.map((column) => cells[column]);
    })
  );
