import {z} from "zod";

// Nothing here knows of files, so that the page knows a line's shape by it, too.

const byDepth = z.record(z.string(), z.number().nullable());

/** What is seen of the model on rows that it was not trained on. */
const measuredSchema = z.object({
  /** Share of right answers by the number of steps. */
  accuracy: byDepth,
  /** The same for each kind of position; null where the rows hold none. */
  by_kind: z.record(z.string(), byDepth),
  /** How alike the tokens' states are at the deepest depth; see tokenCorrelation. */
  correlation: z.number().nullable(),
  /** Root mean square of the states' numbers there. */
  state_norm: z.number().nullable(),
  /** Modulus of the core step's leading eigenvalue there, over the whole first row; null where it is not to be had. */
  eigenvalue: z.number().nullable()
});
export type Measured = z.infer<typeof measuredSchema>;

/** A line of log.jsonl. Update 0 is the model before training. */
export const logLineSchema = z.object({
  update: z.number().int().min(0),
  loss: z.number().nullable(),
  /** Length of all gradients together, before clipping. */
  gradient_norm: z.number().nullable(),
  rate: z.number().nullable(),
  /** Steps of the update without a gradient, and with one. */
  before: z.number().int().nullable(),
  through: z.number().int().nullable(),
  measured: measuredSchema.nullable()
});
export type LogLine = z.infer<typeof logLineSchema>;
