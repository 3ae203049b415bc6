import {LOGITS, STATE, STATE_READ, type Site} from "../../model/site.ts";
import {EXIT_GATE} from "../../trace/readoutNames.ts";
import type {OuroConfig} from "./config.ts";

/** The state before the norm that makes it. */
export const PRE_NORM = "pre_norm";

/** The sites of a model of this shape, those that are listed in the order of the computation. */
export function sitesOf(config: OuroConfig): Site[] {
  const {width, vocab, layers} = config;
  const core = {phase: "step", firstStep: 1, width, perInit: true} as const;
  return [
    {name: "embed", phase: "before", firstStep: 0, width, perInit: false},
    {name: STATE, ...core, firstStep: 0},
    ...range(layers).flatMap((i) => ["attn_out", "mlp_out", "out"].map((part) => ({name: `core.${i}.${part}`, ...core}))),
    {name: PRE_NORM, ...core},
    {name: EXIT_GATE, ...core, width: 1},
    {name: LOGITS, phase: "read", firstStep: 0, width: vocab, perInit: true, lenses: ["logit"]},
    {name: STATE_READ, ...core, fine: true},
    ...range(layers).flatMap((i) => insideOf(`core.${i}`, core, config))
  ];
}

/** What can be tapped inside a layer, beside its branches' outputs. */
function insideOf(block: string, common: Omit<Site, "name">, {width, heads, kvHeads, headWidth}: OuroConfig): Site[] {
  const [queries, keys] = [heads * headWidth, kvHeads * headWidth];
  const widths = {
    norm_1: width,
    q: queries,
    k: keys,
    q_rope: queries,
    k_rope: keys,
    attn_ctx: queries,
    norm_2: width,
    norm_3: width,
    norm_4: width
  };
  return Object.entries(widths).map(([part, size]) => ({...common, name: `${block}.${part}`, width: size, fine: true, block}));
}

const range = (count: number): number[] => Array.from({length: count}, (_, i) => i);
