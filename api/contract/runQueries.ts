import {z} from "zod";
import {wholeTextIn} from "../../capture/boundedNumber.ts";
import {lenses} from "../../capture/engine/choices.ts";
import {MOST_PERIOD, runSpectrumSchema} from "../../capture/spectrum/spectrumSchema.ts";
import {
  MAX_COMPARED,
  READOUT_MEASURES,
  STATE_MEASURES,
  componentBounds,
  eigenvalueBounds,
  projectionFits,
  projectionMethods,
  seedBounds
} from "./choices.ts";
import {TOP_IDS, TOP_LOGPROBS} from "../../capture/trace/readoutNames.ts";
import {exportFormatNames} from "./exportFormats.ts";
import {nameSchema} from "./serverSchemas.ts";

const indexList = z
  .string()
  .regex(/^\d+(,\d+)*$/, "expected indices joined by commas")
  .max(20_000);

const siteQuerySchema = z.strictObject({site: z.string().max(100).default("state")});

/** GET /api/runs/:run/patterns?site=state&tokens=164: of some tokens at once, their q-values an upper bound (p × all trajectories of the run) of those that all tokens together have. */
export const patternsQuerySchema = z.strictObject({...siteQuerySchema.shape, tokens: indexList.optional()});

/** GET /api/runs/:run/patterns/progress?site=state, and …/metrics/progress */
export const progressQuerySchema = siteQuerySchema;

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

/** GET /api/runs/:run/spectrum?init=0&tokens=3,4&count=8&period=6 */
export const spectrumQuerySchema = z.strictObject({
  init: z.coerce.number().int().min(0).default(0),
  tokens: indexList.optional(),
  count: wholeTextIn(eigenvalueBounds),
  period: z.coerce.number().int().min(1).max(MOST_PERIOD).optional()
});

/** GET /api/runs/:run/witness?init=0 */
export const witnessQuerySchema = spectrumQuerySchema.pick({init: true});

export const spectrumSchema = runSpectrumSchema;
export type Spectrum = z.infer<typeof spectrumSchema>;

/** Server-sent events of GET /api/captures/:job/events and of GET /api/events (all jobs): `event: job`, data a Job. */
export const binaryAnswers = {
  /** GET /api/runs/:run/metrics?site=state — each [steps+1, inits, tokens]; NaN where undefined (step 0, the last state). */
  metrics: STATE_MEASURES,
  /** GET /api/runs/:run/readout?lens= — as in the trace, up to the steps written; kl_final is NaN until the run is complete. Another lens than the run's reads the stored states through its model; __metadata__ says lens, and states, the format they were stored in. */
  readout: [TOP_IDS, TOP_LOGPROBS, ...READOUT_MEASURES],
  /**
   * GET /api/runs/:run/projection — points [steps+1, inits, tokens, dims]; __metadata__ says method, fit, site, rows, first_step.
   * PCA: explained [dims], share of variance; kept, kept_motion [inits, tokens], the shares of each trajectory's place and motion
   * that the picture shows; axes [dims, width] and mean [width], the basis. points.1 and so on: the runs in `with`, in their order. UMAP (2 or 3 dims, fit all or token): trust [inits, tokens], 0 to 1; metadata trustworthiness, and neighbour_recall, the share of true neighbours used.
   */
  projection: ["points", "points.1", "points.2", "points.3", "explained", "kept", "kept_motion", "axes", "mean", "trust"],
  /** GET /api/runs/:run/portrait?token= — the tensors and the metadata `portrait` of portraitInfoSchema. */
  portrait: ["points", "along", "fitted", "curve", "recurrence"],
  /** GET /api/runs/:run/difference?with=RUN — partners [tokens], difference [steps+1, inits, tokens]; __metadata__ says site, first_step, aligned_by and how many are aligned. */
  difference: ["partners", "difference"],
  /** GET /api/runs/:run/states?site=&from=&to=&inits=&tokens= — state [steps, inits, tokens, width]; __metadata__ says site and first_step. */
  states: ["state"],
  censusPicture: ["points", "prompt", "token", "label"]
} as const;
