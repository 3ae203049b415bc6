import {z} from "zod";
import {captureBounds, generateBounds, MAX_PROMPT_CHARACTERS, MAX_TITLE_CHARACTERS, seedBounds} from "../../capture/bounds.ts";
import {wholeIn} from "../../capture/boundedNumber.ts";
import {engineOptions} from "../../capture/engine/engineOptions.ts";

/** Items of a task at most, and choices of one. */
export const MAX_ITEMS = 100_000;
const MAX_CHOICES = 64;

const text = z.string().min(1).max(MAX_PROMPT_CHARACTERS);
const steps = z.number().int().min(captureBounds.steps.least).max(captureBounds.steps.most);

/** How an answer is taken out of a text: as it stands, or by lm-evaluation-harness's two filters of gsm8k. */
export const answerFilters = ["exact", "gsm8k-strict", "gsm8k-flexible"] as const;

/** A question: one whose answer is a text that follows, or one that is answered by the likeliest of several continuations. */
export const itemSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("text"),
    task: z.string().max(100),
    prompt: text,
    answer: z.string().max(MAX_PROMPT_CHARACTERS),
    /** Strings that end the answer. */
    until: z.array(text).max(16),
    filter: z.enum(answerFilters)
  }),
  z.strictObject({
    kind: z.literal("choice"),
    task: z.string().max(100),
    prompt: text,
    choices: z.array(text).min(2).max(MAX_CHOICES),
    /** Index of the right choice. */
    answer: z.number().int().min(0)
  })
]);
export type EvalItem = z.infer<typeof itemSchema>;

export const evalOptions = {
  ...engineOptions,
  /** Depths at which every item is answered. */
  steps: z.array(steps).min(1).max(32).default([1, 2, 4, 8, 16, 32]),
  /** Exit rules, each at the largest of the depths. */
  exits: z.array(z.string().max(100)).max(16).default([]),
  /** Cache strategies, each at the largest of the depths. */
  kv: z.array(z.string().max(100)).max(16).default([]),
  /** Tokens of an answer at most; as many as the right one has where nothing is said and it is compared as it stands. */
  max_new: z.number().int().min(generateBounds.maxNew.least).max(generateBounds.maxNew.most).optional(),
  seed: wholeIn(seedBounds),
  title: z.string().max(MAX_TITLE_CHARACTERS).optional()
};

/** One way of running the model: its depth, and the rule and the strategy where there is one. */
export const settingSchema = z.strictObject({steps, exit: z.string().nullable(), kv: z.string()});
export type EvalSetting = z.infer<typeof settingSchema>;

/** What an evaluation is, as its folder says it: what is equal here gives equal results. */
export const evalSpecSchema = z.strictObject({
  schema: z.literal("orrery-eval/1"),
  title: z.string().nullable(),
  model: z.strictObject({name: z.string(), hash: z.string(), folder: z.string()}),
  items: z.strictObject({count: z.number().int().positive(), hash: z.string()}),
  settings: z.array(settingSchema).min(1),
  max_new: z.number().int().nullable(),
  seed: z.number().int(),
  engine: engineOptions.engine,
  dtype: engineOptions.dtype,
  device: engineOptions.device,
  created: z.string()
});
export type EvalSpec = z.infer<typeof evalSpecSchema>;

/** An item's answer under one setting. */
export const outcomeSchema = z.strictObject({
  right: z.boolean(),
  /** Of a choice: right once log-likelihoods are divided by the choices' lengths in characters. */
  right_normed: z.boolean().nullable(),
  /** The text, or the choice. */
  answer: z.string(),
  /** Steps of a position on average. */
  mean_steps: z.number(),
  core_steps: z.number().int(),
  kv_bytes: z.number().int()
});
export type EvalOutcome = z.infer<typeof outcomeSchema>;

/** A line of results.jsonl: an item under every setting, in the spec's order. */
export const itemResultSchema = z.strictObject({
  index: z.number().int().min(0),
  task: z.string(),
  outcomes: z.array(outcomeSchema).min(1),
  /** The label of the prompt's last position over the deepest run; null where it is too short for one. */
  label: z.string().nullable()
});
export type ItemResult = z.infer<typeof itemResultSchema>;

const share = z.strictObject({accuracy: z.number(), standard_error: z.number().nullable(), n: z.number().int()});

export const settingSummarySchema = settingSchema.extend({
  ...share.shape,
  acc_norm: z.number().nullable(),
  mean_steps: z.number(),
  core_steps: z.number(),
  kv_bytes: z.number(),
  tasks: z.record(z.string(), share)
});
export type SettingSummary = z.infer<typeof settingSummarySchema>;

export const evalSummarySchema = z.strictObject({
  /** Items answered so far, and all of them. */
  finished: z.number().int(),
  items: z.number().int(),
  /** Every depth without rule and with the full cache. */
  steps: z.array(settingSummarySchema),
  exits: z.array(settingSummarySchema),
  caches: z.array(settingSummarySchema),
  /** Items that were right at some depth and wrong at the deepest. */
  lost: z.number().int(),
  /** Right and wrong among the settled (converging) and the others at the deepest run; null where no item has a label. */
  settling: z
    .strictObject({
      table: z.tuple([z.tuple([z.number(), z.number()]), z.tuple([z.number(), z.number()])]),
      odds_ratio: z.number().nullable(),
      /** Fisher's exact test, two-sided. */
      p: z.number()
    })
    .nullable()
});
export type EvalSummary = z.infer<typeof evalSummarySchema>;
