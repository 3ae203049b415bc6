import {z} from "zod";
import {wholeTextIn} from "../../capture/boundedNumber.ts";
import {lenses} from "../../capture/engine/choices.ts";
import {captureOptions, hasOnePrompt, ONE_PROMPT, promptOptions} from "../../capture/job/captureSpec.ts";
import {MAX_PROMPT_CHARACTERS} from "../../capture/bounds.ts";
import {runSpectrumSchema} from "../../capture/spectrum/spectrumSchema.ts";
import {traceSchema} from "../../capture/trace/schema.ts";
import {
  componentBounds,
  eigenvalueBounds,
  MAX_COMPARED,
  MAX_REQUEST_PROMPTS,
  MAX_TAG_CHARACTERS,
  MAX_TAGS,
  MAX_TITLE_CHARACTERS,
  projectionFits,
  projectionMethods,
  READOUT_MEASURES,
  seedBounds,
  STATE_MEASURES
} from "./choices.ts";
import {exportFormatNames} from "./exportFormats.ts";
import {experimentOptions, experimentPromptSchema, experimentSpecSchema, promptResultSchema, promptRowSchema} from "./experimentSchemas.ts";

export {
  experimentOverviewSchema,
  type ExperimentOverview,
  type ExperimentSpec,
  type PromptResult,
  type PromptRow,
  type TokenResult
} from "./experimentSchemas.ts";
export type {ExportFormat} from "./exportFormats.ts";
export {
  patternsSchema,
  type ExitAnswer,
  type MeasuresAnswer,
  type PatternAnswer,
  type Patterns,
  type RunMeasuresAnswer
} from "./patternSchemas.ts";
export {portraitInfoSchema, portraitQuerySchema, type PortraitInfo, type PortraitQuery} from "./portraitSchemas.ts";

/**
 * What goes over HTTP, as zod schemas: the server checks requests with them and describes itself with them
 * (`/api/openapi.json`); the page imports only their types. Names are snake_case, as in the trace.
 * Binary answers are safetensors messages; their tensors are named in `binaryAnswers` below.
 *
 *   GET    /api/info                        Info: the server's version and build, and whom it takes one for
 *   GET    /api/health                      Health, for whoever watches over the server; asks for no token
 *   GET    /api/models                      {models: ModelSummary[]}
 *   POST   /api/models/:model/tokens        TokeniseRequest → Tokens
 *   POST   /api/models/:model/words         {ids} → Tokens: how token ids read
 *   GET    /api/runs                        RunList
 *   GET    /api/runs/:run                   Run
 *   PATCH  /api/runs/:run                   RunChange → RunSummary
 *   DELETE /api/runs/:run                   204; the run is in the trash and can be restored
 *   POST   /api/runs/:run/restore           RunSummary
 *   GET    /api/runs/:run/{metrics,readout,projection,portrait,difference,states}   binary
 *   GET    /api/runs/:run/report            HTML, as `orrery report`
 *   GET    /api/runs/:run/export?format=    a file, as `orrery export`
 *   GET    /api/runs/:run/patterns          Patterns, as `orrery analyze --json`
 *   GET    /api/runs/:run/labels            LabelCounts: how often each label was found; computed once
 *   GET    /api/runs/:run/spectrum          Spectrum, as `orrery spectrum --json`; needs the model of the run's name
 *   POST   /api/captures                    CaptureRequest → 202 Job
 *   GET    /api/captures                    {jobs: Job[]}, newest last
 *   GET    /api/captures/:job               Job
 *   PATCH  /api/captures/:job               {position} → Job; moves a queued one
 *   DELETE /api/captures/:job               Job; cancels it
 *   GET    /api/captures/:job/events        server-sent events, `event: job`, data a Job
 *   GET    /api/events                      server-sent events of all: `event: job`, data a Job; `event: experiment`, data an Experiment
 *   POST   /api/experiments                 ExperimentRequest → 202 Experiment: path independence over prompts
 *   GET    /api/experiments                 ExperimentList, newest first
 *   GET    /api/experiments/:experiment     ExperimentDetails
 *   GET    /api/experiments/:experiment/results?from=0&count=50   ExperimentResults, of the prompts finished so far
 *   GET    /api/experiments/:experiment/prompts?from=0&count=1000   PromptRows, of the prompts finished so far
 *   GET    /api/experiments/:experiment/overview   ExperimentOverview, of the prompts finished so far; 404 where none is
 *   GET    /api/experiments/:experiment/report   HTML, as `orrery report`, of the prompts finished so far
 *   POST   /api/experiments/:experiment/prompts/:prompt/run   PromptRun: the trajectories of its own starts, as they were kept or captured again
 *   POST   /api/experiments/:experiment/resume   202 Experiment; finished prompts are not run again
 *   DELETE /api/experiments/:experiment     Experiment; cancels it, and keeps what is finished
 *   GET    /api/experiments/:experiment/events   server-sent events, `event: experiment`, data an Experiment
 */

/** A run, model or job name as it may stand in a URL: never a path. */
export const nameSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, "expected letters, digits, '.', '_' and '-', at most 128");

export const infoSchema = z.object({
  name: z.string(),
  version: z.string(),
  /** The script that the page begins with, other with every build; null where it is not built. */
  page: z.string().nullable(),
  /** Whom the server takes the page's user for: no name where it knows none; a guest may change nothing. */
  visitor: z.object({name: z.string().nullable(), read_only: z.boolean()})
});
export type Info = z.infer<typeof infoSchema>;

/** GET /api/health: 200, or 503 with the problem. */
export const healthSchema = z.object({status: z.enum(["ok", "failing"]), problem: z.string().nullable(), uptime_seconds: z.number().int()});
export type Health = z.infer<typeof healthSchema>;

/** POST /api/captures. Exactly one of `prompt` and `token_ids`. */
export const captureRequestSchema = z
  .strictObject({model: nameSchema, ...promptOptions, ...captureOptions})
  .refine(hasOnePrompt, {message: ONE_PROMPT});

export type CaptureRequest = z.infer<typeof captureRequestSchema>;

/** A capture as the queue sees it. `run` is the run's name, there from the start; the run can be read once `step` is 0. */
export const jobSchema = z.object({
  id: nameSchema,
  run: nameSchema,
  title: z.string(),
  /** Who asked for it; null where the server knows no names. */
  owner: z.string().nullable(),
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
  created: z.string(),
  /** What was asked for, to capture it again. */
  request: captureRequestSchema
});
export type Job = z.infer<typeof jobSchema>;
export const jobListSchema = z.object({jobs: z.array(jobSchema)});

/** PATCH /api/captures/:job: its new place among those that wait, 1 for the next to run. */
export const jobChangeSchema = z.strictObject({position: z.number().int().min(1)});

/** GET /api/runs/:run/labels: how often each label was found among the trajectories of `state`, when the run had `steps_written` steps. */
export const labelCountsSchema = z.object({
  counts: z.record(z.string(), z.number().int()),
  trajectories: z.number().int(),
  /** Largest q that is called a label. */
  alpha: z.number(),
  steps_written: z.number().int(),
  version: z.string()
});
export type LabelCounts = z.infer<typeof labelCountsSchema>;

/** One line of the runs' list. `live` is true while a capture writes it. */
export const runSummarySchema = z.object({
  id: nameSchema,
  title: z.string(),
  /** Who captured it, on a server that knows names; else null. */
  owner: z.string().nullable(),
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

/** GET /api/runs: newest first, examples last; `labels` where they are known already, which costs nothing to ask; `broken` are folders that hold no readable trace, with the reason. */
export const runListSchema = z.object({
  runs: z.array(runSummarySchema.extend({labels: labelCountsSchema.nullable()})),
  broken: z.array(z.object({id: z.string(), error: z.string()}))
});
export type RunList = z.infer<typeof runListSchema>;
/** A line of the list, with the labels that are known. */
export type ListedRun = RunList["runs"][number];

/** GET /api/runs/:run: the list's line, the whole trace.json, and what can be read: sites with a step axis, and constants such as `input`. */
export const runSchema = z.object({
  summary: runSummarySchema,
  trace: traceSchema,
  sites: z.array(z.string()),
  constants: z.array(z.string())
});
export type Run = z.infer<typeof runSchema>;

/** PATCH /api/runs/:run: what is left out stays as it is. */
export const runChangeSchema = z.strictObject({
  title: z.string().trim().min(1).max(MAX_TITLE_CHARACTERS).optional(),
  tags: z.array(z.string().trim().min(1).max(MAX_TAG_CHARACTERS)).max(MAX_TAGS).optional()
});
export type RunChange = z.infer<typeof runChangeSchema>;

export const modelSummarySchema = z.object({
  name: nameSchema,
  /** The architecture; null where the folder cannot be used. */
  family: z.string().nullable(),
  width: z.number().int(),
  vocab: z.number().int(),
  /** Blocks of each stack, by its name. */
  blocks: z.record(z.string(), z.number().int()),
  mean_recurrence: z.number().int(),
  max_tokens: z.number().int(),
  bytes: z.number().int(),
  sites: z.array(z.string()),
  /** Ways to read a state, the model's own first. */
  lenses: z.array(z.string()),
  /** Why the folder cannot be used, or null; the numbers above are then 0. */
  error: z.string().nullable()
});
export type ModelSummary = z.infer<typeof modelSummarySchema>;
export const modelListSchema = z.object({models: z.array(modelSummarySchema)});

export const tokeniseRequestSchema = z.strictObject({prompt: z.string().max(MAX_PROMPT_CHARACTERS)});
/** POST /api/models/:model/words: the ids of a readout, each once. */
export const wordsRequestSchema = z.strictObject({ids: z.array(z.number().int().min(0)).max(200_000)});
export const tokensSchema = z.object({tokens: z.array(z.object({id: z.number().int(), text: z.string()}))});

const indexList = z
  .string()
  .regex(/^\d+(,\d+)*$/, "expected indices joined by commas")
  .max(20_000);

export const siteQuerySchema = z.strictObject({site: z.string().max(100).default("state")});

/** GET /api/runs/:run/patterns?site=state&tokens=164: of some tokens at once, their q-values an upper bound (p × all trajectories of the run) of those that all tokens together have. */
export const patternsQuerySchema = z.strictObject({...siteQuerySchema.shape, tokens: indexList.optional()});

/** First and last step, both included, of an answer that comes in slices; what has no steps comes with the first of them. */
const stepRange = {from: z.coerce.number().int().min(0).optional(), to: z.coerce.number().int().min(0).optional()};

/** GET /api/runs/:run/metrics?site=state&from=&to= */
export const metricsQuerySchema = z.strictObject({...siteQuerySchema.shape, ...stepRange});

/** GET /api/runs/:run/readout?lens=coda|logit&from=&to=: the lens that the run was captured with, which is the default, or another one through the model at hand. */
export const readoutQuerySchema = z.strictObject({lens: z.enum(lenses).optional(), ...stepRange});

/** GET /api/runs/:run/states?site=&from=&to=&inits=&tokens= — steps from and to are both included; lists are indices joined by commas. */
export const statesQuerySchema = z.strictObject({
  site: z.string().max(100).default("state"),
  from: z.coerce.number().int().min(0).optional(),
  to: z.coerce.number().int().min(0).optional(),
  inits: indexList.optional(),
  tokens: indexList.optional()
});

/** Names of runs, each once, joined by commas. */
const runNames = z
  .string()
  .max(1000)
  .refine((text) => {
    const names = text.split(",");
    return (
      names.length <= MAX_COMPARED && new Set(names).size === names.length && names.every((name) => nameSchema.safeParse(name).success)
    );
  }, `expected 1 to ${MAX_COMPARED} different names of runs, joined by commas`);

/** GET /api/runs/:run/projection?method=pca&dims=2..10&fit=all|chosen|token|joint&tokens=0,3&site=state&with=RUN,RUN&from=0&to=63 */
export const projectionQuerySchema = z
  .strictObject({
    method: z.enum(projectionMethods).default("pca"),
    dims: wholeTextIn(componentBounds),
    /** `token`: every trajectory centred at its own mean, as in the authors' rotations view. `joint`: all states of this run and of those in `with`. */
    fit: z.enum(projectionFits).default("all"),
    site: z.string().max(100).default("state"),
    /** Tokens the basis is fitted on when fit=chosen: indices joined by commas. */
    tokens: indexList.optional(),
    seed: wholeTextIn(seedBounds),
    /** Runs of the same width that are drawn in the same picture. */
    with: runNames.optional(),
    ...stepRange
  })
  .refine(({fit, tokens}) => (fit === "chosen") === (tokens !== undefined), {
    message: "expected tokens with fit=chosen, and only there",
    path: ["tokens"]
  })
  .refine(({fit, with: others}) => fit !== "joint" || others !== undefined, {
    message: "expected with=RUN,… where fit=joint",
    path: ["with"]
  });

/** GET /api/runs/:run/difference?with=RUN&site=state */
export const differenceQuerySchema = z.strictObject({with: nameSchema, site: z.string().max(100).default("state")});
export type ProjectionRequest = z.infer<typeof projectionQuerySchema>;
/** What a projection depends on. */
export type ProjectionQuery = Omit<ProjectionRequest, "from" | "to">;

/** GET /api/runs/:run/export?format=npz: the file that `orrery export` makes; the options after the format are for tables only. */
export const exportQuerySchema = z.strictObject({
  format: z.enum(exportFormatNames),
  site: z.string().max(100).optional(),
  components: z.coerce.number().int().min(0).max(1000).optional(),
  inits: indexList.optional(),
  tokens: indexList.optional()
});

/** GET /api/runs/:run/spectrum?init=0&tokens=3,4&count=8 */
export const spectrumQuerySchema = z.strictObject({
  init: z.coerce.number().int().min(0).default(0),
  tokens: indexList.optional(),
  count: wholeTextIn(eigenvalueBounds)
});
export const spectrumSchema = runSpectrumSchema;
export type Spectrum = z.infer<typeof spectrumSchema>;

/** Server-sent events of GET /api/captures/:job/events and of GET /api/events (all jobs): `event: job`, data a Job. */
export const binaryAnswers = {
  /** GET /api/runs/:run/metrics?site=state — each [steps+1, inits, tokens]; NaN where undefined (step 0, the last state). */
  metrics: STATE_MEASURES,
  /** GET /api/runs/:run/readout?lens= — as in the trace, up to the steps written; kl_final is NaN until the run is complete. Another lens than the run's reads the stored states through its model; __metadata__ says lens, and states, the format they were stored in. */
  readout: ["top_ids", "top_logprobs", ...READOUT_MEASURES],
  /**
   * GET /api/runs/:run/projection — points [steps+1, inits, tokens, dims]; __metadata__ says method, fit, site, rows, first_step.
   * PCA: explained [dims], share of variance; kept, kept_motion [inits, tokens], the shares of each trajectory's place and motion
   * that the picture shows; axes [dims, width] and mean [width], the basis. points.1 and so on: the runs in `with`, in their order. UMAP (2 or 3 dims, fit all or token): trust [inits, tokens], 0 to 1; metadata trustworthiness.
   */
  projection: ["points", "points.1", "points.2", "points.3", "explained", "kept", "kept_motion", "axes", "mean", "trust"],
  /** GET /api/runs/:run/portrait?token= — the tensors and the metadata `portrait` of portraitInfoSchema. */
  portrait: ["points", "along", "fitted", "curve", "recurrence"],
  /** GET /api/runs/:run/difference?with=RUN — partners [tokens], difference [steps+1, inits, tokens]; __metadata__ says site, first_step, aligned_by and how many are aligned. */
  difference: ["partners", "difference"],
  /** GET /api/runs/:run/states?site=&from=&to=&inits=&tokens= — state [steps, inits, tokens, width]; __metadata__ says site and first_step. */
  states: ["state"]
} as const;

/** POST /api/experiments. */
export const experimentRequestSchema = z.strictObject({
  model: nameSchema,
  title: z.string().trim().min(1).max(MAX_TITLE_CHARACTERS).optional(),
  prompts: z.array(experimentPromptSchema).min(1).max(MAX_REQUEST_PROMPTS),
  ...experimentOptions
});

/** An experiment as the list shows it. `partial`: it was interrupted and can be gone on with. */
export const experimentSchema = z.object({
  id: nameSchema,
  title: z.string(),
  model: z.string(),
  status: z.enum(["queued", "running", "complete", "cancelled", "failed", "partial"]),
  /** Prompts finished, of how many. */
  finished: z.number().int(),
  prompts: z.number().int(),
  steps: z.number().int(),
  inits: z.number().int(),
  seconds_left: z.number().nullable(),
  error: z.string().nullable(),
  created: z.string()
});
export type Experiment = z.infer<typeof experimentSchema>;

/** `broken` are folders that hold no readable experiment, with the reason. */
export const experimentListSchema = z.object({
  experiments: z.array(experimentSchema),
  broken: z.array(z.object({id: z.string(), error: z.string()}))
});
export type ExperimentList = z.infer<typeof experimentListSchema>;

/** `spec` is null while it waits; `summary` (PathsSummary in analysis/paths/summary.ts) until it is complete. */
export const experimentDetailsSchema = z.object({
  experiment: experimentSchema,
  spec: experimentSpecSchema.nullable(),
  summary: z.record(z.string(), z.unknown()).nullable()
});
export type ExperimentDetails = z.infer<typeof experimentDetailsSchema>;

export const experimentResultsQuerySchema = z.strictObject({
  from: z.coerce.number().int().min(0).default(0),
  count: z.coerce.number().int().min(1).max(1000).default(50)
});
/** GET /api/experiments/:experiment/prompts: a line of a table for each. */
export const promptRowsQuerySchema = z.strictObject({
  from: z.coerce.number().int().min(0).default(0),
  count: z.coerce.number().int().min(1).max(2000).default(1000)
});
export const promptRowsSchema = z.object({prompts: z.array(promptRowSchema)});

/** The run that holds a prompt's trajectories; `job` is null where they are there already. */
export const promptRunSchema = z.object({run: nameSchema, job: jobSchema.nullable()});
export type PromptRun = z.infer<typeof promptRunSchema>;

export const experimentResultsSchema = z.object({prompts: z.array(promptResultSchema)});

/** The one shape of every error. */
/** The header `orrery-fault` says the kind for programs: `invalid`, `unknown`, `damaged`, `full` and so on; `internal` for a bug. */
export const errorSchema = z.object({error: z.string()});
