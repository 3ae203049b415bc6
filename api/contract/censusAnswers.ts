import {z} from "zod";
import {MAX_PROMPT_CHARACTERS, MAX_TITLE_CHARACTERS, seedBounds} from "../../capture/bounds.ts";
import {wholeTextIn} from "../../capture/boundedNumber.ts";
import {TOKEN_CLASSES} from "../../analysis/census/tokenClass.ts";
import {CENSUS_ORDERS} from "./censusBounds.ts";
import {PATTERNS, projectionMethods, USUAL_ROWS} from "./choices.ts";
import {censusManifestSchema, censusOptions, censusSummarySchema} from "./censusSchemas.ts";
import {MAX_REQUEST_PROMPTS} from "./experimentBounds.ts";
import {nameSchema} from "./serverSchemas.ts";

/** POST /api/censuses, and /api/censuses/cost to know before what it will take. */
export const censusRequestSchema = z.strictObject({
  model: nameSchema,
  ...censusOptions,
  title: z.string().trim().min(1).max(MAX_TITLE_CHARACTERS).optional(),
  prompts: z.array(z.string().min(1).max(MAX_PROMPT_CHARACTERS)).min(1).max(MAX_REQUEST_PROMPTS)
});
export type CensusRequest = z.infer<typeof censusRequestSchema>;

/** What a census would take. */
export const censusCostSchema = z.strictObject({
  prompts: z.number().int(),
  tokens: z.number().int(),
  /** Steps of one token from one start. */
  core_steps: z.number().int(),
  /** On the disk, at most: rows and kept traces. */
  bytes: z.number()
});
export type CensusCost = z.infer<typeof censusCostSchema>;

/** One census of a list, and what `event: census` tells. */
export const censusEntrySchema = z.strictObject({
  id: nameSchema,
  title: z.string(),
  model: z.string(),
  owner: z.string().nullable(),
  /** `partial`: it was interrupted and can be gone on with. */
  status: z.enum(["queued", "running", "complete", "cancelled", "failed", "partial"]),
  prompts: z.number().int(),
  /** Prompts that are done; after an interruption those whose shard is. */
  finished: z.number().int(),
  seconds_left: z.number().nullable(),
  error: z.string().nullable(),
  steps: z.number().int(),
  inits: z.number().int(),
  created: z.string(),
  /** Rows by label, where it is complete. */
  counts: z.record(z.string(), z.number().int()).nullable()
});
export type CensusEntry = z.infer<typeof censusEntrySchema>;
export const censusListSchema = z.strictObject({
  censuses: z.array(censusEntrySchema),
  broken: z.array(z.strictObject({id: z.string(), error: z.string()}))
});
export type CensusList = z.infer<typeof censusListSchema>;

export const censusDetailsSchema = z.strictObject({
  census: censusEntrySchema,
  /** Without the place of the model's folder. */
  manifest: censusManifestSchema.extend({model: censusManifestSchema.shape.model.omit({folder: true})}),
  summary: censusSummarySchema.nullable()
});
export type CensusDetails = z.infer<typeof censusDetailsSchema>;

/** GET /api/censuses/:census/interim: labels of the shards that are done, before all are. Their q-values are over these rows alone, and may change at the end. */
export const censusInterimSchema = z.strictObject({
  /** Prompts whose rows are counted, of how many. */
  prompts: z.number().int(),
  of: z.number().int(),
  rows: z.number().int(),
  /** Rows by label. */
  counts: z.record(z.string(), z.number().int())
});
export type CensusInterim = z.infer<typeof censusInterimSchema>;

const MOST_CENSUS_ROWS = 200;

export const censusRowsQuerySchema = z.strictObject({
  label: z.enum(PATTERNS).optional(),
  class: z.enum(TOKEN_CLASSES).optional(),
  /** The token's whole text. */
  text: z.string().max(1000).optional(),
  prompt: z.coerce.number().int().min(0).optional(),
  order: z.enum(CENSUS_ORDERS).default("prompt"),
  descending: z.enum(["true", "false"]).default("false"),
  from: z.coerce.number().int().min(0).default(0),
  count: z.coerce.number().int().min(1).max(MOST_CENSUS_ROWS).default(USUAL_ROWS)
});
export type CensusRowsQuery = z.infer<typeof censusRowsQuerySchema>;

const censusRowSchema = z.strictObject({
  prompt: z.number().int(),
  init: z.number().int(),
  token: z.number().int(),
  text: z.string(),
  class: z.string(),
  label: z.string(),
  q: z.number(),
  period: z.number().nullable(),
  rate: z.number().nullable(),
  drift_speed: z.number().nullable(),
  settled_step: z.number().nullable(),
  amplitude: z.number().nullable(),
  entropy: z.number().nullable(),
  top_text: z.string().nullable(),
  published: z.string(),
  /** The prompt's text, cut about the token; the folder, where traces were labelled. */
  context: z.strictObject({before: z.string(), after: z.string()})
});
export type CensusRowAnswer = z.infer<typeof censusRowSchema>;
/** `total` rows fit the question. */
export const censusRowsSchema = z.strictObject({total: z.number().int(), rows: z.array(censusRowSchema)});
export type CensusRows = z.infer<typeof censusRowsSchema>;
export const censusPromptSchema = z.strictObject({prompt: z.string()});

const comparedShare = z.strictObject({share: z.number().nullable(), low: z.number(), high: z.number()});

export const censusComparisonQuerySchema = z.strictObject({with: nameSchema});
/** GET /api/censuses/:census/comparison: this census beside another one. */
export const censusComparisonSchema = z.strictObject({
  /** Whether the prompts are pairs, so that what they share cancels. */
  paired: z.boolean(),
  shares: z.array(
    z.strictObject({
      /** A class of tokens; null for all of them. */
      group: z.string().nullable(),
      label: z.string(),
      first: comparedShare,
      other: comparedShare,
      /** The other's share less the first's, with a 95 % interval that takes prompts as clusters. */
      difference: z.number().nullable(),
      low: z.number(),
      high: z.number()
    })
  ),
  /** Of pairs: trajectories of the same token that carry the same label, of how many, and by the first's label how often the other has each; null without pairs. */
  same: z.number().int().nullable(),
  tokens: z.number().int().nullable(),
  crossed: z.record(z.string(), z.record(z.string(), z.number().int())).nullable()
});
export type CensusComparison = z.infer<typeof censusComparisonSchema>;

/** GET /api/censuses/{census}/prompts/{prompt}/path: one trajectory in few dimensions, in axes of its own. */
export const pathPictureSchema = z.strictObject({
  /** The step of the first point. */
  first_step: z.number().int(),
  /** A point for each step. */
  points: z.array(z.array(z.number())),
  /** Share of the variance along each axis. */
  explained: z.array(z.number()),
  /** Coordinates that count less, since their noise outweighs the others'. */
  weighed: z.number().int()
});
export type PathPicture = z.infer<typeof pathPictureSchema>;

/** GET /api/censuses/{census}/picture: the traces that it kept, in one picture. */
export const censusPictureQuerySchema = z.strictObject({
  method: z.enum(projectionMethods).default("umap"),
  seed: wholeTextIn(seedBounds)
});
export type CensusPictureQuery = z.infer<typeof censusPictureQuerySchema>;

export const pathPictureQuerySchema = z.strictObject({
  token: z.coerce.number().int().min(0),
  init: z.coerce.number().int().min(0).default(0),
  dims: z.coerce.number().int().min(2).max(3).default(2)
});
export type PathPictureQuery = z.infer<typeof pathPictureQuerySchema>;
