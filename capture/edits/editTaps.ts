import type {Engine} from "../engine/engine.ts";
import {INPUT, siteNamed, STATE_READ, type Tap, type Taps} from "../model/site.ts";
import {checkEdits, type RunExtent} from "./checkEdits.ts";
import type {Edit, SiteEdit} from "./editSchema.ts";
import {testTimeNoise} from "./testTimeNoise.ts";

interface EditTapsOptions extends RunExtent {
  /** Token ids of a prompt, for edits that name one. */
  readonly encode: (prompt: string) => readonly number[];
}

/** A change at one site. */
interface Change {
  readonly site: string;
  readonly tap: Tap;
}

/**
 * Taps that make a run's edits, in the order of the list. They may hold what they have seen (a frozen token), so make
 * new ones for every run. Throws before anything is computed if an edit lies beyond the run.
 */
export async function editTaps(engine: Engine, edits: readonly Edit[], {encode, ...run}: EditTapsOptions): Promise<Taps> {
  const resolved = edits.map((edit) =>
    edit.op === "swap_input" && edit.prompt !== undefined && edit.token_ids === undefined
      ? {...edit, prompt: undefined, token_ids: [...encode(edit.prompt)]}
      : edit
  );
  checkEdits(resolved, engine.model, run);
  const changes: Change[] = [];
  for (const edit of resolved) changes.push(...(await changesOf(engine, edit, run)));
  return {
    records: [],
    changes: [...new Set(changes.map(({site}) => site))],
    tap: (site, step, value) => {
      let current: Float32Array | undefined;
      for (const change of changes) if (change.site === site) current = change.tap(site, step, current ?? value) ?? current;
      return current;
    }
  };
}

async function changesOf(engine: Engine, edit: Edit, run: RunExtent): Promise<readonly Change[]> {
  switch (edit.op) {
    case "swap_input": {
      const {input} = await engine.begin(edit.token_ids ?? []);
      return [{site: INPUT, tap: (_, step, value) => (step >= edit.from ? repeated(input, value.length) : undefined)}];
    }
    case "freeze":
      return engine.model.parts.map(({name, width}) => ({site: name, tap: freeze(edit.tokens, edit.from, width, run)}));
    case "noise":
      return [{site: STATE_READ, tap: await testTimeNoise(engine, edit, run)}];
    default:
      return [{site: edit.site, tap: siteChange(edit, siteNamed(engine.model, edit.site).width, run)}];
  }
}

/** The tap of an edit that changes each chosen vector by itself. */
function siteChange(edit: SiteEdit, width: number, {tokens, steps}: RunExtent): Tap {
  const [first, last] = edit.step === undefined ? (edit.steps ?? [0, steps]) : [edit.step, edit.step];
  const change = vectorChange(edit);
  return (_, step, value) => {
    if (step < first || step > last) return undefined;
    const changed = value.slice();
    for (let row = 0; row * width < value.length; ++row) {
      if (edit.tokens && !edit.tokens.includes(row % tokens)) continue;
      if (edit.inits && !edit.inits.includes(Math.floor(row / tokens))) continue;
      change(changed.subarray(row * width, (row + 1) * width));
    }
    return changed;
  };
}

function vectorChange(edit: SiteEdit): (vector: Float32Array) => void {
  if (edit.op === "scale") return (vector) => vector.forEach((x, i) => (vector[i] = x * edit.factor));
  const entry = typeof edit.vector === "number" ? () => edit.vector as number : (i: number) => (edit.vector as number[])[i];
  if (edit.op === "set") return (vector) => vector.forEach((_, i) => (vector[i] = entry(i)));
  return (vector) => vector.forEach((x, i) => (vector[i] = x + edit.scale * entry(i)));
}

function freeze(frozen: readonly number[], from: number, width: number, {tokens, inits}: RunExtent): Tap {
  let held: Float32Array | undefined;
  return (_, step, value) => {
    if (step === from) held = value;
    if (step <= from || !held) return undefined;
    const changed = value.slice();
    for (let init = 0; init < inits; ++init) {
      for (const token of frozen) {
        const start = (init * tokens + token) * width;
        changed.set(held.subarray(start, start + width), start);
      }
    }
    return changed;
  };
}

function repeated(input: Float32Array, length: number): Float32Array {
  const tiled = new Float32Array(length);
  for (let at = 0; at < length; at += input.length) tiled.set(input, at);
  return tiled;
}
