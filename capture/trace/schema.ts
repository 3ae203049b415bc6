import {z} from "zod";
import {storageDtypes} from "./dtype.ts";

/** Version of the trace folder's layout; a reader refuses any other. */
export const TRACE_SCHEMA = "orrery-trace/1";

/** How an initial state was made: `normal` is the reference's truncated normal (±3σ), `file` was read from disk. */
const initSchema = z.object({
  kind: z.enum(["normal", "zero", "constant", "file"]),
  seed: z.number().int().nullable(),
  scale: z.number().nullable()
});

const tokenSchema = z.object({id: z.number().int().nonnegative(), text: z.string()});

/** What ran and how far it came: the whole content of `trace.json`. Names on disk and on the wire are snake_case. */
export const traceSchema = z.object({
  schema: z.literal(TRACE_SCHEMA),
  /** A run is `partial` from its first byte until its last step and readout are on disk. */
  status: z.enum(["complete", "partial"]),
  /** Why a partial run stopped, once that is known: cancelled, killed, or the error's line. */
  stopped: z.string().nullable(),
  /** Steps whose states are on disk, the initial state not counted: 0 to `steps`; −1 before the initial state is written. */
  steps_written: z.number().int().min(-1),
  title: z.string().nullable(),
  model: z.object({
    name: z.string(),
    /** SHA-256 over config.json and the weights, hexadecimal. */
    hash: z.string().nullable(),
    revision: z.string().nullable(),
    config: z.record(z.string(), z.unknown())
  }),
  prompt: z.string().nullable(),
  tokens: z.array(tokenSchema).min(1),
  steps: z.number().int().positive(),
  inits: z.array(initSchema).min(1),
  width: z.number().int().positive(),
  sites: z.array(z.string()),
  compute_dtype: z.string(),
  storage_dtype: z.enum(storageDtypes),
  engine: z.object({name: z.string(), version: z.string(), device: z.string(), threads: z.number().int().nonnegative()}),
  /** The lens and the number of top tokens kept at each step; null where no readout was asked for. */
  readout: z.object({lens: z.enum(["coda", "logit"]), top: z.number().int().positive()}).nullable(),
  /** What was changed while it ran, in the edit file's own words. */
  edits: z.array(z.unknown()),
  exit_rule: z.string().nullable(),
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
export type TraceToken = z.infer<typeof tokenSchema>;
