import {
  computeDtypes,
  devices,
  engineRefusal,
  experimentBounds,
  experimentLists,
  MAX_BODY_BYTES,
  MAX_TITLE_CHARACTERS,
  type ListBounds
} from "../../api/contract/choices.ts";
import type {ModelSummary} from "../../api/contract/contract.ts";
import {boundProblem} from "../parts/boundProblem.ts";
import {numbersOf, type ExperimentDraft} from "./experimentDraft.ts";
import {promptLinesOf} from "./promptText.ts";

const REST_BYTES = 2000; // of a request, beside its prompts

export type ExperimentProblems = Partial<Record<keyof ExperimentDraft, string>>;

/** The numbers of the form: the field, what the server calls it, and what the page does. */
const COUNTS = [
  ["steps", "steps", "Steps"],
  ["inits", "inits", "Initial states"],
  ["seed", "seed", "Seed"],
  ["noise", "noise", "Noise starts"],
  ["swaps", "swaps", "Swap starts"],
  ["scaleInits", "scale_inits", "Starts at each scale"],
  ["resamples", "resamples", "Bootstrap draws"],
  ["tolerance", "tolerance", "Tolerance"]
] as const satisfies readonly (readonly [keyof ExperimentDraft, keyof typeof experimentBounds, string])[];

/** What in a draft the server would refuse, by field: the value and what is allowed. */
export function experimentProblems(draft: ExperimentDraft, model?: Pick<ModelSummary, "not_offered">): ExperimentProblems {
  const problems: ExperimentProblems = {};
  const set = (field: keyof ExperimentDraft, problem: string | undefined): void => {
    if (problem) problems[field] = problem;
  };
  const prompts = promptsIn(draft.prompts);
  set("prompts", "problem" in prompts ? prompts.problem : undefined);
  set(
    "title",
    draft.title.trim().length > MAX_TITLE_CHARACTERS
      ? `Title: ${draft.title.trim().length} characters; expected at most ${MAX_TITLE_CHARACTERS}.`
      : undefined
  );
  for (const [field, bound, name] of COUNTS)
    set(field, boundProblem(draft[field], name, {...experimentBounds[bound], whole: field !== "tolerance"}));
  if (model?.not_offered.paths) set("model", `Path independence is not defined: ${model.not_offered.paths}.`);
  set("dtype", engineRefusal(draft.engine, {...draft, device: devices[0]}));
  set("device", engineRefusal(draft.engine, {...draft, dtype: computeDtypes[0]}));
  set("scales", listProblem(draft.scales, {name: "Scales", ...experimentLists.scales}));
  set("constants", listProblem(draft.constants, {name: "Constants", ...experimentLists.constants}));
  set(
    "keep",
    listProblem(draft.keep, {
      name: "Traces",
      ...experimentLists.keep,
      most: ("count" in prompts ? prompts.count : Infinity) - 1,
      whole: true
    })
  );
  return problems;
}

/** How many prompts a text holds, or what is wrong with it. */
export function promptsIn(text: string): {readonly count: number} | {readonly problem: string} {
  let prompts: ReturnType<typeof promptLinesOf>;
  try {
    prompts = promptLinesOf(text);
  } catch (error) {
    return {problem: `${(error as Error).message.replace(/^line/, "Line")}.`};
  }
  if (prompts.length === 0) return {problem: "Give at least one prompt, one a line."};
  const bytes = new TextEncoder().encode(JSON.stringify(prompts)).length;
  if (bytes > MAX_BODY_BYTES - REST_BYTES)
    return {
      problem: `${(bytes / 1e6).toFixed(1)} MB of prompts; expected at most ${MAX_BODY_BYTES / 1e6} MB here, more in a shell.`
    };
  return {count: prompts.length};
}

interface ListLimits extends Omit<ListBounds, "usual"> {
  readonly name: string;
  readonly whole?: boolean;
}

/** What is wrong with a list of numbers; undefined where nothing is. */
export function listProblem(text: string, {name, count, least, most, whole = false}: ListLimits): string | undefined {
  const values = numbersOf(text);
  if (values.length > count) return `${name}: ${values.length} numbers; expected at most ${count}.`;
  const wrong = values.findIndex((value) => !(value >= least && value <= most) || (whole && !Number.isInteger(value)));
  const range =
    most < least ? "no number without prompts" : Number.isFinite(most) ? `numbers from ${least} to ${most}` : `numbers from ${least}`;
  return wrong < 0
    ? undefined
    : `${name}: ${text.split(/[\s,]+/).filter(Boolean)[wrong]}; expected ${whole ? "whole " : ""}${range}, joined by commas.`;
}
