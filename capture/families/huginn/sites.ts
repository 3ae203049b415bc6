import type {ModelConfig} from "./config.ts";
import {Refusal} from "../../trace/refusal.ts";

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

/** The sites of one pass over the tokens, before the first step. */
export const preludeSitesOf = ({preludeBlocks}: ModelConfig): string[] => [
  "embed",
  ...range(preludeBlocks, (i) => `prelude.${i}.out`),
  "input"
];

/** The sites of a core step, without the state itself. */
export const coreSitesOf = ({coreBlocks}: ModelConfig): string[] =>
  range(coreBlocks, (i) => [`core.${i}.attn_out`, `core.${i}.mlp_out`, `core.${i}.out`]).flat();

/** The sites of a readout. */
export const readoutSitesOf = ({codaBlocks}: ModelConfig): string[] => [
  "state_normed",
  ...range(codaBlocks, (i) => `coda.${i}.out`),
  "logits"
];

/** Every site that the interface promises, in the order of the computation. */
export const sitesOf = (config: ModelConfig): string[] => [
  ...preludeSitesOf(config),
  "state",
  ...coreSitesOf(config),
  ...readoutSitesOf(config)
];

/** What else can be tapped inside a block, after its name (`core.0.norm_1`): finer than most questions need. */
export const innerSites = [
  "norm_1",
  "qkv",
  "q",
  "k",
  "q_rope",
  "k_rope",
  "attn_ctx",
  "attn_out",
  "norm_2",
  "norm_3",
  "mlp_fc",
  "mlp_out"
] as const;

/** The state as a step reads it (the reference's noise is put on there), beside the promised sites. */
export const STATE_READ = "core.state_in";
/** The adapter's output, which the first core block reads; beside the promised sites. */
export const CORE_INPUT = "core.in";

/** Whether a site is made by the pass before the first step. */
export const isPreludeSite = (config: ModelConfig, site: string): boolean =>
  preludeSitesOf(config).includes(site) || site.startsWith("prelude.");
/** Whether a site is made by a core step, from step 1 on. */
export const isCoreSite = (site: string): boolean => site.startsWith("core.");
/** Whether a site is made by a readout. */
export const isReadoutSite = (config: ModelConfig, site: string): boolean =>
  readoutSitesOf(config).includes(site) || site.startsWith("coda.");

/** Throws an Error for the first name that is no site of the model; the message lists the sites that exist. */
export function checkSites(config: ModelConfig, names: readonly string[]): void {
  const known = new Set(sitesOf(config));
  for (const name of names) {
    if (!known.has(name) && !isInnerSite(config, name))
      throw new Refusal(
        `unknown site: ${name}; one of ${[...known].join(", ")}; ${STATE_READ}, ${CORE_INPUT}; and inside a block, as in core.0.norm_1: ${innerSites.join(", ")}`
      );
  }
}

/** Numbers per position at a site: the width, but for logits and the inner sites of other sizes. */
export function siteWidthOf({width, hidden, vocab}: ModelConfig, site: string): number {
  if (site === "logits") return vocab;
  if (site.endsWith(".qkv")) return 3 * width;
  return site.endsWith(".mlp_fc") ? 2 * hidden : width;
}

function isInnerSite(config: ModelConfig, name: string): boolean {
  if (name === CORE_INPUT || name === STATE_READ) return true;
  const match = /^(prelude|core|coda)\.(\d{1,4})\.(\w+)$/.exec(name);
  if (!match) return false;
  const count = {prelude: config.preludeBlocks, core: config.coreBlocks, coda: config.codaBlocks}[match[1] as "prelude" | "core" | "coda"];
  return Number(match[2]) < count && String(Number(match[2])) === match[2] && (innerSites as readonly string[]).includes(match[3]);
}

const range = <T>(count: number, of: (i: number) => T): T[] => Array.from({length: count}, (_, i) => of(i));
