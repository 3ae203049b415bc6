import type {Model} from "../model/family.ts";
import {notOffered} from "../model/notOffered.ts";
import {INPUT, siteNamed, type Site} from "../model/site.ts";
import type {Edit} from "./editSchema.ts";
import {Refusal} from "../trace/refusal.ts";

/** The run that edits are to change. */
export interface RunExtent {
  readonly tokens: number;
  readonly steps: number;
  readonly inits: number;
}

/** Throws unless every edit lies within the run: its site, steps, tokens, inits and vector lengths. */
export function checkEdits(edits: readonly Edit[], model: Model, run: RunExtent): void {
  for (const [i, edit] of edits.entries()) {
    const refuse = (what: string, value: number | string, expected: string): never => {
      throw new Refusal(`invalid edit ${i}: ${what} ${value}; expected ${expected}`);
    };
    const within = (what: string, values: readonly number[], last: number, first = 0) => {
      for (const value of values) if (!(value >= first && value <= last)) refuse(what, value, `${first} to ${last}`);
    };
    const lacking = edit.op === "swap_input" || edit.op === "noise" ? notOffered(model)[edit.op] : undefined;
    if (lacking !== undefined) refuse("op", edit.op, `another one: ${lacking}`);
    if ("tokens" in edit && edit.tokens) within("token", edit.tokens, run.tokens - 1);
    if ("from" in edit) within("step", [edit.from], run.steps);
    if (edit.op === "swap_input" && (edit.prompt === undefined) === (edit.token_ids === undefined))
      refuse("input", "given twice or not at all", "exactly one of prompt and token_ids");
    if (edit.op === "swap_input" && edit.token_ids && edit.token_ids.length !== run.tokens)
      refuse("input of", `${edit.token_ids.length} tokens`, `${run.tokens}, as many as the run has`);
    if (!("site" in edit)) continue;
    const site = siteNamed(model, edit.site);
    const [first, last] = stepsOf(site, run);
    if (edit.step !== undefined && edit.steps) refuse("steps", "given twice", "step or steps");
    within("step", edit.step === undefined ? (edit.steps ?? []) : [edit.step], last, first);
    if (edit.steps && edit.steps[0] > edit.steps[1]) refuse("steps", edit.steps.join(" to "), "the first one first");
    if (edit.inits && site.phase === "before" && site.name !== INPUT)
      refuse("inits", edit.inits.join(), `none: ${edit.site} is the same for all`);
    if (edit.inits) within("init", edit.inits, run.inits - 1);
    if ("vector" in edit && Array.isArray(edit.vector) && edit.vector.length !== site.width)
      refuse("vector of", `${edit.vector.length} numbers`, `${site.width}, the width of ${edit.site}`);
  }
}

/** The first and the last step at which a site has a value that can be changed. */
function stepsOf({name, phase, firstStep}: Site, {steps}: RunExtent): readonly [number, number] {
  if (name === INPUT) return [1, steps];
  return phase === "before" ? [0, 0] : [firstStep, steps];
}
