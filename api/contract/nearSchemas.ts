import {z} from "zod";
import {wholeTextIn} from "../../capture/boundedNumber.ts";

const index = z.coerce.number().int().min(0);

/** GET /api/runs/:run/near?token=164&init=0&step=64&site=state&count=8 */
export const nearQuerySchema = z.strictObject({
  token: index,
  init: index.default(0),
  step: index,
  site: z.string().max(100).default("state"),
  count: wholeTextIn({least: 1, most: 100, usual: 8})
});
export type NearQuery = z.infer<typeof nearQuerySchema>;

/** The other trajectories of the run that come nearest to one state, each where it is nearest, the nearest first; distances relative to the norm of that state. */
export const nearAnswerSchema = z.object({
  near: z.array(
    z.object({
      init: z.number().int(),
      index: z.number().int(),
      text: z.string(),
      step: z.number().int(),
      distance: z.number()
    })
  )
});
export type NearAnswer = z.infer<typeof nearAnswerSchema>;
