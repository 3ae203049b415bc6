import type {Batch, Engine} from "../engine/engine.ts";
import {checkSites, isCoreSite, isPreludeSite, isReadoutSite, noTaps, STATE_READ, type Taps} from "../families/huginn/sites.ts";
import {Refusal} from "../trace/refusal.ts";

/** What one step gave. Arrays are the receiver's to keep, and not to write to. */
export interface Moment {
  /** 0 for the initial state. */
  readonly step: number;
  /** [inits, tokens, width], after any edit. */
  readonly state: Float32Array;
  /**
   * The sites that were asked for: at step 0 those of the prelude ([tokens, width]) and of the readout, later those of
   * the core and of the readout ([inits, tokens, width], logits [inits, tokens, vocab]).
   */
  readonly sites: ReadonlyMap<string, Float32Array>;
}

export interface IterateOptions {
  readonly ids: readonly number[];
  /** The initial states [inits, tokens, width]. */
  readonly initial: Float32Array;
  readonly inits: number;
  readonly steps: number;
  /** Sites to record beside the state; defaults to none. */
  readonly sites?: readonly string[];
  /** Changes along the way (its `records` are not looked at); defaults to none. `input` is changed as each step is given it. */
  readonly edits?: Taps;
  /** Stops between two steps with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Runs the recurrence, one moment per step from 0 to `steps`. Throws for an unknown site or a wrong size before computing anything. */
export async function* iterate(
  engine: Engine,
  {ids, initial, inits, steps, sites = [], edits = noTaps, signal}: IterateOptions
): AsyncGenerator<Moment, void, undefined> {
  const {config} = engine;
  const batch: Batch = {inits, tokens: ids.length};
  checkSites(config, [...sites, ...edits.records, ...edits.changes]);
  if (initial.length !== inits * ids.length * config.width)
    throw new Refusal(`invalid initial state: ${initial.length} numbers; expected ${inits} × ${ids.length} × ${config.width}`);
  const edit = (site: string, step: number, value: Float32Array) =>
    edits.changes.includes(site) ? (edits.tap(site, step, value) ?? value) : value;

  let recorded = new Map<string, Float32Array>();
  const record = (site: string, value: Float32Array) => void recorded.set(site, value);
  const taps = recorder(sites, edits, record);
  signal?.throwIfAborted();
  const preludeTaps = only(
    recorder(
      sites,
      only(edits, (site) => site !== "input"),
      record
    ),
    (site) => isPreludeSite(config, site)
  );
  const input = tile(await engine.prelude(ids, {taps: preludeTaps}), batch, config.width);
  let state = edit("state", 0, initial);
  await readSites(engine, state, batch, 0, taps);
  yield {step: 0, state, sites: recorded};

  const coreTaps = only(taps, (site) => isCoreSite(site) && site !== STATE_READ);
  for (let step = 1; step <= steps; ++step) {
    signal?.throwIfAborted();
    recorded = new Map();
    const read = edit(STATE_READ, step, state);
    if (sites.includes(STATE_READ)) recorded.set(STATE_READ, read);
    state = edit("state", step, await engine.step(read, edit("input", step, input), {...batch, step, taps: coreTaps}));
    await readSites(engine, state, batch, step, taps);
    yield {step, state, sites: recorded};
  }
}

/** The readout's sites of one state, if any of them is asked for. */
async function readSites(engine: Engine, state: Float32Array, batch: Batch, step: number, taps: Taps): Promise<void> {
  const {records, changes, tap} = only(taps, (site) => isReadoutSite(engine.config, site));
  if (records.length === 0) return;
  const lens = [...records, ...changes].every((site) => site === "state_normed") ? "logit" : "coda"; // the final norm alone is the logit lens's first half
  const inside = only({records, changes, tap}, (site) => site !== "logits");
  const rows = await engine.decode(state, {...batch, step, lens, taps: inside});
  if (records.includes("logits")) tap("logits", step, await engine.head(rows));
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
  if (inits === 1) return input;
  const tiled = new Float32Array(inits * tokens * width);
  for (let i = 0; i < inits; ++i) tiled.set(input, i * input.length);
  return tiled;
}
