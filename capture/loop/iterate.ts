import type {Batch, Engine} from "../engine/engine.ts";
import {ownPrefix, type Model} from "../model/family.ts";
import {checkSites, INPUT, LOGITS, noTaps, siteNamed, STATE_READ, type Site, type Taps} from "../model/site.ts";
import {partOf, withPart} from "../model/parts.ts";
import {Refusal} from "../trace/refusal.ts";

/** What one step gave. Arrays are the receiver's to keep, and not to write to. */
export interface Moment {
  /** 0 for the initial state. */
  readonly step: number;
  /** All parts of the state side by side [inits, tokens, carriedWidth], after any edit. */
  readonly carried: Float32Array;
  /** Its first part [inits, tokens, width], the whole of it in most models. */
  readonly state: Float32Array;
  /**
   * The sites that were asked for: at step 0 those from before the first step ([tokens, width]) and of the readout, later those of
   * the step and of the readout ([inits, tokens, width], logits [inits, tokens, vocab]).
   */
  readonly sites: ReadonlyMap<string, Float32Array>;
}

export interface IterateOptions {
  readonly ids: readonly number[];
  /** The initial states [inits, tokens, carriedWidth]. */
  readonly initial: Float32Array;
  readonly inits: number;
  readonly steps: number;
  /** Sites to record beside the state; defaults to none. */
  readonly sites?: readonly string[];
  /** Changes along the way (its `records` are not looked at); defaults to none. `input` is changed as each step is given it. */
  readonly edits?: Taps;
  /** Tokens at the start that see one another in both directions; defaults to all in a model that was trained so, else to none. */
  readonly prefix?: number;
  /** Stops between two steps with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Runs the recurrence, one moment per step from 0 to `steps`. Throws for an unknown site or a wrong size before computing anything. */
export async function* iterate(
  engine: Engine,
  {ids, initial, inits, steps, sites = [], edits = noTaps, prefix = ownPrefix(engine.model, ids.length), signal}: IterateOptions
): AsyncGenerator<Moment, void, undefined> {
  const {model} = engine;
  const batch = {inits, tokens: ids.length, prefix};
  checkSites(model, [...sites, ...edits.records, ...edits.changes]);
  if (initial.length !== inits * ids.length * model.carriedWidth)
    throw new Refusal(`invalid initial state: ${initial.length} numbers; expected ${inits} × ${ids.length} × ${model.carriedWidth}`);
  const edit = (site: string, step: number, value: Float32Array) =>
    edits.changes.includes(site) ? (edits.tap(site, step, value) ?? value) : value;
  const isOf = (phase: Site["phase"]) => (site: string) => siteNamed(model, site).phase === phase;

  let recorded = new Map<string, Float32Array>();
  const record = (site: string, value: Float32Array) => void recorded.set(site, value);
  const taps = recorder(sites, edits, record);
  signal?.throwIfAborted();
  const whileGiven = only(edits, (site) => site !== INPUT);
  const {input: once} = await engine.begin(ids, {taps: only(recorder(sites, whileGiven, record), isOf("before")), prefix});
  const input = tile(once, batch, model.inputWidth);
  const moment = async (step: number, made: Float32Array): Promise<Moment> => {
    const carried = editParts(model, made, (part, value) => edit(part, step, value));
    for (const {name} of model.parts) if (sites.includes(name)) record(name, partOf(model, carried, name));
    await readSites(engine, carried, {...batch, step}, taps);
    return {step, carried, state: partOf(model, carried), sites: recorded};
  };
  let now = await moment(0, initial);
  yield now;

  const inStep = isOf("step");
  const outside = [STATE_READ, ...model.parts.map(({name}) => name)];
  const stepTaps = only(taps, (site) => inStep(site) && !outside.includes(site));
  for (let step = 1; step <= steps; ++step) {
    signal?.throwIfAborted();
    recorded = new Map();
    const before = partOf(model, now.carried);
    const read = edit(STATE_READ, step, before);
    if (sites.includes(STATE_READ)) recorded.set(STATE_READ, read);
    const from = read === before ? now.carried : withPart(model, now.carried, {value: read});
    now = await moment(step, await engine.step(from, edit(INPUT, step, input), {...batch, step, taps: stepTaps}));
    yield now;
  }
}

function editParts(model: Model, carried: Float32Array, edit: (part: string, value: Float32Array) => Float32Array): Float32Array {
  let current = carried;
  for (const {name} of model.parts) {
    const value = partOf(model, current, name);
    const changed = edit(name, value);
    if (changed !== value) current = withPart(model, current, {name, value: changed});
  }
  return current;
}

/** The readout's sites of one state, if any of them is asked for. */
async function readSites(engine: Engine, state: Float32Array, options: Batch & {step: number; prefix?: number}, taps: Taps): Promise<void> {
  const {records, changes, tap} = only(taps, (site) => siteNamed(engine.model, site).phase === "read");
  for (const [lens, sites] of lensesFor(engine.model, records)) {
    const inside: Taps = {tap, records: sites.filter((site) => site !== LOGITS), changes: changes.filter((site) => site !== LOGITS)};
    const rows = await engine.decode(state, {...options, lens, taps: inside});
    if (sites.includes(LOGITS)) tap(LOGITS, options.step, await engine.head(rows));
  }
}

/** The lenses that pass all of these sites, and which of them each one is to give: as few lenses, and as short ones, as will do. */
function lensesFor({lenses, ...model}: Model, names: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const passing = (name: string) => siteNamed(model, name).lenses ?? [];
  const needed = new Set(names.filter((name) => passing(name).length === 1).map((name) => passing(name)[0]));
  const given = new Map<string, string[]>();
  for (const name of names) {
    const lens = passing(name).find((lens) => needed.has(lens)) ?? [...lenses].reverse().find((lens) => passing(name).includes(lens))!;
    given.set(lens, [...(given.get(lens) ?? []), name]);
  }
  return given;
}

/** Edits first, then the record of what they made of it. */
function recorder(sites: readonly string[], edits: Taps, record: (site: string, value: Float32Array) => void): Taps {
  return {
    records: sites,
    changes: edits.changes,
    tap: (site, step, value) => {
      const changed = edits.changes.includes(site) ? (edits.tap(site, step, value) ?? undefined) : undefined;
      if (sites.includes(site)) record(site, changed ?? value);
      return changed;
    }
  };
}

const only = (taps: Taps, keep: (site: string) => boolean): Taps => ({
  tap: taps.tap,
  records: taps.records.filter(keep),
  changes: taps.changes.filter(keep)
});

/** The input repeated for every init, once: a step then copies nothing. */
function tile(input: Float32Array, {inits, tokens}: Batch, width: number): Float32Array {
  if (inits === 1 || width === 0) return input;
  const tiled = new Float32Array(inits * tokens * width);
  for (let i = 0; i < inits; ++i) tiled.set(input, i * input.length);
  return tiled;
}
