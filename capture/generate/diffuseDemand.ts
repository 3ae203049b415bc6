import {z} from "zod";
import {diffuseBounds, freezeStrategies} from "../bounds.ts";
import {numberIn, wholeIn} from "../boundedNumber.ts";

/** Options of diffusion-style decoding, under the names and with the defaults of the reference's `generate_diffusion_style`. */
export const diffuseDemandSchema = z.strictObject({
  /** Steps an iteration. */
  inner_recurrence: wholeIn(diffuseBounds.innerRecurrence),
  /** Positions that are appended an iteration. */
  headway: wholeIn(diffuseBounds.headway),
  freeze_strategy: z.enum(freezeStrategies).default("latent-diff"),
  /** Threshold of the latent strategies: a position whose value is below it freezes. */
  exit_t: numberIn(diffuseBounds.exitT),
  /** Positions at most that are on their way; 0 for no bound. */
  max_wavefront: wholeIn(diffuseBounds.maxWavefront),
  /** Share of the earlier input in a position's input: momentum. */
  ema_embeds: numberIn(diffuseBounds.emaEmbeds),
  /** Share of fresh noise in a state before an iteration, */
  state_noise_mixing: numberIn(diffuseBounds.stateNoiseMixing),
  /** divided by 1 + the steps that its position has taken, */
  dampened_state_mixer: z.boolean().default(true),
  /** and mixed by its root. */
  sqrt_mixer: z.boolean().default(false),
  /** Iterations at most. */
  max_diffusion_steps: wholeIn(diffuseBounds.maxDiffusionSteps)
});

export type DiffuseDemand = z.infer<typeof diffuseDemandSchema>;
