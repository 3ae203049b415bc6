import type {WeightSpec} from "../../model/family.ts";
import {normal, weight} from "../../model/weightSpec.ts";
import type {HrmTextConfig} from "./config.ts";

/** The stored start of the low state: drawn once, not trained, and not zero. */
export const LOW_START = "low_start";
export const LOW_START_STD = 1;

/** Every weight of a model of this shape. Its norms have none. */
export function weightsOf(config: HrmTextConfig): WeightSpec[] {
  const {width, vocab, blocks, tieEmbeddings, initializerRange} = config;
  const drawn = normal(initializerRange);
  const stack = (name: string, module: string) =>
    Array.from({length: blocks}, (_, i) => blockWeights(config, `${name}.${i}`, `model.${module}.layers.${i}`)).flat();
  return [
    weight("embedding", "model.embed_tokens.weight", [vocab, width], drawn),
    weight(LOW_START, "model.z_L_init", [width], normal(LOW_START_STD)),
    ...stack("low", "L_module"),
    ...stack("high", "H_module"),
    ...(tieEmbeddings ? [] : [weight("head", "lm_head.weight", [vocab, width], drawn)])
  ];
}

function blockWeights(
  {width, heads, headWidth, hidden, initializerRange, isFused}: HrmTextConfig,
  name: string,
  source: string
): WeightSpec[] {
  const rows = heads * headWidth;
  const attention = isFused ? "attn" : "self_attn";
  const split = [
    ["attn_gate", "self_attn.gate_proj", [rows, width]],
    ["q", "self_attn.q_proj", [rows, width]],
    ["k", "self_attn.k_proj", [rows, width]],
    ["v", "self_attn.v_proj", [rows, width]],
    ["gate", "mlp.gate_proj", [hidden, width]],
    ["up", "mlp.up_proj", [hidden, width]]
  ] as const;
  const fused = [
    ["gqkv", "attn.gqkv_proj", [4 * rows, width]],
    ["gate_up", "mlp.gate_up_proj", [2 * hidden, width]]
  ] as const;
  const common = [
    ["attn_proj", `${attention}.o_proj`, [width, rows]],
    ["mlp_proj", "mlp.down_proj", [width, hidden]]
  ] as const;
  return [...(isFused ? fused : split), ...common].map(([part, tensor, shape]) =>
    weight(`${name}.${part}`, `${source}.${tensor}.weight`, shape, normal(initializerRange))
  );
}
