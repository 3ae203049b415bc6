import {z} from "zod";

/** The picture that shows one trajectory's label; re-exported by the contract. */

/** GET /api/runs/:run/portrait?token=164&init=0&site=state */
export const portraitQuerySchema = z.strictObject({
  token: z.coerce.number().int().min(0),
  init: z.coerce.number().int().min(0).default(0),
  site: z.string().max(100).default("state")
});
export type PortraitQuery = z.infer<typeof portraitQuerySchema>;

/**
 * What a portrait says in words and single numbers: the metadata `portrait` of its message. Steps are those of the run, lengths shares of the last
 * state's norm. Beside it the tensors `points` [steps, inits, 2] (for converging: radii log₁₀(1 + distance / noise floor)), `along` [steps, inits],
 * `fitted` [steps of the window], `curve` [points, 2] and `recurrence` [n, n].
 */
export const portraitInfoSchema = z.object({
  token: z.number().int(),
  init: z.number().int(),
  /** The initial states that are drawn, the inits of `points` and `along`. */
  inits: z.array(z.number().int()),
  pattern: z.enum(["converging", "orbit", "slider"]),
  first_step: z.number().int(),
  window: z.tuple([z.number().int(), z.number().int()]),
  /** Of an orbit, or of a spiral. */
  period: z.number().nullable(),
  rate: z.number().nullable(),
  drift_speed: z.number().nullable(),
  noise_floor: z.number(),
  /** Share of the squared distances from the centre, over the window, that the plane shows. */
  share: z.number(),
  /** Root mean square distance per state of the window from the fit, in full dimension. */
  residual: z.number(),
  /** Where the phase is 0; a fraction. */
  phase_step: z.number(),
  great_circle: z.boolean(),
  /** Coordinates that the label weighs down by their noise, and the picture leaves out. */
  left_out: z.array(z.number().int()).default([]),
  recurrence_from: z.number().int(),
  /** By place in `inits`: how each stands to the one drawn in colour, and by how many steps it is shifted. */
  companions: z.array(z.object({relation: z.enum(["same", "closing", "phase", "apart"]), lag: z.number()}))
});
export type PortraitInfo = z.infer<typeof portraitInfoSchema>;
