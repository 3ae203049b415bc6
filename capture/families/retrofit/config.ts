import {z} from "zod";
import {blocks, either, exactly, readConfig, size, someBlocks} from "../../model/configFile.ts";
import {ModelFormatError} from "../../model/modelFormatError.ts";
import type {Rope} from "../../model/ops.ts";

/** Whose blocks were cut up: Llama's norm what a branch reads, OLMo-2's what it gives, and the queries and keys. */
export type RetrofitKind = "llama" | "olmo2";

/** The shape of a pretrained transformer cut into prelude, looped core and coda. */
export interface RetrofitConfig {
  readonly kind: RetrofitKind;
  readonly width: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headWidth: number;
  readonly hidden: number;
  readonly vocab: number;
  readonly maxTokens: number;
  readonly preludeBlocks: number;
  readonly coreBlocks: number;
  readonly codaBlocks: number;
  /** Steps that the model was trained for on average. */
  readonly meanRecurrence: number;
  readonly normEps: number;
  readonly rope: Rope;
  readonly embedScale: number;
  readonly adapterBias: boolean;
  readonly tieEmbeddings: boolean;
  /** Of an element of the initial state, before the cut at three. */
  readonly stateStd: number;
}

const positive = z.number().positive();
const STATE_STD = 0.008703882797784892; // what all released ones have

const scalingSchema = z.object({
  rope_type: z.literal("llama3"),
  factor: positive,
  low_freq_factor: positive,
  high_freq_factor: positive,
  original_max_position_embeddings: size
});

// The labels of the block, the norm and the initialisation are left over from the model that the file was copied of, and are not read.
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
  max_position_embeddings: size,
  n_layers_in_prelude: blocks,
  n_layers_in_recurrent_block: someBlocks,
  n_layers_in_coda: blocks,
  mean_recurrence: size.default(32),
  norm_eps: positive,
  rope_theta: positive,
  rope_scaling: scalingSchema.nullable().optional(),
  bias: z.boolean().default(false),
  qk_bias: exactly(false),
  tie_embeddings: z.boolean().default(false),
  injection_type: exactly("linear"),
  state_init: exactly("like-init"),
  init_values: z.object({std: positive.default(STATE_STD), embed_scale: positive.default(1)}).default({std: STATE_STD, embed_scale: 1})
});

/** Reads a config.json of this layout. Throws a ModelFormatError naming the key. */
export function parseConfig(json: unknown, kind: RetrofitKind): RetrofitConfig {
  const file = readConfig(fileSchema, json);
  const width = either(file, "n_embd", "hidden_size");
  const heads = either(file, "n_heads", "num_attention_heads");
  const kvHeads = file.num_key_value_heads ?? heads;
  // Llama's code has heads of width / heads whatever the key says, OLMo-2's reads it.
  const headWidth = kind === "olmo2" ? (file.head_dim ?? width / heads) : width / heads;
  if (!Number.isInteger(headWidth) || headWidth % 2)
    throw new ModelFormatError(`unsupported head_dim: ${headWidth}; rotary embedding needs an even number`);
  if (heads % kvHeads) throw new ModelFormatError(`unsupported num_key_value_heads: ${kvHeads}; expected a divisor of the ${heads} heads`);
  return {
    kind,
    width,
    heads,
    kvHeads,
    headWidth,
    hidden: file.intermediate_size,
    vocab: either(file, "padded_vocab_size", "vocab_size"),
    maxTokens: file.max_position_embeddings,
    preludeBlocks: file.n_layers_in_prelude,
    coreBlocks: file.n_layers_in_recurrent_block,
    codaBlocks: file.n_layers_in_coda,
    meanRecurrence: file.mean_recurrence,
    normEps: file.norm_eps,
    rope: ropeOf(file.rope_theta, file.rope_scaling ?? undefined),
    embedScale: file.init_values.embed_scale,
    adapterBias: file.bias,
    tieEmbeddings: file.tie_embeddings,
    stateStd: file.init_values.std
  };
}

/** `rope_base`, which stands beside it, is not read by these models. */
function ropeOf(base: number, scaling: z.infer<typeof scalingSchema> | undefined): Rope {
  if (!scaling) return {pairs: "halves", base};
  if (!(scaling.high_freq_factor > scaling.low_freq_factor))
    throw new ModelFormatError(
      `unsupported rope_scaling: high_freq_factor ${scaling.high_freq_factor}; expected more than low_freq_factor ${scaling.low_freq_factor}`
    );
  const {factor, low_freq_factor: lowFactor, high_freq_factor: highFactor, original_max_position_embeddings: original} = scaling;
  return {pairs: "halves", base, scaling: {factor, lowFactor, highFactor, original}};
}
