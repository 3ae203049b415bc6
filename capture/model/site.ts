import {Refusal} from "../trace/refusal.ts";

/** When a site has a value: in the pass over the tokens before the first step, in each step, or when a state is read. */
const sitePhases = ["before", "step", "read"] as const;
type SitePhase = (typeof sitePhases)[number];

/** A place in a model at which values may be recorded or replaced. */
export interface Site {
  readonly name: string;
  readonly phase: SitePhase;
  /** The first step at which it has a value: 0 where the initial state has one. */
  readonly firstStep: 0 | 1;
  /** Numbers per position. */
  readonly width: number;
  /** Whether each initial state has values of its own. */
  readonly perInit: boolean;
  /** The lenses that pass a `read` site. */
  readonly lenses?: readonly string[];
  /** Finer than most questions need: known, but not listed. */
  readonly fine?: boolean;
  /** The block whose inside a fine site is, `core.0` of `core.0.norm_1`. */
  readonly block?: string;
}

/** What every model's loop carries: its first part; step 0 is the initial state. */
export const STATE = "state";
/** What every step is given again, in a model that injects its input. */
export const INPUT = "input";
/** The state as a step reads it, where noise may be put on. */
export const STATE_READ = "core.state_in";
/** What the head makes of what a lens reads. */
export const LOGITS = "logits";

/**
 * Called with what a site holds at a step. Returning numbers replaces the value (where the site is among the
 * taps' `changes`), returning nothing leaves it be. The value is the tap's to keep, and not to write to.
 */
export type Tap = (site: string, step: number, value: Float32Array) => Float32Array | undefined | void;

/** A tap and the sites that it is called for: those in `changes` may be replaced, those in `records` are only seen. */
export interface Taps {
  readonly tap: Tap;
  readonly records: readonly string[];
  readonly changes: readonly string[];
}

export const noTaps: Taps = {tap: () => undefined, records: [], changes: []};

interface HasSites {
  readonly sites: readonly Site[];
}

/** The names of the sites that a model is listed with, in the order of the computation. */
export const siteNames = ({sites}: HasSites): string[] => sites.filter(({fine}) => !fine).map(({name}) => name);

/** The site of that name. Throws an Error for a name that is none; the message lists the sites that exist. */
export function siteNamed(model: HasSites, name: string): Site {
  const found = model.sites.find((site) => site.name === name);
  if (!found) throw new Refusal(`unknown site: ${name}; one of ${siteNames(model).join(", ")}${fineNames(model)}`);
  return found;
}

/** Throws an Error for the first name that is no site of the model. */
export function checkSites(model: HasSites, names: readonly string[]): void {
  for (const name of names) siteNamed(model, name);
}

/** The fine sites in words: those beside the blocks by name, those inside by the parts of a name. */
function fineNames({sites}: HasSites): string {
  const fine = sites.filter((site) => site.fine);
  const beside = fine.filter(({block}) => block === undefined).map(({name}) => name);
  const inside = fine.filter(({block}) => block !== undefined);
  const parts = new Set(inside.map(({name, block = ""}) => name.slice(block.length + 1)));
  return [
    beside.length > 0 ? `; ${beside.join(", ")}` : "",
    inside.length > 0 ? `; and inside a block, as in ${inside[0].name}: ${[...parts].join(", ")}` : ""
  ].join("");
}
