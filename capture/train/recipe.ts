import {z} from "zod";
import {seedBounds} from "../bounds.ts";
import {arithmeticFamilies, leastRoom, taskNames, type ArithmeticFamily} from "./tasks/names.ts";

const count = (least: number, most: number) => z.number().int().min(least).max(most);
const amount = (least: number, most: number) => z.number().min(least).max(most);

const MAX_NUMBERS = 2 ** 24; // of all states that a gradient goes through: what tfjs keeps of them then takes some gigabytes

/** The shape of the model, in Huginn's layout. */
const modelSchema = z.strictObject({
  width: count(4, 1024).default(96),
  heads: count(1, 64).default(4),
  hidden: count(4, 8192).default(256),
  prelude: count(0, 8).default(1),
  core: count(1, 8).default(2),
  coda: count(0, 8).default(1),
  /** Rows of the rotary table: the longest prompt. */
  max_tokens: count(1, 65_536).default(1024),
  /** The authors' sandwich of norms, or only those before each branch, as in their second failed run. */
  norm: z.enum(["sandwich", "pre"]).default("sandwich"),
  /** Whether every step is given the prelude's output again, mixed by a matrix or added as in their first failed run, or the loop only starts from it. */
  injection: z.enum(["linear", "add", "none"]).default("linear"),
  /** Whether embeddings are made √width as long, or are taken as they stand, as in their first failed run. */
  embedding: z.enum(["scaled", "plain"]).default("scaled"),
  /** The authors' initialisation, or 1 / √(inputs) everywhere, without a share for the depth. */
  init: z.enum(["takase", "fan-in"]).default("takase"),
  /** Where loops start while it trains: noise, or zeros. */
  start: z.enum(["random", "zero"]).default("random")
});

/** How many recurrent steps an update takes, and through how many of the last ones its gradient goes. */
const depthSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("poisson"),
    mean: amount(0.5, 256).default(8),
    sigma: amount(0, 2).default(0.5),
    through: z.union([count(1, 256), z.literal("all")]).default(4)
  }),
  z.strictObject({
    kind: z.literal("uniform"),
    most: count(0, 1024),
    through: count(1, 256).default(8),
    /** Updates over which `most` grows from 0 to its own: what must count its steps learns the first ones first. */
    grow: count(0, 1_000_000).default(0)
  })
]);

const optimiserSchema = z.strictObject({
  rate: amount(0, 1).default(1e-3),
  beta1: amount(0, 0.9999).default(0.9),
  beta2: amount(0, 0.999999).default(0.95),
  epsilon: amount(1e-12, 1).default(1e-8),
  /** Decoupled, and not of norms and biases. */
  decay: amount(0, 1).default(1e-4),
  /** The most that all gradients together may be long. */
  clip: amount(1e-6, 1e6).default(1),
  /** Updates over which the rate grows to its own. */
  warmup: count(0, 1_000_000).default(50),
  /** Last updates, over which it falls to zero. */
  cooldown: count(0, 1_000_000).default(0)
});

/** What a training run is asked for. Everything that its result follows from is here; the same recipe gives the same bytes on the same backend. */
export const recipeSchema = z
  .strictObject({
    task: z.enum(taskNames),
    /** What rows are drawn of, of `arithmetic`; defaults to all of its families. */
    families: z.array(z.enum(arithmeticFamilies)).min(1).max(arithmeticFamilies.length).optional(),
    about: z.string().max(1000).optional(),
    updates: count(1, 1_000_000),
    rows: count(1, 1024).default(32),
    tokens: count(1, 1024).default(24),
    seed: count(seedBounds.least, seedBounds.most).default(0),
    model: modelSchema.prefault({}),
    depth: depthSchema.prefault({kind: "poisson"}),
    /** Whether the answer counts after the last step only, or after every one that a gradient goes through. */
    loss: z.enum(["last", "every"]).default("last"),
    optimiser: optimiserSchema.prefault({}),
    /** Updates between two looks at accuracy by depth, correlation and spectrum. */
    measure_every: count(1, 1_000_000).default(25),
    /** Depths at which accuracy is measured. */
    depths: z.array(count(1, 1024)).min(1).max(32).default([1, 2, 4, 8, 16, 32]),
    /** Updates between two checkpoints that a run goes on from. */
    save_every: count(1, 1_000_000).default(50),
    /** The prompt whose trajectories are kept at every checkpoint. */
    probe: z.string().min(1).max(1000).optional(),
    /** Numbers of the weights that are written at the end. */
    dtype: z.enum(["f32", "bf16", "f16"]).default("f32")
  })
  .refine(({model}) => model.width % (2 * model.heads) === 0, {
    path: ["model", "width"],
    message: "expected a multiple of twice the heads: rotary embedding turns pairs of a head's features"
  })
  .refine(({task, families}) => families === undefined || task === "arithmetic", {
    path: ["families"],
    message: "expected of arithmetic only"
  })
  .refine(({task, families, tokens}) => task !== "arithmetic" || tokens >= leastTokens(families), {
    path: ["tokens"],
    error: ({input}) =>
      `expected at least ${leastTokens((input as {families?: ArithmeticFamily[]}).families)}: the shortest problem of these families`
  })
  .refine(({tokens, model}) => tokens <= model.max_tokens, {path: ["tokens"], message: "expected at most model.max_tokens"})
  .refine(({rows, tokens, model, depth}) => rows * tokens * model.width * mostThrough(depth) * model.core <= MAX_NUMBERS, {
    path: ["rows"],
    message: `expected rows · tokens · model.width · model.core · depth.through to be at most ${MAX_NUMBERS}`
  });

export type Recipe = z.infer<typeof recipeSchema>;

const leastTokens = (families: readonly ArithmeticFamily[] = arithmeticFamilies): number =>
  Math.max(...families.map((family) => leastRoom[family]));

const mostThrough = (depth: z.infer<typeof depthSchema>): number =>
  depth.through === "all" ? 4 * (depth.kind === "poisson" ? depth.mean : 1) : depth.through;
