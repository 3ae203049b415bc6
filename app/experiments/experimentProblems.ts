import {numbersOf, type ExperimentDraft} from "./experimentDraft.ts";
import {promptLinesOf} from "./promptText.ts";

export type ExperimentProblems = Partial<Record<keyof ExperimentDraft, string>>;

const MAX_REQUEST_BYTES = 2_000_000; // the server's own limit, said before it has to
const MAX_KEPT = 1000;
const MAX_LIST = 32;

/** Ends of what the server takes, by field, and what the field is called. */
const COUNTS = [
  ["steps", "Steps", 1, 4096],
  ["inits", "Initial states", 2, 256],
  ["seed", "Seed", 0, 2 ** 31 - 1],
  ["noise", "Noise starts", 0, 256],
  ["swaps", "Swap starts", 0, 64],
  ["scaleInits", "Starts at each scale", 1, 256],
  ["resamples", "Bootstrap draws", 100, 10_000]
] as const satisfies readonly (readonly [keyof ExperimentDraft, string, number, number])[];

/** What in a draft the server would refuse, by field: the value and what is allowed. */
export function experimentProblems(draft: ExperimentDraft): ExperimentProblems {
  const problems: ExperimentProblems = {};
  const set = (field: keyof ExperimentDraft, problem: string | undefined): void => {
    if (problem) problems[field] = problem;
  };
  const prompts = promptsIn(draft.prompts);
  set("prompts", "problem" in prompts ? prompts.problem : undefined);
  set("title", draft.title.trim().length > 200 ? `Title: ${draft.title.trim().length} characters; expected at most 200.` : undefined);
  for (const [field, name, low, high] of COUNTS) {
    const value = draft[field];
    set(
      field,
      Number.isInteger(value) && value >= low && value <= high ? undefined : `${name}: ${shown(value)}; expected ${low} to ${high}.`
    );
  }
  set(
    "tolerance",
    draft.tolerance > 0 && draft.tolerance <= 1 ? undefined : `Tolerance: ${shown(draft.tolerance)}; expected more than 0, at most 1.`
  );
  set("scales", listProblem(draft.scales, {name: "Scales", most: MAX_LIST, low: 0, high: 1000}));
  set("constants", listProblem(draft.constants, {name: "Constants", most: MAX_LIST, low: -1000, high: 1000}));
  set(
    "keep",
    listProblem(draft.keep, {
      name: "Traces",
      most: MAX_KEPT,
      low: 0,
      high: ("count" in prompts ? prompts.count : Infinity) - 1,
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
  if (bytes > MAX_REQUEST_BYTES - 2000)
    return {problem: `${(bytes / 1e6).toFixed(1)} MB of prompts; expected at most 2 MB here, more with orrery paths.`};
  return {count: prompts.length};
}

interface ListLimits {
  readonly name: string;
  readonly most: number;
  readonly low: number;
  readonly high: number;
  readonly whole?: boolean;
}

function listProblem(text: string, {name, most, low, high, whole = false}: ListLimits): string | undefined {
  const values = numbersOf(text);
  if (values.length > most) return `${name}: ${values.length} numbers; expected at most ${most}.`;
  const wrong = values.findIndex((value) => !(value >= low && value <= high) || (whole && !Number.isInteger(value)));
  const range = high < low ? "no number without prompts" : Number.isFinite(high) ? `numbers from ${low} to ${high}` : `numbers from ${low}`;
  return wrong < 0
    ? undefined
    : `${name}: ${text.split(/[\s,]+/).filter(Boolean)[wrong]}; expected ${whole ? "whole " : ""}${range}, joined by commas.`;
}

const shown = (value: number): string => (Number.isNaN(value) ? "nothing" : String(value));
