import {LOGITS, STATE, STATE_READ, type Site} from "../../model/site.ts";
import type {HrmTextConfig} from "./config.ts";

/** The low state, after the last low cycle of a step. */
export const LOW = "low";

/** The sites of a model of this shape, those that are listed in the order of the computation. */
export function sitesOf(config: HrmTextConfig): Site[] {
  const {width, vocab, blocks, lowCycles} = config;
  const step = {phase: "step", firstStep: 1, width, perInit: true} as const;
  const lowCalls = range(lowCycles).map((cycle) => ({call: `low.${cycle}`, blocks: range(blocks).map((i) => `low.${cycle}.${i}`)}));
  const highBlocks = range(blocks).map((i) => `high.${i}`);
  const branches = (block: string) => ["attn_out", "mlp_out", "out"].map((part) => ({name: `${block}.${part}`, ...step}));
  return [
    {name: "embed", phase: "before", firstStep: 0, width, perInit: false},
    {name: STATE, ...step, firstStep: 0},
    {name: LOW, ...step, firstStep: 0},
    ...lowCalls.flatMap(({call, blocks}) => [...blocks.flatMap(branches), {name: `${call}.out`, ...step}]),
    ...highBlocks.flatMap(branches),
    {name: LOGITS, phase: "read", firstStep: 0, width: vocab, perInit: true, lenses: ["logit"]},
    {name: STATE_READ, ...step, fine: true},
    ...[...lowCalls.flatMap(({blocks}) => blocks), ...highBlocks].flatMap((block) => insideOf(block, step, config))
  ];
}

/** What can be tapped inside a block, beside its branches' outputs. */
function insideOf(block: string, common: Omit<Site, "name">, {width, heads, headWidth}: HrmTextConfig): Site[] {
  const rows = heads * headWidth;
  const widths = {norm_1: width, q: rows, k: rows, q_rope: rows, k_rope: rows, attn_ctx: rows, norm_2: width};
  return Object.entries(widths).map(([part, size]) => ({...common, name: `${block}.${part}`, width: size, fine: true, block}));
}

const range = (count: number): number[] => Array.from({length: count}, (_, i) => i);
