import {z} from "zod";
import {CONDITIONAL} from "../../capture/model/notOffered.ts";
import {MAX_PROMPT_CHARACTERS} from "../../capture/bounds.ts";

const MAX_CARD_CHARACTERS = 2000;

/** `card.json` in a checkpoint's folder, or what its README.md begins with. */
export const modelCardSchema = z.object({
  about: z.string().max(MAX_CARD_CHARACTERS),
  /** Prompts to begin with, in the form that the model was trained on. */
  examples: z.array(z.object({prompt: z.string().min(1).max(MAX_CARD_CHARACTERS), about: z.string().max(200)})).max(12)
});
export type ModelCard = z.infer<typeof modelCardSchema>;

const modelSummarySchema = z.object({
  /** Of its folder; one that no address can have is told with its error. */
  name: z.string(),
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
  /** Ways to read a state, the model's own first, and what each computes of a state hₜ. */
  lenses: z.array(z.string()),
  lens_formulas: z.record(z.string(), z.string()),
  /** What the initial states of a capture are, in half a sentence. */
  starts: z.string(),
  /** Keys and values that one step keeps apart: sizes of compressed caches divide it or are its multiples. */
  step_attentions: z.number().int(),
  /** What it cannot be asked, and why, half a sentence each; `chat` is a prompt through a chat template. */
  not_offered: z.partialRecord(z.enum([...CONDITIONAL, "chat"]), z.string()),
  /** What its makers say of it; null where they say nothing. */
  card: modelCardSchema.nullable(),
  /** Why the folder cannot be used, or null; the numbers above are then 0. */
  error: z.string().nullable()
});
export type ModelSummary = z.infer<typeof modelSummarySchema>;
export const modelListSchema = z.object({models: z.array(modelSummarySchema)});

export const tokeniseRequestSchema = z.strictObject({prompt: z.string().max(MAX_PROMPT_CHARACTERS)});
/** POST /api/models/:model/words: the ids of a readout, each once. */
export const wordsRequestSchema = z.strictObject({ids: z.array(z.number().int().min(0)).max(200_000)});
/** GET /api/runs/:run/texts: how the readout's tokens read, by id, as the run keeps them; empty where it keeps none. */
export const textsSchema = z.object({texts: z.record(z.string(), z.string())});
export const tokensSchema = z.object({tokens: z.array(z.object({id: z.number().int(), text: z.string()}))});
