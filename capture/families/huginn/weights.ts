import type {ModelConfig} from "./config.ts";

/** A weight as the model names it, and where a Huginn-layout checkpoint keeps it. */
export interface WeightSpec {
  readonly name: string;
  /** The tensor's name in the checkpoint. */
  readonly source: string;
  /** Its shape there. */
  readonly sourceShape: readonly number[];
  /** Its shape in the model: the same, but for the query-key bias, which becomes one bias [3 · width] of the joint projection. */
  readonly shape: readonly number[];
}

/** Every weight of a model of this shape. `freqs_cis` is not among them: it is computed, since a cast of the model casts it too. */
export function weightsOf(config: ModelConfig): WeightSpec[] {
  const {width, vocab, preludeBlocks, coreBlocks, codaBlocks} = config;
  const weights = [plain("embedding", "transformer.wte.weight", [vocab, width])];
  for (let i = 0; i < preludeBlocks; ++i) weights.push(...blockWeights(config, `prelude.${i}`, `transformer.prelude.${i}`));
  weights.push(plain("adapter", "transformer.adapter.weight", [width, 2 * width]));
  if (config.adapterBias) weights.push(plain("adapter.bias", "transformer.adapter.bias", [width]));
  for (let i = 0; i < coreBlocks; ++i) weights.push(...blockWeights(config, `core.${i}`, `transformer.core_block.${i}`));
  for (let i = 0; i < codaBlocks; ++i) weights.push(...blockWeights(config, `coda.${i}`, `transformer.coda.${i}`));
  weights.push(plain("final_norm", "transformer.ln_f.weight", [width]));
  if (!config.tieEmbeddings) weights.push(plain("head", "lm_head.weight", [vocab, width]));
  return weights;
}

function blockWeights({width, heads, headWidth, hidden, qkBias}: ModelConfig, name: string, source: string): WeightSpec[] {
  const weights = [1, 2, 3, 4].map((i) => plain(`${name}.norm_${i}`, `${source}.norm_${i}.weight`, [width]));
  weights.push(plain(`${name}.qkv`, `${source}.attn.Wqkv.weight`, [3 * width, width]));
  if (qkBias)
    weights.push({name: `${name}.qkv.bias`, source: `${source}.attn.qk_bias`, sourceShape: [2, 1, heads, headWidth], shape: [3 * width]});
  weights.push(plain(`${name}.attn_proj`, `${source}.attn.proj.weight`, [width, width]));
  weights.push(plain(`${name}.mlp_fc`, `${source}.mlp.fc.weight`, [2 * hidden, width]));
  weights.push(plain(`${name}.mlp_proj`, `${source}.mlp.proj.weight`, [width, hidden]));
  return weights;
}

const plain = (name: string, source: string, shape: readonly number[]): WeightSpec => ({name, source, sourceShape: shape, shape});
