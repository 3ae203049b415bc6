import {INPUT, LOGITS, STATE, STATE_READ, type Site} from "../../model/site.ts";
import type {RetrofitConfig} from "./config.ts";

/** The adapter's output, which the first core block reads. */
export const CORE_INPUT = "core.in";

/** The sites of a model of this shape, those that are listed in the order of the computation. */
export function sitesOf(config: RetrofitConfig): Site[] {
  const {width, vocab, preludeBlocks, coreBlocks, codaBlocks} = config;
  const before = {phase: "before", firstStep: 0, width, perInit: false} as const;
  const core = {phase: "step", firstStep: 1, width, perInit: true} as const;
  const read = {phase: "read", firstStep: 0, width, perInit: true} as const;
  const coda = {...read, lenses: ["coda"]};
  return [
    {name: "embed", ...before},
    ...range(preludeBlocks).map((i) => ({name: `prelude.${i}.out`, ...before})),
    {name: INPUT, ...before},
    {name: STATE, ...core, firstStep: 0},
    ...range(coreBlocks).flatMap((i) => ["attn_out", "mlp_out", "out"].map((part) => ({name: `core.${i}.${part}`, ...core}))),
    {name: "state_normed", ...read, lenses: ["logit"]},
    ...range(codaBlocks).map((i) => ({name: `coda.${i}.out`, ...coda})),
    {name: LOGITS, ...coda, width: vocab},
    {name: STATE_READ, ...core, fine: true},
    {name: CORE_INPUT, ...core, fine: true},
    {name: "head.in", ...coda, fine: true},
    ...range(coreBlocks).flatMap((i) => insideOf(`core.${i}`, core, config, ["attn_out", "mlp_out"])),
    ...range(preludeBlocks).flatMap((i) => insideOf(`prelude.${i}`, before, config)),
    ...range(codaBlocks).flatMap((i) => insideOf(`coda.${i}`, coda, config))
  ];
}

/** What can be tapped inside a block, but for `without`: its norms, the parts of attention, and the branches' outputs. */
function insideOf(block: string, common: Omit<Site, "name">, config: RetrofitConfig, without: readonly string[] = []): Site[] {
  const {width, heads, kvHeads, headWidth, hidden} = config;
  const queries = heads * headWidth;
  const keys = kvHeads * headWidth;
  const widths = {
    norm_1: width,
    qkv: queries + 2 * keys,
    q: queries,
    k: keys,
    q_rope: queries,
    k_rope: keys,
    attn_ctx: queries,
    attn_out: width,
    norm_2: width,
    mlp_fc: 2 * hidden,
    mlp_out: width
  };
  return Object.entries(widths)
    .filter(([part]) => !without.includes(part))
    .map(([part, size]) => ({...common, name: `${block}.${part}`, width: size, fine: true, block}));
}

const range = (count: number): number[] => Array.from({length: count}, (_, i) => i);
