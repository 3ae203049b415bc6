import {z} from "zod";
import {exactly, readConfig, size, someBlocks} from "../../model/configFile.ts";
import {ModelFormatError} from "../../model/modelFormatError.ts";
import type {Rope} from "../../model/ops.ts";

/** The shape of a LoopLM: all of its layers, looped. */
export interface OuroConfig {
  readonly width: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headWidth: number;
  readonly hidden: number;
  readonly vocab: number;
  readonly maxTokens: number;
  readonly layers: number;
  /** Loops that the model was trained with. */
  readonly loops: number;
  readonly normEps: number;
  readonly rope: Rope;
  readonly tieEmbeddings: boolean;
  readonly initializerRange: number;
}

const positive = z.number().positive();

const fileSchema = z.object({
  hidden_size: size,
  num_hidden_layers: someBlocks,
  num_attention_heads: size,
  num_key_value_heads: size.optional(),
  head_dim: size.nullish(),
  intermediate_size: size,
  vocab_size: size,
  max_position_embeddings: size,
  rms_norm_eps: positive,
  rope_theta: positive,
  rope_scaling: exactly(null),
  hidden_act: exactly("silu"),
  tie_word_embeddings: z.boolean().default(false),
  total_ut_steps: size,
  use_sliding_window: exactly(false), // no released model has one, and what one would compute is not known here
  layer_types: z.array(z.literal("full_attention")).nullish(),
  attention_bias: exactly(false),
  initializer_range: positive.default(0.02)
});

/** Reads a config.json of this layout. Throws a ModelFormatError naming the key. */
export function parseConfig(json: unknown): OuroConfig {
  const file = readConfig(fileSchema, json);
  const heads = file.num_attention_heads;
  const kvHeads = file.num_key_value_heads ?? heads;
  const headWidth = file.head_dim ?? file.hidden_size / heads;
  if (!Number.isInteger(headWidth) || headWidth % 2)
    throw new ModelFormatError(`unsupported head_dim: ${headWidth}; rotary embedding needs an even number`);
  if (heads % kvHeads) throw new ModelFormatError(`unsupported num_key_value_heads: ${kvHeads}; expected a divisor of the ${heads} heads`);
  return {
    width: file.hidden_size,
    heads,
    kvHeads,
    headWidth,
    hidden: file.intermediate_size,
    vocab: file.vocab_size,
    maxTokens: file.max_position_embeddings,
    layers: file.num_hidden_layers,
    loops: file.total_ut_steps,
    normEps: file.rms_norm_eps,
    rope: {pairs: "halves", base: file.rope_theta},
    tieEmbeddings: file.tie_word_embeddings,
    initializerRange: file.initializer_range
  };
}
