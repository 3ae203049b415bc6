import {INPUT, LOGITS, STATE, STATE_READ, type Site} from "../../model/site.ts";
import type {HuginnConfig} from "./config.ts";

/** The adapter's output, which the first core block reads. */
export const CORE_INPUT = "core.in";

/** The sites of a model of this shape, those that are listed in the order of the computation. */
export function sitesOf(config: HuginnConfig): Site[] {
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
    {name: "state_normed", ...read, lenses: ["coda", "logit"]},
    ...range(codaBlocks).map((i) => ({name: `coda.${i}.out`, ...coda})),
    {name: LOGITS, ...coda, width: vocab},
    {name: STATE_READ, ...core, fine: true},
    {name: CORE_INPUT, ...core, fine: true},
    ...range(coreBlocks).flatMap((i) => insideOf(`core.${i}`, core, config, listed)),
    ...range(preludeBlocks).flatMap((i) => insideOf(`prelude.${i}`, before, config)),
    ...range(codaBlocks).flatMap((i) => insideOf(`coda.${i}`, coda, config))
  ];
}

/** What can be tapped inside a block, in the order of the computation. */
const innerParts = ["norm_1", "qkv", "q", "k", "q_rope", "k_rope", "attn_ctx", "attn_out", "norm_2", "norm_3", "mlp_fc", "mlp_out"];
const listed = ["attn_out", "mlp_out"]; // of core blocks, among the sites above

function insideOf(block: string, common: Omit<Site, "name">, {width, hidden}: HuginnConfig, without: readonly string[] = []): Site[] {
  const widths: Readonly<Record<string, number>> = {qkv: 3 * width, mlp_fc: 2 * hidden};
  return innerParts
    .filter((part) => !without.includes(part))
    .map((part) => ({...common, name: `${block}.${part}`, width: widths[part] ?? width, fine: true, block}));
}

const range = (count: number): number[] => Array.from({length: count}, (_, i) => i);
