import {z} from "zod";
import {captureBounds, MAX_TITLE_CHARACTERS, seedBounds} from "../../capture/bounds.ts";
import {wholeIn} from "../../capture/boundedNumber.ts";
import {engineOptions} from "../../capture/engine/engineOptions.ts";
import {initSpecSchema} from "../../capture/job/captureSpec.ts";
import {keepBounds, shardBounds} from "./censusBounds.ts";

const keepSchema = z.strictObject({
  /** Prompts with an orbit or a slider at most, in their order. */
  traces: wholeIn(keepBounds.traces),
  /** Prompts of the rest, drawn by the seed. */
  sample: wholeIn(keepBounds.sample),
  /** States of all kept traces together at most. */
  megabytes: wholeIn(keepBounds.megabytes)
});

/** How every prompt of a census is run and labelled. */
export const censusOptions = {
  ...engineOptions,
  title: z.string().max(MAX_TITLE_CHARACTERS).optional(),
  steps: wholeIn(captureBounds.steps),
  inits: wholeIn({...captureBounds.inits, usual: 1}),
  init: initSpecSchema.default({kind: "normal", scale: captureBounds.scale.usual}),
  seed: wholeIn(seedBounds),
  /** Whose states are labelled. */
  site: z.string().max(100).default("state"),
  shard: wholeIn(shardBounds),
  keep: keepSchema.default({traces: keepBounds.traces.usual, sample: keepBounds.sample.usual, megabytes: keepBounds.megabytes.usual})
};

const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** census.json: what is equal here gives equal rows. */
export const censusManifestSchema = z.strictObject({
  schema: z.literal("orrery-census/1"),
  title: z.string().nullable(),
  /** `captures` are made of the prompts; `traces` were made elsewhere. */
  from: z.enum(["captures", "traces"]),
  model: z.strictObject({
    name: z.string(),
    hash: z.string(),
    folder: z.string(),
    /** Steps that it was trained with (on average); absent where that is not known. */
    trained_steps: z.number().int().positive().optional()
  }),
  /** Prompts, or traces. */
  prompts: z.strictObject({count: z.number().int().positive(), hash}),
  steps: z.number().int().positive(),
  inits: z.number().int().positive(),
  init: initSpecSchema,
  seed: z.number().int(),
  site: z.string(),
  engine: engineOptions.engine,
  dtype: engineOptions.dtype,
  device: engineOptions.device,
  shard: z.number().int().positive(),
  keep: keepSchema,
  software: z.string(),
  /** Who asked for it; null where nobody has a name, and in folders of earlier versions. */
  owner: z.string().nullable().default(null),
  created: z.string()
});
export type CensusManifest = z.infer<typeof censusManifestSchema>;

const share = z.strictObject({
  count: z.number().int(),
  share: z.number().nullable(),
  /** 95 % interval, prompts as clusters. */
  low: z.number(),
  high: z.number()
});

export const ASSOCIATED = ["class", "position", "text"] as const;

const associationSchema = z.strictObject({
  by: z.enum(ASSOCIATED),
  group: z.string(),
  label: z.string(),
  /** [[group with label, group without], [others with label, others without]] */
  table: z.tuple([z.tuple([z.number(), z.number()]), z.tuple([z.number(), z.number()])]),
  odds_ratio: z.number().nullable(),
  /** 95 %, prompts as clusters. */
  interval: z.tuple([z.number(), z.number()]).nullable(),
  /** Fisher's exact test, two-sided. */
  p: z.number(),
  /** Benjamini–Hochberg over all rows of the table. */
  q: z.number()
});

const binSchema = z.strictObject({from: z.number(), to: z.number(), count: z.number().int()});

/** summary.json: what all rows come to. */
export const censusSummarySchema = z.strictObject({
  schema: z.literal("orrery-census-summary/1"),
  prompts: z.number().int(),
  tokens: z.number().int(),
  rows: z.number().int(),
  /** Largest q that is called a label. */
  alpha: z.number(),
  /** Rows that carry each label. */
  labels: z.record(z.string(), share),
  /** Of all rows that carry a label that claims something, alpha times their number: what is expected to be false, at most. */
  expected_false: z.number(),
  /** Rows without a label, since a number is not finite. */
  not_finite: z.number().int(),
  /** Rows by the published classifier's class and our label; its class is not tested against anything. */
  published: z.record(z.string(), z.record(z.string(), z.number().int())),
  associations: z.array(associationSchema),
  periods: z.array(binSchema),
  rates: z.array(binSchema),
  /** Median step at which converging tokens settle, by tenths of the prompt. */
  settling: z.array(z.strictObject({from: z.number(), to: z.number(), median: z.number().nullable(), count: z.number().int()})),
  kept: z.array(z.strictObject({prompt: z.number().int(), why: z.enum(["orbit", "slider", "sample"]), trace: z.string()}))
});
export type CensusSummary = z.infer<typeof censusSummarySchema>;
