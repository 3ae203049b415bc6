import {z} from "zod";
import {blocks, either, exactly, readConfig, size, someBlocks} from "../../model/configFile.ts";
import {ModelFormatError} from "../../model/modelFormatError.ts";
import type {Rope} from "../../model/ops.ts";

/** The shape of a recurrent-depth model: prelude → core, repeated → coda, all of the same sandwich blocks. */
export interface HuginnConfig {
  readonly width: number;
  readonly heads: number;
  readonly headWidth: number;
  /** Width of the gated MLP's hidden layer. */
  readonly hidden: number;
  readonly vocab: number;
  /** The longest sequence: rows of the rotary table. */
  readonly maxTokens: number;
  readonly preludeBlocks: number;
  readonly coreBlocks: number;
  readonly codaBlocks: number;
  /** Steps that the model was trained for on average, its own default. */
  readonly meanRecurrence: number;
  readonly normEps: number;
  readonly rope: Rope;
  readonly adapterBias: boolean;
  readonly qkBias: boolean;
  readonly tieEmbeddings: boolean;
  /** σ of the initial state before the factor √width and the cut at 3σ. */
  readonly stateStd: number;
}

const fileSchema = z.object({
  n_embd: size.optional(),
  hidden_size: size.optional(),
  n_heads: size.optional(),
  num_attention_heads: size.optional(),
  num_key_value_heads: size.optional(),
  head_dim: size.optional(),
  intermediate_size: size,
  vocab_size: size.optional(),
  padded_vocab_size: size.optional(),
  block_size: size.optional(),
  n_layers_in_prelude: blocks,
  n_layers_in_recurrent_block: someBlocks,
  n_layers_in_coda: blocks,
  mean_recurrence: size.default(32),
  norm_eps: z.number().positive().default(1e-6),
  rope_base: z.number().positive().default(50000), // the class default; absent from the authors' own json
  bias: z.boolean().default(false),
  qk_bias: z.boolean().default(true),
  tie_embeddings: z.boolean().optional(),
  tie_word_embeddings: z.boolean().optional(),
  init_values: z.object({std: z.number().positive().optional()}).optional(),
  state_init: exactly("like-init"),
  injection_type: exactly("linear"),
  architecture_class_name: exactly("RecurrentGPT"),
  block_class_name: exactly("SandwichBlock"),
  norm_class_name: exactly("RMSNorm_llama"),
  mlp_class_name: exactly("GatedMLP"),
  nonlin_name: exactly("SiLU")
});

/** Reads the contents of a config.json, with the aliases found in the wild. Throws a ModelFormatError naming the key. */
export function parseConfig(json: unknown): HuginnConfig {
  const file = readConfig(fileSchema, json);
  const width = either(file, "n_embd", "hidden_size");
  const heads = either(file, "n_heads", "num_attention_heads");
  const headWidth = file.head_dim ?? width / heads;
  if (heads * headWidth !== width)
    throw new ModelFormatError(`unsupported head_dim: ${headWidth}; ${heads} heads of a model of width ${width} need ${width / heads}`);
  if (headWidth % 2) throw new ModelFormatError(`unsupported head_dim: ${headWidth}; rotary embedding needs an even number`);
  if ((file.num_key_value_heads ?? heads) !== heads)
    throw new ModelFormatError(`unsupported num_key_value_heads: ${file.num_key_value_heads}; expected ${heads}, as many as heads`);
  return {
    width,
    heads,
    headWidth,
    hidden: file.intermediate_size,
    vocab: either(file, "padded_vocab_size", "vocab_size"),
    maxTokens: either(file, "block_size"),
    preludeBlocks: file.n_layers_in_prelude,
    coreBlocks: file.n_layers_in_recurrent_block,
    codaBlocks: file.n_layers_in_coda,
    meanRecurrence: file.mean_recurrence,
    normEps: file.norm_eps,
    rope: {pairs: "neighbours", base: file.rope_base},
    adapterBias: file.bias,
    qkBias: file.qk_bias,
    tieEmbeddings: file.tie_embeddings ?? file.tie_word_embeddings ?? true,
    stateStd: file.init_values?.std ?? Math.sqrt(2 / (5 * width))
  };
}
