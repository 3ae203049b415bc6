import {z} from "zod";

/**
 * What goes over HTTP, as zod schemas: the server checks requests with them and describes itself with them
 * (`/api/openapi.json`); the page imports only their types. Names are snake_case, as in the trace.
 * Binary answers are safetensors messages; their tensors are named in `binaryAnswers` below.
 */

/** A run, model or job name as it may stand in a URL: never a path. */
export const nameSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, "expected letters, digits, '.', '_' and '-', at most 128");

export const MAX_STEPS = 4096;
export const MAX_INITS = 1024;
export const MAX_PROMPT_CHARACTERS = 100_000;

export const initSpecSchema = z.strictObject({
  kind: z.enum(["normal", "zero", "constant"]).default("normal"),
  scale: z.number().min(0).max(1000).default(1)
});

/** POST /api/captures, and the message the capture service takes. Exactly one of `prompt` and `token_ids`. */
export const captureRequestSchema = z.strictObject({
  model: nameSchema,
  prompt: z.string().min(1).max(MAX_PROMPT_CHARACTERS).optional(),
  token_ids: z.array(z.number().int().min(0)).min(1).optional(),
  title: z.string().max(200).optional(),
  steps: z.number().int().min(1).max(MAX_STEPS).default(64),
  inits: z.number().int().min(1).max(MAX_INITS).default(4),
  init: initSpecSchema.default({kind: "normal", scale: 1}),
  seed: z.number().int().min(0).max(2 ** 31 - 1).default(0),
  sites: z.array(z.string()).default(["state"]),
  engine: z.enum(["onnx", "tfjs"]).default("onnx"),
  dtype: z.enum(["f32", "int8"]).default("f32"),
  storage_dtype: z.enum(["f32", "bf16", "f16"]).default("f32"),
  device: z.enum(["cpu", "cuda", "webgpu", "coreml", "dml"]).default("cpu"),
  readout: z.strictObject({lens: z.enum(["coda", "logit"]).default("coda"), top: z.number().int().min(1).max(100).default(5)}).nullable().default({lens: "coda", top: 5}),
  edits: z.array(z.unknown()).default([])
}).refine(({prompt, token_ids}) => (prompt === undefined) !== (token_ids === undefined), {message: "expected exactly one of prompt and token_ids"});

export type CaptureRequest = z.infer<typeof captureRequestSchema>;

/** A capture as the queue sees it. `run` is the run's name, there from the start; the run can be read while it grows. */
export const jobSchema = z.object({
  id: nameSchema,
  run: nameSchema,
  title: z.string(),
  model: z.string(),
  status: z.enum(["queued", "loading", "running", "complete", "cancelled", "failed"]),
  /** Steps on disk and steps asked for; −1 before the initial state is written. */
  step: z.number().int(),
  steps: z.number().int(),
  /** Place in the queue, 0 for the one that runs; null when it is over. */
  position: z.number().int().nullable(),
  /** Seconds until the end, by the steps so far; null while nothing is known. */
  seconds_left: z.number().nullable(),
  error: z.string().nullable(),
  created: z.string()
});
export type Job = z.infer<typeof jobSchema>;

/** One line of the runs' list. `live` is true while a capture writes it. */
export const runSummarySchema = z.object({
  id: nameSchema,
  title: z.string(),
  model: z.string(),
  prompt: z.string().nullable(),
  status: z.enum(["complete", "partial"]),
  stopped: z.string().nullable(),
  live: z.boolean(),
  example: z.boolean(),
  steps: z.number().int(),
  steps_written: z.number().int(),
  inits: z.number().int(),
  tokens: z.number().int(),
  width: z.number().int(),
  storage_dtype: z.string(),
  bytes: z.number().int(),
  created: z.string(),
  tags: z.array(z.string())
});
export type RunSummary = z.infer<typeof runSummarySchema>;

export const modelSummarySchema = z.object({
  name: nameSchema,
  width: z.number().int(),
  vocab: z.number().int(),
  blocks: z.object({prelude: z.number().int(), core: z.number().int(), coda: z.number().int()}),
  mean_recurrence: z.number().int(),
  max_tokens: z.number().int(),
  bytes: z.number().int(),
  sites: z.array(z.string()),
  /** Why the folder cannot be used, or null. */
  error: z.string().nullable()
});
export type ModelSummary = z.infer<typeof modelSummarySchema>;

export const tokeniseRequestSchema = z.strictObject({prompt: z.string().max(MAX_PROMPT_CHARACTERS)});
export const tokensSchema = z.object({tokens: z.array(z.object({id: z.number().int(), text: z.string()}))});

/** GET /api/runs/:run/projection?method=pca&dims=2..10&fit=all|chosen|token&tokens=0,3&site=state */
export const projectionQuerySchema = z.strictObject({
  method: z.enum(["pca", "umap"]).default("pca"),
  dims: z.coerce.number().int().min(2).max(10).default(2),
  fit: z.enum(["all", "chosen", "token"]).default("all"),
  site: z.string().default("state"),
  /** Tokens the basis is fitted on when fit=chosen: indices joined by commas. */
  tokens: z.string().regex(/^\d+(,\d+)*$/).optional(),
  seed: z.coerce.number().int().min(0).default(0)
});
export type ProjectionQuery = z.infer<typeof projectionQuerySchema>;

/** Server-sent events of GET /api/captures/:job/events and of GET /api/events (all jobs): `event: job`, data a Job. */
export const binaryAnswers = {
  /** GET /api/runs/:run/metrics?site=state — each [steps+1, inits, tokens]; NaN where undefined (step 0, the last state). */
  metrics: ["step_norm", "step_cosine", "distance"],
  /** GET /api/runs/:run/readout — as in the trace, up to the steps written. */
  readout: ["top_ids", "top_logprobs", "entropy", "kl_prev", "kl_final"],
  /** GET /api/runs/:run/projection — points [steps+1, inits, tokens, dims]; explained [dims], share of variance, for PCA; __metadata__ says fit, site, rows. */
  projection: ["points", "explained"],
  /** GET /api/runs/:run/states?site=&from=&to=&inits=&tokens= — state [steps, inits, tokens, width]. */
  states: ["state"]
} as const;

/** The one shape of every error. */
export const errorSchema = z.object({error: z.string()});
