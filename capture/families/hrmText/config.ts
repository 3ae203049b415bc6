import {z} from "zod";
import {exactly, readConfig, size, someBlocks} from "../../model/configFile.ts";
import {ModelFormatError} from "../../model/modelFormatError.ts";
import type {Rope} from "../../model/ops.ts";

/** The shape of a two-timescale model: two stacks of blocks, the low one run several times for each run of the high one. */
export interface HrmTextConfig {
  readonly width: number;
  readonly heads: number;
  readonly headWidth: number;
  readonly hidden: number;
  readonly vocab: number;
  readonly maxTokens: number;
  /** Blocks of either stack. */
  readonly blocks: number;
  /** High cycles that the model was trained with. */
  readonly highCycles: number;
  /** Low cycles in each of them. */
  readonly lowCycles: number;
  readonly normEps: number;
  readonly rope: Rope;
  readonly embeddingScale: number;
  /** Whether the prompt's tokens see one another in both directions. */
  readonly isPrefixed: boolean;
  readonly tieEmbeddings: boolean;
  readonly initializerRange: number;
  /** Whether queries, keys, values and gates, and the MLP's gate and up, are one matrix each. */
  readonly isFused: boolean;
}

const positive = z.number().positive();

const fileSchema = z.object({
  hidden_size: size,
  num_attention_heads: size,
  head_dim: size.nullish(),
  intermediate_size: size,
  vocab_size: size,
  max_position_embeddings: size,
  rms_norm_eps: positive,
  rope_parameters: z.object({rope_theta: positive, rope_type: exactly("default")}).nullish(),
  rope_theta: positive.optional(), // older files
  rope_scaling: exactly(null),
  H_cycles: someBlocks,
  L_cycles: someBlocks,
  num_layers_per_stack: someBlocks.nullish(),
  num_hidden_layers: z.number().int().min(1),
  embedding_scale: positive.nullish(),
  initializer_range: positive.default(0.02),
  prefix_lm: z.boolean().default(true),
  hidden_act: exactly("silu"),
  attention_bias: exactly(false),
  mlp_bias: exactly(false),
  tie_word_embeddings: z.boolean().default(false)
});

/** Reads a config.json of this layout. Throws a ModelFormatError naming the key. */
export function parseConfig(json: unknown, isFused: boolean): HrmTextConfig {
  const file = readConfig(fileSchema, json);
  const headWidth = file.head_dim ?? file.hidden_size / file.num_attention_heads;
  if (!Number.isInteger(headWidth) || headWidth % 2)
    throw new ModelFormatError(`unsupported head_dim: ${headWidth}; rotary embedding needs an even number`);
  const base = file.rope_parameters?.rope_theta ?? file.rope_theta;
  if (base === undefined) throw new ModelFormatError("missing config key: rope_parameters.rope_theta or rope_theta");
  return {
    width: file.hidden_size,
    heads: file.num_attention_heads,
    headWidth,
    hidden: file.intermediate_size,
    vocab: file.vocab_size,
    maxTokens: file.max_position_embeddings,
    // Without the first key the second one is the blocks of a stack; beside it, it only counts a cache's slots.
    blocks: file.num_layers_per_stack ?? file.num_hidden_layers,
    highCycles: file.H_cycles,
    lowCycles: file.L_cycles,
    normEps: file.rms_norm_eps,
    rope: {pairs: "halves", base},
    embeddingScale: file.embedding_scale ?? 1 / file.initializer_range,
    isPrefixed: file.prefix_lm,
    tieEmbeddings: file.tie_word_embeddings,
    initializerRange: file.initializer_range,
    isFused
  };
}
