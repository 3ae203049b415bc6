import {
  computeDtypes,
  devices,
  engineKinds,
  evalBounds,
  MAX_DEPTHS,
  MAX_RULES,
  MAX_TITLE_CHARACTERS,
  USUAL_DEPTHS,
  type ComputeDtype,
  type Device,
  type EngineKind
} from "../../api/contract/choices.ts";
import {create} from "zustand";
import {numbersOf} from "../experiments/experimentDraft.ts";
import {listProblem} from "../experiments/experimentProblems.ts";
import {boundProblem} from "../parts/boundProblem.ts";
import type {EvaluationOrder} from "../source/Source.ts";

/** A task file that was sent to the server. */
interface SentTask {
  readonly upload: string;
  readonly file: string;
  /** What it is called on the user's own machine. */
  readonly name: string;
}

/** What the evaluation's form holds, as it was typed; kept while the dialog is closed. */
export interface EvaluationDraft {
  readonly model: string;
  readonly title: string;
  /** A task that ships, where no file was sent; empty for the first of them. */
  readonly task: string;
  readonly sent: SentTask | undefined;
  /** NaN for all items. */
  readonly limit: number;
  readonly steps: string;
  /** Names, joined by commas. */
  readonly exits: string;
  readonly kv: string;
  /** NaN for as many as the right answer has. */
  readonly maxNew: number;
  readonly seed: number;
  readonly engine: EngineKind;
  readonly dtype: ComputeDtype;
  readonly device: Device;
}

/** The defaults of `orrery eval`. */
export const emptyEvaluation: EvaluationDraft = {
  model: "",
  title: "",
  task: "",
  sent: undefined,
  limit: NaN,
  steps: USUAL_DEPTHS.join(", "),
  exits: "",
  kv: "",
  maxNew: NaN,
  seed: evalBounds.seed.usual,
  engine: engineKinds[0],
  dtype: computeDtypes[0],
  device: devices[0]
};

export const useEvaluationDraft = create<EvaluationDraft>()(() => emptyEvaluation);

export const namesOf = (text: string): string[] =>
  text
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);

/** The list with a name put in at its end, or taken out. */
export const toggled = (text: string, name: string): string => {
  const names = namesOf(text);
  return (names.includes(name) ? names.filter((one) => one !== name) : [...names, name]).join(", ");
};

/** The order that a draft asks for. */
export function evaluationOrder({
  model,
  title,
  task,
  sent,
  limit,
  steps,
  exits,
  kv,
  maxNew,
  seed,
  engine,
  dtype,
  device
}: EvaluationDraft): EvaluationOrder {
  return {
    model,
    task: sent ? {upload: sent.upload, file: sent.file} : task,
    ...(title.trim() && {title: title.trim()}),
    ...(!Number.isNaN(limit) && {limit}),
    ...(!Number.isNaN(maxNew) && {max_new: maxNew}),
    steps: numbersOf(steps),
    exits: namesOf(exits),
    kv: namesOf(kv),
    seed,
    engine,
    dtype,
    device
  };
}

export type EvaluationProblems = Partial<Record<keyof EvaluationDraft, string>>;

/** What in a draft the server would refuse, by field: the value and what is allowed. Rules, strategies and items it tells itself. */
export function evaluationProblems({title, limit, steps, exits, kv, maxNew, seed}: EvaluationDraft): EvaluationProblems {
  const optional = (value: number, name: string, bounds: {readonly least: number; readonly most: number}) =>
    Number.isNaN(value) ? undefined : boundProblem(value, name, bounds);
  const many = (text: string, name: string) =>
    namesOf(text).length > MAX_RULES ? `${name}: ${namesOf(text).length}; expected at most ${MAX_RULES}.` : undefined;
  const all: EvaluationProblems = {
    title:
      title.trim().length > MAX_TITLE_CHARACTERS
        ? `Title: ${title.trim().length} characters; expected at most ${MAX_TITLE_CHARACTERS}.`
        : undefined,
    limit: optional(limit, "Items", evalBounds.limit),
    steps:
      numbersOf(steps).length === 0
        ? "Give at least one depth."
        : listProblem(steps, {name: "Depths", ...evalBounds.steps, count: MAX_DEPTHS, whole: true}),
    exits: many(exits, "Exit rules"),
    kv: many(kv, "Cache strategies"),
    maxNew: optional(maxNew, "New tokens", evalBounds.maxNew),
    seed: boundProblem(seed, "Seed", evalBounds.seed)
  };
  return Object.fromEntries(Object.entries(all).filter(([, problem]) => problem !== undefined));
}
