import {z} from "zod";

/** GET /api/runs/:run/exits: what each exit rule would have done with the run's trajectories. */
export const exitsSchema = z.object({
  steps: z.number().int(),
  rules: z.array(
    z.object({
      name: z.string(),
      threshold: z.number(),
      formula: z.string(),
      source: z.string(),
      /** At the rule's own threshold, in the order [init][token], of the trajectories that the run tells it of; `step` is null where it would have gone to the end, `kl` (nats) where it is not known. */
      tokens: z.array(
        z.object({
          index: z.number().int(),
          init: z.number().int(),
          step: z.number().int().nullable(),
          same: z.boolean(),
          kl: z.number().nullable()
        })
      ),
      /** Over all trajectories, by threshold: share of steps saved, mean KL to the full run in nats, share of answers that are the same. */
      trades: z.array(z.object({threshold: z.number(), saved: z.number(), kl: z.number().nullable(), same: z.number()}))
    })
  ),
  /** Rules that the run does not hold enough for, or not for all trajectories, and why. */
  missing: z.array(z.object({name: z.string(), why: z.string()}))
});
export type Exits = z.infer<typeof exitsSchema>;
