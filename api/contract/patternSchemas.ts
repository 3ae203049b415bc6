import {z} from "zod";
import {PATTERNS} from "../../analysis/patterns/labels.ts";
import {OPINIONS} from "../../analysis/patterns/witness.ts";

/** The labels of a run as JSON, with every number behind them; re-exported by the contract. */

/** Lower and upper end; null where there is none. */
const span = z.tuple([z.number().nullable(), z.number().nullable()]);

/** Published measures of one trajectory, each under its own name; none has a null hypothesis, and no label rests on them. */
const measuresSchema = z.object({
  /** Blayney et al. 2026, τ = 0.05 and ρ = 0.9. */
  cosine_to_final: z.enum(["fixed point", "orbit", "slider", "unknown"]),
  chord_over_arc: z.number().nullable(),
  /** Share of the last 24 states' power at period 6. */
  rotation_power: z.number().nullable(),
  /** Leading eigenvalues [re, im] of dynamic mode decomposition over the steps, at rank 4. */
  dmd: z.array(z.tuple([z.number(), z.number()])),
  /** Recurrence quantification, Theiler window of 3 steps, radius a tenth of the largest distance. */
  recurrence: z.record(z.string(), z.number().nullable()).nullable(),
  /** First step at which the second difference has been below 1e-3 twice in a row (Two-Scale Latent Dynamics 2025). */
  two_scale_exit: z.number().int().nullable(),
  /** DLR (the same paper, eq. 2): from the last `state_normed` to what the first coda block makes of it, over the mean step; null where the run does not hold `coda.0.out`. */
  depth_loop_ratio: z.number().nullable()
});
export type MeasuresAnswer = z.infer<typeof measuresSchema>;

/** Published measures of all tokens of a run together. */
const runMeasuresSchema = z.object({
  /** How many tokens they were taken of: all whose states are finite, or 128 of these, evenly spaced. */
  tokens: z.number().int(),
  /** Participation ratio of the tokens' covariance, [init][step], 1 to tokens − 1; 0 where all have one state. */
  state_rank: z.array(z.array(z.number())),
  /** Share of held-out states whose step the nearest mean state names rightly, [step], and on average; null for one token. */
  loop_index_decodability: z.object({accuracy: z.array(z.number()), overall: z.number(), chance: z.number()}).nullable()
});
export type RunMeasuresAnswer = z.infer<typeof runMeasuresSchema>;

/** One of the authors' exit criteria, and the step at which it would have ended the loop from each initial state. */
const exitSchema = z.object({
  name: z.string(),
  formula: z.string(),
  threshold: z.number(),
  steps: z.array(z.number().int().nullable())
});
export type ExitAnswer = z.infer<typeof exitSchema>;

/** One question that a label answers with yes; `seen` names the pane of its picture that shows it; `holds` is null where nothing is decided by it. */
const checkSchema = z.object({
  test: z.string(),
  value: z.number().nullable(),
  needed: z.string(),
  holds: z.boolean().nullable(),
  seen: z.enum(["plane", "course", "recurrence"]).nullable()
});
export type CheckAnswer = z.infer<typeof checkSchema>;

/** What the Jacobian of the model's own step, which knows nothing of the path, says of a label; `radius` is the leading eigenvalue's modulus, `steps` how many steps the Jacobian is of: 1, or an orbit's whole turns. */
const witnessSchema = z.object({opinion: z.enum(OPINIONS), why: z.string(), radius: z.number(), steps: z.number().int()});
export type WitnessAnswer = z.infer<typeof witnessSchema>;

/** GET /api/runs/:run/witness?init=0: of every token of an initial state, at the last state. */
export const witnessesSchema = z.object({
  init: z.number().int(),
  tokens: z.array(witnessSchema.extend({index: z.number().int()}))
});
export type Witnesses = z.infer<typeof witnessesSchema>;

/** The label of one trajectory, with the numbers behind it; null where the label does not have the number. Steps are those of the run. */
export const patternSchema = z.object({
  index: z.number().int(),
  text: z.string(),
  init: z.number().int(),
  pattern: z.enum(PATTERNS),
  /** Of an unsettled one the first reason why it is not called converging; undefined where no more than its q-value says so. */
  not_converging: z.string().optional(),
  /** Benjamini–Hochberg over all trajectories of the run, and the p-value behind it. */
  q: z.number(),
  p: z.number(),
  rate: z.number().nullable(),
  rate_ci: span.nullable(),
  /** Why a rate, or a period, has no interval. */
  no_rate_ci: z.string().optional(),
  /** The step at which a converging path has come to rest; of an orbit and a slider the first step of the window, which may have begun before. */
  settled_step: z.number().int().nullable(),
  spiral: z.boolean(),
  spiral_period: z.number().nullable(),
  period: z.number().nullable(),
  period_ci: span.nullable(),
  no_period_ci: z.string().optional(),
  /** An orbit's radius over the norm of the states; in `evidence` it is in the states' own unit. */
  amplitude: z.number().nullable(),
  /** How far an orbit's states lie off its closed curve in the plane of its turn, root mean square, over its radius: what noise, a change of radius or chaos does to its returns; null where too few states tell. */
  off_curve: z.number().nullable().default(null),
  /** Radians per step. */
  drift_speed: z.number().nullable(),
  /** Relative to the norm of the states; null where nothing was judged. */
  noise_floor: z.number().nullable(),
  /** First and last step that the numbers were taken from. */
  window: z.tuple([z.number().int(), z.number().int()]),
  /** Relative step norm at the last step. */
  last_step_norm: z.number().nullable(),
  /** First of the steps at the end that are equal bit for bit, three or more, or two after a plain stop; the label is of what came before. */
  still_from: z.number().int().nullable().default(null),
  /** First step with NaN or Infinity: such a trajectory has no label. */
  bad_from: z.number().int().nullable().default(null),
  /** Coordinates that were scaled down, since their noise would outweigh all others'. */
  weighed: z.array(z.number().int()).default([]),
  /** Each label's own test, whether or not it won; `against` says why not. Only where some tokens were asked for, and in `orrery analyze --json`: most labels rest on a part of it. */
  evidence: z.record(z.string(), z.unknown()).optional(),
  /** Why, and why not, label by label; empty for one that was not tested. Only where some tokens were asked for. */
  arguments: z.record(z.string(), z.array(checkSchema)).optional(),
  /** Where a spectrum of the run is there that holds all that the token sees: `orrery analyze --witness`, and reports. */
  witness: witnessSchema.optional(),
  /** Only in `orrery analyze --json`. */
  measures: measuresSchema.optional()
});
export type PatternAnswer = z.infer<typeof patternSchema>;

/** GET /api/runs/:run/patterns?site=state, and `orrery analyze --json`; tokens in the order [init][token]. */
export const patternsSchema = z.object({
  tokens: z.array(patternSchema),
  summary: z.object({
    site: z.string(),
    steps: z.number().int(),
    inits: z.number().int(),
    tokens: z.number().int(),
    width: z.number().int(),
    counts: z.record(z.string(), z.number().int()),
    /** Number format that the noise floor was estimated for. */
    precision: z.string(),
    /** Median over the labelled trajectories; null where none is. */
    noise_floor: z.number().nullable(),
    rounding_floor: z.number().nullable(),
    /** Largest q that is called a label. */
    alpha: z.number(),
    /** Trajectories with a number that is not finite. */
    not_finite: z.number().int().default(0),
    /** What each label was tested against. */
    nulls: z.record(z.string(), z.string()),
    /** Whether the tokens have become one another, and since which step: their correlation at the last step, of at most `most`. */
    collapse: z.object({collapsed: z.boolean(), since: z.number().int().nullable(), correlation: z.number().nullable(), most: z.number()}),
    /** What was found, in words. Only where all tokens were asked for, over HTTP. */
    sentences: z.array(z.string()).optional(),
    /** Only in `orrery analyze --json`. */
    exits: z.array(exitSchema).optional(),
    measures: runMeasuresSchema.optional()
  })
});
export type Patterns = z.infer<typeof patternsSchema>;
