import type {Initialiser, WeightSpec} from "../../model/family.ts";
import {normal, ones, weight, zeros} from "../../model/weightSpec.ts";
import type {RetrofitConfig} from "./config.ts";

/** Every weight of a model of this shape. */
export function weightsOf(config: RetrofitConfig): WeightSpec[] {
  const {width, vocab, preludeBlocks, coreBlocks, codaBlocks} = config;
  const {base} = deviationsOf(config);
  const stack = (name: string, source: string, count: number) =>
    Array.from({length: count}, (_, i) => blockWeights(config, `${name}.${i}`, `transformer.${source}.${i}`)).flat();
  return [
    weight("embedding", "transformer.wte.weight", [vocab, width], base),
    ...stack("prelude", "prelude", preludeBlocks),
    weight("adapter", "transformer.adapter.weight", [width, 2 * width], base),
    ...(config.adapterBias ? [weight("adapter.bias", "transformer.adapter.bias", [width], zeros)] : []),
    ...stack("core", "core_block", coreBlocks),
    ...stack("coda", "coda", codaBlocks),
    weight("final_norm", "transformer.ln_f.weight", [width], ones),
    ...(config.tieEmbeddings ? [] : [weight("head", "lm_head.weight", [vocab, width], base)])
  ];
}

function blockWeights(config: RetrofitConfig, name: string, source: string): WeightSpec[] {
  const {kind, width, heads, kvHeads, headWidth, hidden} = config;
  const {base, out} = deviationsOf(config);
  const normed = [["q", heads] as const, ["k", kvHeads] as const];
  return [
    ...[1, 2].map((i) => weight(`${name}.norm_${i}`, `${source}.norm_${i}.weight`, [width], ones)),
    ...(kind === "olmo2"
      ? normed.map(([q, count]) => weight(`${name}.${q}_norm`, `${source}.attn.${q}_norm.weight`, [count * headWidth], ones))
      : []),
    weight(`${name}.qkv`, `${source}.attn.Wqkv.weight`, [(heads + 2 * kvHeads) * headWidth, width], base),
    weight(`${name}.attn_proj`, `${source}.attn.proj.weight`, [width, heads * headWidth], out),
    weight(`${name}.mlp_fc`, `${source}.mlp.fc.weight`, [2 * hidden, width], base),
    weight(`${name}.mlp_proj`, `${source}.mlp.proj.weight`, [width, hidden], out)
  ];
}

/** These models begin as pretrained ones; one that is to begin from nothing is drawn as the loop's authors do. */
function deviationsOf({width, preludeBlocks, coreBlocks, codaBlocks, meanRecurrence}: RetrofitConfig): {
  base: Initialiser;
  out: Initialiser;
} {
  const base = Math.sqrt(2 / (5 * width));
  const depth = preludeBlocks + codaBlocks + coreBlocks * meanRecurrence;
  return {base: normal(base), out: normal(base / Math.sqrt(2 * depth))};
}
