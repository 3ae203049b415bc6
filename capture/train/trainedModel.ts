import {huginn} from "../families/huginn/huginn.ts";
import type {Model} from "../model/family.ts";
import type {Recipe} from "./recipe.ts";
import type {Task} from "./tasks/task.ts";

/** The config.json of what a recipe trains, in Huginn's layout. */
export function configOf({model, depth, dtype}: Recipe, {characters}: Task): Readonly<Record<string, unknown>> {
  const steps = depth.kind === "poisson" ? depth.mean : depth.most / 2 + depth.through;
  return {
    architectures: ["RavenForCausalLM"],
    model_type: "huginn_raven",
    torch_dtype: {f32: "float32", bf16: "bfloat16", f16: "float16"}[dtype],
    n_embd: model.width,
    n_heads: model.heads,
    num_attention_heads: model.heads,
    num_key_value_heads: model.heads,
    n_layers: model.prelude + model.core + model.coda,
    block_size: model.max_tokens,
    vocab_size: characters.length,
    tie_embeddings: true,
    intermediate_size: model.hidden,
    bias: false,
    architecture_class_name: "RecurrentGPT",
    block_class_name: "SandwichBlock",
    norm_class_name: "RMSNorm_llama",
    norm_eps: 1e-6,
    mlp_class_name: "GatedMLP",
    nonlin_name: "SiLU",
    init_strategy: "takase",
    state_init: "like-init",
    injection_type: "linear",
    n_layers_in_prelude: model.prelude,
    n_layers_in_recurrent_block: model.core,
    n_layers_in_coda: model.coda,
    mean_recurrence: Math.max(1, Math.round(steps)),
    qk_bias: true,
    rope_base: 50000
  };
}

export const modelOf = (recipe: Recipe, task: Task): Model => huginn.model({config: configOf(recipe, task), tensors: new Map()});
