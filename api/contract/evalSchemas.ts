import {z} from "zod";
import {MAX_PROMPT_CHARACTERS, MAX_TITLE_CHARACTERS, type Bounds} from "../../capture/bounds.ts";
import {wholeIn} from "../../capture/boundedNumber.ts";
import {engineOptions} from "../../capture/engine/engineOptions.ts";
import {answerFilters, evalBounds, MAX_CHOICES, MAX_DEPTHS, MAX_RULES, USUAL_DEPTHS} from "./evalBounds.ts";

const text = z.string().min(1).max(MAX_PROMPT_CHARACTERS);
const wholeOf = ({least, most}: Bounds) => z.number().int().min(least).max(most);
const steps = wholeOf(evalBounds.steps);
const maxNew = wholeOf(evalBounds.maxNew);
/** What an item is called in its file; items of one file have different ones. */
const id = z.string().max(200).optional();

/** A question: one whose answer is a text that follows, or one that is answered by the likeliest of several continuations. */
export const itemSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("text"),
    id,
    task: z.string().max(100),
    prompt: text,
    answer: text,
    /** Strings that end the answer. */
    until: z.array(text).max(16),
    filter: z.enum(answerFilters),
    /** Tokens of the answer at most, where the file says so. */
    max_new: maxNew.optional()
  }),
  z.strictObject({
    kind: z.literal("choice"),
    id,
    task: z.string().max(100),
    prompt: text,
    choices: z.array(text).min(2).max(MAX_CHOICES),
    /** Stands between the prompt and each choice, and counts for no choice's length. */
    delimiter: z.string().max(100),
    /** The prompt of each choice, where the choices differ in what stands before them; their lengths are what counts then. */
    contexts: z.array(text).max(MAX_CHOICES).optional(),
    /** Index of the right choice. */
    answer: z.number().int().min(0)
  })
]);
export type EvalItem = z.infer<typeof itemSchema>;

export const evalOptions = {
  ...engineOptions,
  /** Depths at which every item is answered. */
  steps: z
    .array(steps)
    .min(1)
    .max(MAX_DEPTHS)
    .default([...USUAL_DEPTHS]),
  /** Exit rules, each at the largest of the depths. */
  exits: z.array(z.string().max(100)).max(MAX_RULES).default([]),
  /** Cache strategies, each at the largest of the depths. */
  kv: z.array(z.string().max(100)).max(MAX_RULES).default([]),
  /** Tokens of an answer at most; as many as the right one has where nothing is said and it is compared as it stands. */
  max_new: maxNew.optional(),
  seed: wholeIn(evalBounds.seed),
  title: z.string().max(MAX_TITLE_CHARACTERS).optional()
};

/** One way of running the model: its depth, and the rule and the strategy where there is one. */
export const settingSchema = z.strictObject({steps, exit: z.string().nullable(), kv: z.string()});
export type EvalSetting = z.infer<typeof settingSchema>;

export const EVAL_SCHEMA = "orrery-eval/1";

/** What an evaluation is, as its folder says it: what is equal here gives equal results. */
export const evalSpecSchema = z.object({
  schema: z.literal(EVAL_SCHEMA),
  title: z.string().nullable(),
  /** Who asked for it; null where nobody has a name. */
  owner: z.string().nullable().default(null),
  model: z.object({
    name: z.string(),
    hash: z.string(),
    /** Steps that it was trained with (on average); absent in folders of earlier versions. */
    trained_steps: z.number().int().positive().optional()
  }),
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
const outcomeSchema = z.strictObject({
  right: z.boolean(),
  /** Of a choice: right once log-likelihoods are divided by the choices' lengths in characters, and in bytes. */
  right_normed: z.boolean().nullable(),
  right_bytes: z.boolean().nullable().default(null),
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

const share = z.number().nullable();

/** What some items come to under one setting. Shares are null where no item has the score, standard errors where fewer than two have. */
const scores = {
  /** Right answers: `acc` of choices and `exact_match` of texts together. */
  accuracy: z.number(),
  standard_error: share,
  n: z.number().int(),
  acc: share,
  acc_stderr: share,
  acc_norm: share,
  acc_norm_stderr: share,
  acc_bytes: share,
  acc_bytes_stderr: share,
  exact_match: share,
  exact_match_stderr: share,
  /** Means over the items. */
  mean_steps: z.number(),
  core_steps: z.number(),
  kv_bytes: z.number()
};
const scoresSchema = z.strictObject(scores);
export type EvalScores = z.infer<typeof scoresSchema>;

const settingSummarySchema = settingSchema.extend({...scores, tasks: z.record(z.string(), scoresSchema)});
export type SettingSummary = z.infer<typeof settingSummarySchema>;

const pair = z.tuple([z.number().int(), z.number().int()]);

export const evalSummarySchema = z.strictObject({
  /** Items answered so far, and all of them. */
  finished: z.number().int(),
  items: z.number().int(),
  /** Every depth without rule and with the full cache. */
  steps: z.array(settingSummarySchema),
  exits: z.array(settingSummarySchema),
  caches: z.array(settingSummarySchema),
  /** Items that were right at some depth and wrong at the deepest; and those that never were. */
  lost: z.number().int(),
  never: z.number().int(),
  /** Right and wrong among the settled (converging) and the others at the deepest run; null where no item has a label. */
  settling: z
    .strictObject({
      table: z.tuple([pair, pair]),
      odds_ratio: z.number().nullable(),
      /** Fisher's exact test, two-sided. */
      p: z.number(),
      sentence: z.string()
    })
    .nullable()
});
export type EvalSummary = z.infer<typeof evalSummarySchema>;

/** A result with its item, and where on the way it was right: a row of the table. */
export const evalRowSchema = itemResultSchema.extend({
  id: z.string().nullable(),
  prompt: z.string(),
  /** The right answer. */
  answer: z.string(),
  first_correct: z.number().int().nullable(),
  last_correct: z.number().int().nullable(),
  /** Right at some depth and wrong at the deepest. */
  lost: z.boolean()
});
export type EvalRow = z.infer<typeof evalRowSchema>;

/** What an evaluation will take, as far as it can be counted without computing. */
export const evalCostSchema = z.strictObject({
  items: z.number().int(),
  /** Items of each task. */
  tasks: z.record(z.string(), z.number().int()),
  settings: z.number().int(),
  /** Tokens of all prompts and answers. */
  tokens: z.number().int(),
  /** Steps of one position each, at most: exit rules leave earlier, and texts end earlier. */
  core_steps: z.number().int(),
  /** On the disk, about. */
  bytes: z.number().int()
});
export type EvalCost = z.infer<typeof evalCostSchema>;

/** A task that ships. */
export const taskSummarySchema = z.strictObject({
  name: z.string(),
  about: z.string(),
  items: z.number().int(),
  /** What its items are called in the table. */
  families: z.array(z.string())
});
export type TaskSummary = z.infer<typeof taskSummarySchema>;
