import {z} from "zod";
import {censusDetailsSchema} from "./censusAnswers.ts";
import {censusSummarySchema} from "./censusSchemas.ts";
import {patternSchema} from "./patternSchemas.ts";
import {experimentSpecSchema, promptResultSchema} from "./experimentSchemas.ts";
import {noteSchema} from "./noteSchemas.ts";
import {packedNumbersSchema} from "./packedNumbers.ts";
import {portraitInfoSchema} from "./portraitSchemas.ts";

/**
 * What a report carries inside as JSON: everything that it shows, for the plots in it and for a program that reads it again.
 * Names are snake_case, as in the trace. A number that is not defined is left out, or null.
 */

/** Version of the embedded document; a reader refuses any other. */
export const REPORT_SCHEMA = "orrery-report/1";

/** The element that holds the document in the HTML. */
export const REPORT_DATA_ID = "report-data";

const pair = z.tuple([z.number(), z.number()]); // an interval, or real and imaginary part
const labelSchema = patternSchema.shape.pattern;

/** The label of one trajectory as `orrery analyze` gives it; of the evidence what spoke against each label. */
const verdictSchema = patternSchema.omit({index: true, text: true, evidence: true}).extend({
  token: z.number().int(),
  /** Why it is not each of the labels; empty for the label that it has. */
  against: z.object({converging: z.array(z.string()), orbit: z.array(z.string()), slider: z.array(z.string())})
});
export type ReportVerdict = z.infer<typeof verdictSchema>;

const spectrumSchema = z.object({
  step: z.number().int(),
  tokens: z.array(z.object({token: z.number().int(), init: z.number().int(), eigenvalues: z.array(pair), residuals: z.array(z.number())})),
  sequence: z.array(pair).nullable()
});
export type ReportSpectrum = z.infer<typeof spectrumSchema>;

/** What `orrery import report.html` gives back: who ran what, and what was found. */
const reportSummarySchema = z.object({
  kind: z.enum(["run", "experiment", "census"]),
  title: z.string(),
  status: z.enum(["complete", "partial"]),
  stopped: z.string().nullable(),
  model: z.object({name: z.string(), hash: z.string().nullable(), revision: z.string().nullable()}),
  prompt: z.string().nullable(),
  prompts: z.number().int(),
  tokens: z.number().int(),
  steps: z.number().int(),
  steps_written: z.number().int(),
  inits: z.number().int(),
  /** Steps that the model was trained with; null where that is not known, absent in reports of earlier versions. */
  trained_steps: z.number().int().positive().nullable().optional(),
  /** Of a generation: the first token that the model made. */
  generated_from: z.number().int().positive().optional(),
  created: z.string(),
  patterns: z
    .object({
      counts: z.record(labelSchema, z.number().int()),
      alpha: z.number(),
      noise_floor: z.number().nullable(),
      rounding_floor: z.number().nullable(),
      precision: z.string()
    })
    .nullable(),
  /** Of the converging trajectories: distance to the fixed point kept per step. */
  rate: z.object({median: z.number(), low: z.number(), high: z.number(), count: z.number().int()}).nullable(),
  settled_step: z.object({median: z.number(), latest: z.number().int(), count: z.number().int()}).nullable(),
  /** Share of the variance along each principal component. */
  explained: z.array(z.number()),
  independence: z.object({independent: z.number().int(), dependent: z.number().int(), unfinished: z.number().int()}).nullable(),
  /** The summary in words, a sentence each. */
  sentences: z.array(z.string())
});
export type ReportSummary = z.infer<typeof reportSummarySchema>;

const factSchema = z.object({name: z.string(), value: z.string()});
export type Fact = z.infer<typeof factSchema>;

export const methodSchema = z.object({
  title: z.string(),
  formula: z.string().nullable(),
  /** What it is, in a sentence or two. */
  text: z.string(),
  /** The rest under headings, each a few short paragraphs; none in reports of earlier versions, whose text is all of it. */
  parts: z.array(z.object({title: z.string(), points: z.array(z.string())})).default([])
});
export type MethodNote = z.infer<typeof methodSchema>;

const shared = {
  schema: z.literal(REPORT_SCHEMA),
  summary: reportSummarySchema,
  provenance: z.array(factSchema),
  /** The command that makes the run or the experiment again. */
  command: z.string(),
  methods: z.array(methodSchema)
};

const portraitSchema = z.object({info: portraitInfoSchema, numbers: z.record(z.string(), packedNumbersSchema)});
export type ReportPortrait = z.infer<typeof portraitSchema>;

const runReportSchema = z.object({
  ...shared,
  kind: z.literal("run"),
  tokens: z.array(z.object({id: z.number().int(), text: z.string()})),
  site: z.string(),
  lens: z.string().nullable(),
  verdicts: z.array(verdictSchema),
  /** Path independence over the run's own initial states, as a line of an experiment's results. */
  paths: promptResultSchema.nullable(),
  /** Why there are no paths; null where there are. */
  no_paths: z.string().nullable(),
  spectrum: spectrumSchema.nullable(),
  /** What a person wrote on the run and its tokens; none in reports of earlier versions. */
  notes: z.array(noteSchema).default([]),
  /** The pictures of the strongest patterns, the strongest first; none in reports of earlier versions. */
  portraits: z.array(portraitSchema).default([]),
  /** Texts of the ids among the top tokens. */
  words: z.record(z.string(), z.string()),
  /**
   * `points` [steps+1, inits, tokens, 6]; the measures of states and, with a readout, those of it that are drawn [steps+1, inits, tokens]; `top_ids`, `top_logprobs` [steps+1, inits, tokens, k].
   */
  numbers: z.record(z.string(), packedNumbersSchema)
});
export type RunReport = z.infer<typeof runReportSchema>;

const experimentReportSchema = z.object({
  ...shared,
  kind: z.literal("experiment"),
  spec: experimentSpecSchema,
  /** Over all prompts: how the starts of each kind and scale fared. */
  basin: z.array(
    z.object({kind: z.string(), scale: z.number(), count: z.number().int(), reached: z.number().int(), share: z.number(), ci: pair})
  ),
  /** Lines of the results; of the curves only those that the report draws. */
  results: z.array(promptResultSchema)
});
export type ExperimentReport = z.infer<typeof experimentReportSchema>;

const censusReportSchema = z.object({
  ...shared,
  kind: z.literal("census"),
  manifest: censusDetailsSchema.shape.manifest,
  /** Counts, associations and histograms; the rows are in the census's folder. */
  census: censusSummarySchema
});
export type CensusReport = z.infer<typeof censusReportSchema>;

export const reportDataSchema = z.discriminatedUnion("kind", [runReportSchema, experimentReportSchema, censusReportSchema]);
export type ReportData = z.infer<typeof reportDataSchema>;
