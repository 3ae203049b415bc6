import {counted} from "./counted.ts";

/**
 * Where the steps end that a model was trained with: beyond them it extrapolates, and every view, table and report says so in these words.
 * The page reads it, too: what is imported here imports nothing. `trained` is a trace's `trained_steps`: null or absent where nobody knows.
 */
export type Trained = number | null | undefined;

/** The last trained step, where the steps up to `last` go beyond it; else undefined. */
export const trainedEnd = (trained: Trained, last: number): number | undefined =>
  typeof trained === "number" && last > trained ? trained : undefined;

/** Whether a step lies beyond. */
export const isBeyond = (trained: Trained, step: number): boolean => trainedEnd(trained, step) !== undefined;

export const beyondWords = (trained: number): string => `beyond the ${counted(trained, "trained step")}`;

/** What is added to a step, or to a range of them that ends with it, where it goes beyond: a comma and the words; else nothing. */
export function beyondNote(trained: Trained, step: number, from = step): string {
  const end = trainedEnd(trained, step);
  if (end === undefined) return "";
  return from > end ? `, ${beyondWords(end)}` : `, from step ${end + 1} on ${beyondWords(end)}`;
}

/** Which steps up to `last` lie beyond, for what describes a picture: a semicolon and a sentence; nothing where none does. */
export function beyondSpan(trained: Trained, last: number): string {
  const end = trainedEnd(trained, last);
  if (end === undefined) return "";
  const steps = last === end + 1 ? `step ${last} lies` : `steps ${end + 1} to ${last} lie`;
  return `; ${steps} ${beyondWords(end)}`;
}

/** The column that a table of steps has where it is known how many were trained: 1 for a step beyond them, 0 for any other. */
export const BEYOND_COLUMN = "beyond_trained";

/** The column's name, and its cell for a step: one of each where the number is known, none where it is not. */
export const beyondColumn = (trained: Trained): {readonly names: readonly string[]; cells(step: number): readonly (0 | 1)[]} =>
  typeof trained === "number" ? {names: [BEYOND_COLUMN], cells: (step) => [isBeyond(trained, step) ? 1 : 0]} : {names: [], cells: () => []};

/** What a table has that names steps in its columns instead: the number itself in every row, where it is known. */
export const trainedColumn = (trained: Trained): {readonly names: readonly string[]; readonly cells: readonly number[]} =>
  typeof trained === "number" ? {names: ["trained_steps"], cells: [trained]} : {names: [], cells: []};
