import {z} from "zod";
import {Refusal} from "../../trace/refusal.ts";

/** The shape of a recurrent-depth model: prelude → core, repeated → coda, all of the same sandwich blocks. */
export interface ModelConfig {
  readonly width: number;
  readonly heads: number;
  readonly headWidth: number;
  /** Width of the gated MLP's hidden layer. */
  readonly hidden: number;
  readonly vocab: number;
  /** The longest sequence: rows of the rotary table. */
  readonly blockSize: number;
  readonly preludeBlocks: number;
  readonly coreBlocks: number;
  readonly codaBlocks: number;
  /** Steps that the model was trained for on average, its own default. */
  readonly meanRecurrence: number;
  readonly normEps: number;
  readonly ropeBase: number;
  readonly adapterBias: boolean;
  readonly qkBias: boolean;
  readonly tieEmbeddings: boolean;
  /** σ of the initial state before the factor √width and the cut at 3σ. */
  readonly stateStd: number;
}

/** A config.json, or a checkpoint, that this program cannot run as it is meant; the message names the key or tensor. */
export class ModelFormatError extends Refusal {
  override name = "ModelFormatError";
  constructor(message: string, options: ErrorOptions = {}) {
    super(message, {kind: "unusable", ...options});
  }
}

const MAX_SIZE = 1 << 24; // far above any real width or vocabulary; stops a corrupt number from asking for everything
const MAX_BLOCKS = 1024;

const size = z.number().int().min(1).max(MAX_SIZE);
const blocks = z.number().int().min(0).max(MAX_BLOCKS);
const exactly = (value: string) => z.literal(value).optional();

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
  n_layers_in_recurrent_block: z.number().int().min(1).max(MAX_BLOCKS),
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

/** Reads the contents of a Huginn-layout config.json, with the aliases found in the wild. Throws a ModelFormatError naming the key. */
export function parseConfig(json: unknown): ModelConfig {
  const parsed = fileSchema.safeParse(json);
  if (!parsed.success) throw new ModelFormatError(describe(parsed.error.issues[0], json));
  const file = parsed.data;
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
    blockSize: either(file, "block_size"),
    preludeBlocks: file.n_layers_in_prelude,
    coreBlocks: file.n_layers_in_recurrent_block,
    codaBlocks: file.n_layers_in_coda,
    meanRecurrence: file.mean_recurrence,
    normEps: file.norm_eps,
    ropeBase: file.rope_base,
    adapterBias: file.bias,
    qkBias: file.qk_bias,
    tieEmbeddings: file.tie_embeddings ?? file.tie_word_embeddings ?? true,
    stateStd: file.init_values?.std ?? Math.sqrt(2 / (5 * width))
  };
}

type SizeKey = "n_embd" | "hidden_size" | "n_heads" | "num_attention_heads" | "vocab_size" | "padded_vocab_size" | "block_size";

function either(file: Partial<Record<SizeKey, number>>, ...keys: readonly SizeKey[]): number {
  const found = keys.filter((key) => file[key] !== undefined);
  if (found.length === 0) throw new ModelFormatError(`missing config key: ${keys.join(" or ")}`);
  const values = new Set(found.map((key) => file[key]));
  if (values.size > 1) throw new ModelFormatError(`contradictory config keys: ${found.map((key) => `${key} ${file[key]}`).join(", ")}`);
  return file[found[0]] as number;
}

function describe(issue: z.core.$ZodIssue, json: unknown): string {
  const key = issue.path.join(".");
  if (key === "") return "invalid config.json: expected a JSON object";
  const value = issue.path.reduce<unknown>((at, part) => (at as Record<PropertyKey, unknown> | undefined)?.[part], json);
  if (value === undefined) return `missing config key: ${key}`;
  const allowed = issue.code === "invalid_value" ? `expected ${issue.values.join(", ")}` : issue.message.toLowerCase();
  return `unsupported config key ${key}: ${JSON.stringify(value)?.slice(0, 80)}; ${allowed}`;
}
