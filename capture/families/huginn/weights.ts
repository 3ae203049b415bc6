import type {Initialiser, WeightSpec} from "../../model/family.ts";
import {normal, ones, weight, zeros} from "../../model/weightSpec.ts";
import type {HuginnConfig} from "./config.ts";

/** Every weight of a model of this shape. `freqs_cis` is not among them: it is computed, since a cast of the model casts it too. */
export function weightsOf(config: HuginnConfig): WeightSpec[] {
  const {width, vocab, preludeBlocks, coreBlocks, codaBlocks} = config;
  const {base} = deviationsOf(config);
  const weights = [weight("embedding", "transformer.wte.weight", [vocab, width], base)];
  for (let i = 0; i < preludeBlocks; ++i) weights.push(...blockWeights(config, `prelude.${i}`, `transformer.prelude.${i}`));
  weights.push(weight("adapter", "transformer.adapter.weight", [width, 2 * width], base));
  if (config.adapterBias) weights.push(weight("adapter.bias", "transformer.adapter.bias", [width], zeros));
  for (let i = 0; i < coreBlocks; ++i) weights.push(...blockWeights(config, `core.${i}`, `transformer.core_block.${i}`));
  for (let i = 0; i < codaBlocks; ++i) weights.push(...blockWeights(config, `coda.${i}`, `transformer.coda.${i}`));
  weights.push(weight("final_norm", "transformer.ln_f.weight", [width], ones));
  if (!config.tieEmbeddings) weights.push(weight("head", "lm_head.weight", [vocab, width], base));
  return weights;
}

function blockWeights(config: HuginnConfig, name: string, source: string): WeightSpec[] {
  const {width, heads, headWidth, hidden, qkBias} = config;
  const {base, out} = deviationsOf(config);
  const weights = [1, 2, 3, 4].map((i) => weight(`${name}.norm_${i}`, `${source}.norm_${i}.weight`, [width], ones));
  weights.push(weight(`${name}.qkv`, `${source}.attn.Wqkv.weight`, [3 * width, width], base));
  if (qkBias)
    weights.push({
      name: `${name}.qkv.bias`, // of the joint projection: q's, k's, and none for v
      source: `${source}.attn.qk_bias`,
      sourceShape: [2, 1, heads, headWidth],
      shape: [3 * width],
      initial: zeros
    });
  weights.push(weight(`${name}.attn_proj`, `${source}.attn.proj.weight`, [width, width], out));
  weights.push(weight(`${name}.mlp_fc`, `${source}.mlp.fc.weight`, [2 * hidden, width], base));
  weights.push(weight(`${name}.mlp_proj`, `${source}.mlp.proj.weight`, [width, hidden], out));
  return weights;
}

/** The reference's initialisation ("takase"), as the training code does it: what leads back into the stream is divided by √(2 · depth). */
function deviationsOf({width, preludeBlocks, coreBlocks, codaBlocks, meanRecurrence}: HuginnConfig): {base: Initialiser; out: Initialiser} {
  const base = Math.sqrt(2 / (5 * width));
  const depth = preludeBlocks + codaBlocks + coreBlocks * meanRecurrence;
  return {base: normal(base), out: normal(base / Math.sqrt(2 * depth))};
}
