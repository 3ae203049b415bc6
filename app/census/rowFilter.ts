import type {CensusRowsQuery} from "../../api/contract/contract.ts";

/** Which rows of a census are shown; empty texts show all. */
export interface RowFilter {
  readonly label: string;
  readonly class: string;
  readonly text: string;
  /** A prompt's number. */
  readonly prompt: string;
  readonly order: CensusRowsQuery["order"];
  readonly descending: boolean;
}

export const anyRow: RowFilter = {label: "", class: "", text: "", prompt: "", order: "prompt", descending: false};

/** The question that a filter asks, of the rows from one on. */
export const rowsQueryOf = ({label, class: kind, text, prompt, order, descending}: RowFilter, from: number): Partial<CensusRowsQuery> => ({
  ...(label && {label: label as CensusRowsQuery["label"]}), // one of those that there are to choose
  ...(kind && {class: kind as CensusRowsQuery["class"]}),
  ...(text && {text}),
  ...(/^\d+$/.test(prompt) && {prompt: Number(prompt)}),
  order,
  descending: descending ? "true" : "false",
  from
});
