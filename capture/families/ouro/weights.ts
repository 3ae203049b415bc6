import type {WeightSpec} from "../../model/family.ts";
import {normal, ones, weight, zeros} from "../../model/weightSpec.ts";
import type {OuroConfig} from "./config.ts";

/** Every weight of a model of this shape. */
export function weightsOf(config: OuroConfig): WeightSpec[] {
  const {width, vocab, layers, tieEmbeddings, initializerRange} = config;
  const drawn = normal(initializerRange);
  return [
    weight("embedding", "model.embed_tokens.weight", [vocab, width], drawn),
    ...Array.from({length: layers}, (_, i) => layerWeights(config, `core.${i}`, `model.layers.${i}`)).flat(),
    weight("norm", "model.norm.weight", [width], ones),
    {...weight("gate", "model.early_exit_gate.weight", [1, width], drawn), exact: true}, // a sum that rounds to 1 early exits early
    weight("gate.bias", "model.early_exit_gate.bias", [1], zeros),
    ...(tieEmbeddings ? [] : [weight("head", "lm_head.weight", [vocab, width], drawn)])
  ];
}

function layerWeights(
  {width, heads, kvHeads, headWidth, hidden, initializerRange}: OuroConfig,
  name: string,
  source: string
): WeightSpec[] {
  const drawn = normal(initializerRange);
  const [queries, keys] = [heads * headWidth, kvHeads * headWidth];
  const norms = ["input_layernorm", "input_layernorm_2", "post_attention_layernorm", "post_attention_layernorm_2"];
  const matrices = [
    ["q", "self_attn.q_proj", [queries, width]],
    ["k", "self_attn.k_proj", [keys, width]],
    ["v", "self_attn.v_proj", [keys, width]],
    ["attn_proj", "self_attn.o_proj", [width, queries]],
    ["gate", "mlp.gate_proj", [hidden, width]],
    ["up", "mlp.up_proj", [hidden, width]],
    ["mlp_proj", "mlp.down_proj", [width, hidden]]
  ] as const;
  return [
    ...norms.map((norm, i) => weight(`${name}.norm_${i + 1}`, `${source}.${norm}.weight`, [width], ones)),
    ...matrices.map(([part, tensor, shape]) => weight(`${name}.${part}`, `${source}.${tensor}.weight`, shape, drawn))
  ];
}
