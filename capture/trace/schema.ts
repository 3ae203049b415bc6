import {z} from "zod";
import {storageDtypes} from "./dtype.ts";

/** Version of the trace folder's layout that is written. Version 1 is read, too (see upgradeTrace.ts); any other is refused. */
export const TRACE_SCHEMA = "orrery-trace/2";

/**
 * How an initial state was made: `normal` is a truncated normal (±3σ), `own` is the start of a model that does not draw it, `near` is
 * that start and noise of `scale` times its root mean square, `file` was read from disk.
 */
const initSchema = z.object({
  kind: z.enum(["normal", "zero", "constant", "own", "near", "file"]),
  seed: z.number().int().nullable(),
  scale: z.number().nullable()
});

const tokenSchema = z.object({id: z.number().int().nonnegative(), text: z.string()});

/** A place in the model whose values were kept: tensors of states.safetensors, [tokens, width] where the phase is `before`, else [steps, inits, tokens, width]. */
const siteSchema = z.object({
  name: z.string(),
  phase: z.enum(["before", "step", "read"]),
  /** The step of the tensor's first row. */
  first_step: z.union([z.literal(0), z.literal(1)]),
  width: z.number().int().positive(),
  per_init: z.boolean()
});

/** What ran and how far it came: the whole content of `trace.json`. Names on disk and on the wire are snake_case. */
/** Lies in a folder that keeps what labels are made of, and no states: no trace, though it tells of a run. */
export const GRAM_FILE = "gram.json";

export const traceSchema = z.object({
  schema: z.literal(TRACE_SCHEMA),
  /** A run is `partial` from its first byte until its last step and readout are on disk. */
  status: z.enum(["complete", "partial"]),
  /** Why a partial run stopped, once that is known: cancelled, killed, or the error's line. */
  stopped: z.string().nullable(),
  /** Steps whose states are on disk, the initial state not counted: 0 to `steps`; −1 before the initial state is written. */
  steps_written: z.number().int().min(-1),
  title: z.string().nullable(),
  /** The architecture's name; null where it is not known, as in an import. */
  family: z.string().nullable(),
  model: z.object({
    name: z.string(),
    /** SHA-256 over config.json and the weights, hexadecimal. */
    hash: z.string().nullable(),
    revision: z.string().nullable(),
    config: z.record(z.string(), z.unknown())
  }),
  prompt: z.string().nullable(),
  /** Tokens at the start that see one another in both directions; the others see what lies before them. */
  prefix: z.number().int().nonnegative().default(0),
  tokens: z.array(tokenSchema).min(1),
  steps: z.number().int().positive(),
  inits: z.array(initSchema).min(1),
  /** Steps that the model was trained for (on average); what lies beyond is extrapolation. Null where that is not known. */
  trained_steps: z.number().int().positive().nullable(),
  /** Whether every step is given the input again: where not, another start is another input. Null where that is not known. */
  injects_input: z.boolean().nullable(),
  /** Of `state`, the first part of what the loop carries. */
  width: z.number().int().positive(),
  /** What `state` is, and its step 0, in half a sentence; null where that is not known. */
  state_is: z.string().nullable().default(null),
  /** What the loop carries: `state`, and further sites in a model that has them. */
  state_parts: z.array(z.object({name: z.string(), width: z.number().int().positive()})).min(1),
  sites: z.array(siteSchema),
  /** Ways in which the model reads a state hₜ, its own first, and what each computes; absent where that is not known. */
  lenses: z.array(z.object({name: z.string(), formula: z.string()})).optional(),
  /** Names of readout tensors [steps + 1, inits, tokens] that are the model's own numbers about a step, NaN at step 0. */
  scalars: z.array(z.string()),
  /** What makes `state_normed` of `state`: x / √(mean x² + ε), times the tensor of that name; null where nothing does. */
  norm: z.object({kind: z.literal("rms"), weight: z.string().nullable(), eps: z.number().nonnegative()}).nullable(),
  compute_dtype: z.string(),
  storage_dtype: z.enum(storageDtypes),
  engine: z.object({name: z.string(), version: z.string(), device: z.string(), threads: z.number().int().nonnegative()}),
  /** The lens and the number of top tokens kept at each step; null where no readout was asked for. */
  readout: z
    .object({
      lens: z.string(),
      top: z.number().int().positive(),
      /** What the lens computes of a state hₜ. */
      formula: z.string().optional()
    })
    .nullable(),
  /** What was changed while it ran, in the edit file's own words. */
  edits: z.array(z.unknown()),
  exit_rule: z.string().nullable(),
  /**
   * Of a run that is a generation, position by position through a cache: the first token that was chosen, the steps that each position took
   * (it stays where it left, so that later rows repeat its last state), how the cache was shared between steps, and the options in the words of POST /api/generations; else absent.
   */
  generated: z
    .object({
      from: z.number().int().positive(),
      steps: z.array(z.number().int().positive()),
      kv: z.string(),
      asked: z.record(z.string(), z.unknown()).optional()
    })
    .optional(),
  software: z.object({name: z.string(), version: z.string()}),
  /** Of a run that was made elsewhere: the format and name of what it was read from, and what had to be assumed; else absent. */
  imported: z.object({format: z.string(), file: z.string(), notes: z.array(z.string())}).optional(),
  /** Who asked for the run, where the server knows names; else absent. */
  owner: z.string().optional(),
  /** ISO 8601, UTC. */
  created: z.string(),
  /** Milliseconds of wall time of each written step, readout included. */
  step_ms: z.array(z.number().nonnegative())
});

export type Trace = z.infer<typeof traceSchema>;
export type TraceInit = z.infer<typeof initSchema>;
