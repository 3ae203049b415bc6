import {z} from "zod";
import {numberIn, wholeIn} from "../../capture/boundedNumber.ts";
import {answerTimes, experimentBounds, experimentLists, type ListBounds} from "./experimentBounds.ts";
import {landscapeModes} from "../../analysis/paths/landscape.ts";
import {startKinds} from "../../analysis/paths/start.ts";
import type {PathsSummary} from "../../analysis/paths/summary.ts";
import {captureOptions} from "../../capture/job/captureSpec.ts";
import {MAX_PROMPT_CHARACTERS} from "../../capture/bounds.ts";
import {engineOptions} from "../../capture/engine/engineOptions.ts";

/** A path-independence experiment: what is asked, what its folder says, and one line of its results. Names are snake_case, as in traces. */

export const EXPERIMENT_SCHEMA = "orrery-experiment/1";

const numbersIn = ({least, most, count, usual}: ListBounds) =>
  z
    .array(z.number().min(least).max(most))
    .max(count)
    .default([...usual]);

/** What can be told beside the model and the prompts; every one of them may change the results, so all of them are in the folder's spec. */
export const experimentOptions = {
  steps: captureOptions.steps,
  /** The model's own random starts. */
  inits: wholeIn(experimentBounds.inits),
  seed: captureOptions.seed,
  /** Starts of normal numbers with the spread of the injected input, for AA(noise). */
  noise: wholeIn(experimentBounds.noise),
  /** Starts at the final states of other prompts, for AA(swap). */
  swaps: wholeIn(experimentBounds.swaps),
  /** Further scales of the initial state; 0 is the zero state. */
  scales: numbersIn(experimentLists.scales),
  /** Starts at each further scale, along the directions of the first own starts. */
  scale_inits: wholeIn(experimentBounds.scale_inits),
  /** Starts with one number everywhere. */
  constants: numbersIn(experimentLists.constants),
  /** Relative distance up to which two places count as one. */
  tolerance: numberIn(experimentBounds.tolerance),
  /** Bootstrap draws behind each interval of a token. */
  resamples: wholeIn(experimentBounds.resamples),
  ...engineOptions,
  /** Whether answers are decoded at every step, or at the last one only (a large vocabulary costs more than the core). */
  answers: z.enum(answerTimes).default("every"),
  /** Prompts, by index, whose own starts are also kept as traces. */
  keep: z.array(z.number().int().min(0)).max(experimentLists.keep.count).default([])
};

export const experimentPromptSchema = z.object({
  prompt: z.string().min(1).max(MAX_PROMPT_CHARACTERS),
  /** The text that should follow; its tokens are then part of the run, all but the last. */
  answer: z.string().min(1).max(MAX_PROMPT_CHARACTERS).optional()
});
export type ExperimentPrompt = z.infer<typeof experimentPromptSchema>;

/** spec.json: what an experiment's folder is about. A folder goes on only under the same spec. */
export const experimentSpecSchema = z.strictObject({
  schema: z.literal(EXPERIMENT_SCHEMA),
  title: z.string(),
  model: z.object({
    name: z.string(),
    hash: z.string(),
    /** Steps that it was trained with (on average); absent in folders of earlier versions. */
    trained_steps: z.number().int().positive().optional()
  }),
  prompts: z.object({count: z.number().int().positive(), sha256: z.string()}),
  ...experimentOptions,
  software: z.object({name: z.string(), version: z.string()}),
  /** Who asked for it, where the server knows names; else absent. */
  owner: z.string().max(64).optional(),
  created: z.string()
});
export type ExperimentSpec = z.infer<typeof experimentSpecSchema>;
export type ExperimentOptions = Omit<ExperimentSpec, "schema" | "title" | "model" | "prompts" | "software" | "owner" | "created">;

const numberOrNull = z.number().nullable();
const intervalOrNull = z.tuple([z.number(), z.number()]).nullable();
const curve = z.array(numberOrNull);

const attractorSchema = z.object({
  /** Own starts that reached it. */
  share: z.number(),
  share_ci: z.tuple([z.number(), z.number()]),
  /** 1 for a fixed point; null for a motion not seen to come back. */
  period: numberOrNull,
  /** All starts that reached it, by kind and scale, as in {"normal 1": 16, "swap": 4}. */
  starts: z.record(z.string(), z.number().int()),
  /** Different phases, a step or more apart, at which the tested starts run along it. */
  phases: z.number().int(),
  /** What most of its starts decode to at the last step; null where nothing was decoded. */
  answer: z.string().nullable(),
  /** Whether all its starts decode to the right answer; null where it is not known, and for single tokens. */
  correct: z.boolean().nullable()
});

const basinSchema = z.object({
  kind: z.enum(startKinds),
  scale: z.number(),
  count: z.number().int(),
  reached: z.number().int(),
  elsewhere: z.number().int(),
  share: z.number(),
  share_ci: z.tuple([z.number(), z.number()])
});

/** What is said of a token, and of the whole sequence. Curves are by step, the initial state first. */
const unitSchema = z.object({
  verdict: z.enum(["independent", "dependent", "unfinished"]),
  independent: z.boolean(),
  /** Attractors that the tested starts reached, and phases seen on the main one. */
  reached: z.number().int(),
  phases: z.number().int(),
  /** Of the main attractor. */
  period: numberOrNull,
  aa_noise: numberOrNull,
  aa_noise_ci: intervalOrNull,
  aa_noise_above: numberOrNull,
  aa_swap: numberOrNull,
  aa_swap_ci: intervalOrNull,
  aa_swap_above: numberOrNull,
  final_cosine: numberOrNull,
  final_cosine_ci: intervalOrNull,
  final_cosine_least: numberOrNull,
  rate: numberOrNull,
  rate_ci: intervalOrNull,
  rate_window: z.tuple([z.number().int(), z.number().int()]).nullable(),
  rate_pairs: z.number().int(),
  noise_floor: z.number(),
  reached_step: z.number().int().nullable(),
  gap: curve,
  gap_largest: curve,
  attractors: z.array(attractorSchema),
  /** Starts of any kind that were still closing in when the run ended. */
  underway: z.number().int(),
  basin_radius: numberOrNull,
  /** Whether the radius is the largest scale swept: the basin goes at least that far. */
  basin_radius_is_bound: z.boolean()
});

const tokenResultSchema = z.object({
  index: z.number().int(),
  id: z.number().int(),
  text: z.string(),
  ...unitSchema.shape,
  /** Most probable next token of most own starts at the last step. */
  answer: z.object({id: z.number().int(), text: z.string()}).nullable(),
  /** Share of own starts with it at the last step. */
  answer_share: numberOrNull,
  answer_step: z.number().int().nullable(),
  /** Mean KL in nats over ordered pairs of own starts, at the last step; and from which step on it is at most 1e-3. */
  kl: numberOrNull,
  kl_step: z.number().int().nullable(),
  answer_share_by_step: curve,
  kl_by_step: curve
});
export type TokenResult = z.infer<typeof tokenResultSchema>;

/** One line of results.jsonl. */
export const promptResultSchema = z.object({
  index: z.number().int(),
  prompt: z.string(),
  answer: z.string().nullable(),
  /** The seed of its own starts: `orrery capture --seed` with it gives the same trajectories. */
  seed: z.number().int(),
  tokens: z.array(tokenResultSchema),
  sequence: z.object({...unitSchema.shape, basin: z.array(basinSchema)}),
  landscape: z.object({mode: z.enum(landscapeModes), correct: z.number().int(), own: z.number().int()}).nullable()
});
export type PromptResult = z.infer<typeof promptResultSchema>;

/** What a table says of a finished prompt, as its whole sequence goes: a result line without its curves and tokens. */
export const promptRowSchema = z.object({
  index: z.number().int(),
  prompt: z.string(),
  /** The right answer, where it is known. */
  answer: z.string().nullable(),
  tokens: z.number().int(),
  verdict: unitSchema.shape.verdict,
  reached: z.number().int(),
  phases: z.number().int(),
  period: numberOrNull,
  aa_noise: numberOrNull,
  aa_swap: numberOrNull,
  final_cosine: numberOrNull,
  rate: numberOrNull,
  rate_ci: intervalOrNull,
  reached_step: z.number().int().nullable(),
  basin_radius: numberOrNull,
  basin_radius_is_bound: z.boolean(),
  /** What most own starts decode to at the last step, and the share of own starts that end in that place; null where nothing was decoded or reached. */
  said: z.string().nullable(),
  said_share: numberOrNull,
  /** First step from which on all own starts decode alike at every token; null where they do not at the end. */
  answer_step: z.number().int().nullable(),
  mode: z.enum(landscapeModes).nullable(),
  /** Own starts with the right answer. */
  correct: z.number().int().nullable()
});
export type PromptRow = z.infer<typeof promptRowSchema>;

const bandSchema = z.object({low: curve, median: curve, high: curve});
const binSchema = z.object({from: z.number(), to: z.number(), count: z.number().int()});

/** What the prompts finished so far say together. Curves are by step, the initial state first. */
export const experimentOverviewSchema = z.object({
  finished: z.number().int(),
  /** The summary in sentences, as `orrery paths` prints it. */
  sentences: z.array(z.string()),
  /** PathsSummary in analysis/paths/summary.ts, of what is finished. */
  summary: z.record(z.string(), z.unknown()),
  /** Gap between the own starts of a prompt, quartiles over prompts; and the median noise floor. */
  gap: bandSchema,
  noise_floor: z.number(),
  /** Share of own starts with the most frequent next token, quartiles over prompts of the mean over their tokens; and the share of all tokens on which all own starts agree. Empty where nothing was decoded. */
  agreement: bandSchema,
  all_agree: curve,
  /** Mean KL between own starts' readouts, nats: quartiles over prompts of the mean over their tokens. */
  kl: bandSchema,
  /** Histograms of the alignments of all tokens, by the distance of the cosine from 1. */
  alignment: z.object({noise: z.array(binSchema), swap: z.array(binSchema)}),
  /** Prompts whose starts end in several places, the first hundred of them with all their attractors; and how many there are. */
  several: z.array(z.object({index: z.number().int(), prompt: z.string(), attractors: z.array(attractorSchema)})),
  several_count: z.number().int()
});
export type ExperimentOverview = Omit<z.infer<typeof experimentOverviewSchema>, "summary"> & {readonly summary: PathsSummary};
