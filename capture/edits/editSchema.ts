import {z} from "zod";
import {Refusal} from "../trace/refusal.ts";
import {wholeIn} from "../boundedNumber.ts";
import {MAX_EDITS, MAX_PROMPT_CHARACTERS, seedBounds} from "../bounds.ts";

const index = z.number().int().min(0).max(1_000_000);
const MAX_VECTOR = 1 << 20; // the longest site, a vocabulary's logits, with room to spare

const where = {
  /** A site's name; see sitesOf. */
  site: z.string().max(100),
  /** The step, 0 for the initial state; defaults to every step at which the site has a value. */
  step: index.optional(),
  /** First and last step, both included. */
  steps: z.tuple([index, index]).optional(),
  /** Positions in the sequence; defaults to all. */
  tokens: z.array(index).min(1).max(100_000).optional(),
  /** Defaults to all. */
  inits: z.array(index).min(1).max(100_000).optional()
};
/** A vector as long as the site is wide, or one number for all its entries. */
const vector = z.union([z.number(), z.array(z.number()).min(1).max(MAX_VECTOR)]);

/** Noise schedules of the reference's test_time_noise_type. */
export const noiseTypes = ["fixed", "geom", "sqrt", "line", "chi"] as const;
export type NoiseType = (typeof noiseTypes)[number];

const operations = [
  /** The site's value becomes the vector. */
  z.strictObject({op: z.literal("set"), ...where, vector}),
  /** The vector, times `scale`, is added. */
  z.strictObject({op: z.literal("add"), ...where, vector, scale: z.number().default(1)}),
  /** The value is multiplied: 0 ablates, 1 changes nothing. */
  z.strictObject({op: z.literal("scale"), ...where, factor: z.number()}),
  /** From a step on, the prelude of another sequence of the same length is injected. */
  z.strictObject({
    op: z.literal("swap_input"),
    from: index.min(1),
    prompt: z.string().min(1).max(MAX_PROMPT_CHARACTERS).optional(),
    token_ids: z.array(index).min(1).optional()
  }),
  /** Tokens keep the state that they have at a step. */
  z.strictObject({op: z.literal("freeze"), tokens: z.array(index).min(1), from: index}),
  /** The reference's test-time noise: the state that a step reads is mixed with normal noise and normalised again. */
  z.strictObject({
    op: z.literal("noise"),
    amount: z.number().positive().max(1000),
    type: z.enum(noiseTypes).default("fixed"),
    seed: wholeIn(seedBounds)
  })
] as const;

/** One change to a run. An edit file is a JSON list of these. */
export const editSchema = z.discriminatedUnion("op", operations, {
  error: `expected one of ${operations.map(({shape}) => shape.op.value).join(", ")}, and in a file patch`
});

export type Edit = z.infer<typeof editSchema>;
export type SiteEdit = Extract<Edit, {site: string}>;

const editsSchema = z.array(editSchema).max(MAX_EDITS);

/** Checks the form of an edit list. Throws an Error that names the edit and its key. */
export function parseEdits(json: unknown): Edit[] {
  const parsed = editsSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const {path, message} = parsed.error.issues[0];
  throw new Refusal(
    path.length === 0
      ? `invalid edits: ${message.toLowerCase()}`
      : `invalid edit ${String(path[0])}${path.length > 1 ? `, ${path.slice(1).join(".")}` : ""}: ${message.toLowerCase()}`
  );
}
