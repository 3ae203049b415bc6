import type {Pattern} from "../../analysis/patterns/labels.ts";
import {EXIT_RULES} from "../../analysis/exit/exitRules.ts";

/** What a census knows of one trajectory before all are known: one row. A number that is not there is null; steps are the run's. */
export interface CensusRow {
  /** Of the prompts, from 0. */
  readonly prompt: number;
  readonly init: number;
  /** Position in the prompt, from 0. */
  readonly token: number;
  /** Tokens of the prompt. */
  readonly tokens: number;
  readonly token_id: number;
  readonly text: string;
  /** What the text is made of; see tokenClass. */
  readonly class: string;
  /** What it would be called if its p is small enough among those of the census. */
  readonly claim: Pattern;
  readonly p: number;
  readonly rate: number | null;
  readonly rate_low: number | null;
  readonly rate_high: number | null;
  readonly spiral_period: number | null;
  readonly period: number | null;
  readonly period_low: number | null;
  readonly period_high: number | null;
  /** Radius of an orbit over the norm of the states. */
  readonly amplitude: number | null;
  /** How far an orbit's states lie off its closed curve, over its radius. */
  readonly off_curve: number | null;
  /** Radians a step. */
  readonly drift_speed: number | null;
  readonly settled_step: number | null;
  readonly still_from: number | null;
  readonly bad_from: number | null;
  /** Over the norm of the states. */
  readonly noise_floor: number | null;
  /** Mean cosine of the last state to those of the other inits. */
  readonly inits_cosine: number | null;
  /** The class that Blayney et al.'s classifier gives. */
  readonly published: string;
  /** Of the last step's readout, nats. */
  readonly entropy: number | null;
  readonly top_id: number | null;
  readonly top_text: string | null;
  /** By rule, the step at which it would have left; null where never, or where the run does not tell. */
  readonly exits: Readonly<Record<string, number | null>>;
}

/** A row once all are known. */
export interface LabelledRow extends CensusRow {
  readonly label: Pattern;
  /** Benjamini–Hochberg over all rows of the census. */
  readonly q: number;
}

/** A column of the rows' files. */
export interface Column {
  readonly name: string;
  readonly type: "INT32" | "FLOAT" | "DOUBLE" | "STRING";
}

const whole = (name: string): Column => ({name, type: "INT32"});
const text = (name: string): Column => ({name, type: "STRING"});
const number = (name: string): Column => ({name, type: "FLOAT"});
const exact = (name: string): Column => ({name, type: "DOUBLE"});

/** A rule's column, such as `exit_latent_diff`. */
const exitColumn = (rule: string): string => `exit_${rule.replaceAll("-", "_")}`;

/** Columns of a shard's file, in their order: its names are those of the rows but for the exits, a column for each rule. */
export const ROW_COLUMNS: readonly Column[] = [
  ...["prompt", "init", "token", "tokens", "token_id"].map(whole),
  ...["text", "class", "claim"].map(text),
  exact("p"),
  ...["rate", "rate_low", "rate_high", "spiral_period", "period", "period_low", "period_high", "amplitude", "off_curve", "drift_speed"].map(
    number
  ),
  ...["settled_step", "still_from", "bad_from"].map(whole),
  ...["noise_floor", "inits_cosine"].map(number),
  text("published"),
  number("entropy"),
  whole("top_id"),
  text("top_text"),
  ...EXIT_RULES.map(({name}) => whole(exitColumn(name)))
];

/** Columns of the census's own files: the label and its q stand beside the claim. */
export const LABELLED_COLUMNS: readonly Column[] = [...ROW_COLUMNS.slice(0, 7), text("label"), exact("q"), ...ROW_COLUMNS.slice(7)];

/** A row as a file has it. */
export const cellsOf = ({exits, ...row}: CensusRow | LabelledRow): Record<string, number | string | null> => ({
  ...row,
  ...Object.fromEntries(EXIT_RULES.map(({name}) => [exitColumn(name), exits[name] ?? null]))
});

/** The row behind a file's cells; a column that a file of before does not have is null. */
export function rowOfCells(cells: Record<string, unknown>): CensusRow {
  const exits = Object.fromEntries(EXIT_RULES.map(({name}) => [name, (cells[exitColumn(name)] ?? null) as number | null]));
  const names = ROW_COLUMNS.map(({name}) => name).filter((name) => !name.startsWith("exit_"));
  const own = Object.fromEntries(names.map((name) => [name, cells[name] ?? null]));
  return {...own, exits} as unknown as CensusRow;
}
