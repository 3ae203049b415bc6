import {z} from "zod";
import {wholeIn} from "../boundedNumber.ts";
import {eigenvalueBounds, seedBounds} from "../bounds.ts";
import {engineOptions} from "../engine/engineOptions.ts";
import {BIFURCATIONS} from "./bifurcation.ts";

export const MOST_PERIOD = 64; // as many Jacobians are applied for each vector

/** Which spectra of a run: a plain message, as the service takes it. */
export const spectrumSpecSchema = z.strictObject({
  /** The trace folder. */
  dir: z.string().min(1),
  /** The folder of the checkpoint that made it. */
  model: z.string().min(1),
  ...engineOptions,
  init: z.number().int().min(0).default(0),
  /** Tokens whose blocks are asked for; all without. */
  tokens: z.array(z.number().int().min(0)).min(1).readonly().optional(),
  count: wholeIn(eigenvalueBounds),
  /** Whether to follow the run's path for its Lyapunov exponents, too. */
  lyapunov: z.boolean().default(false),
  /** Steps of one turn of an orbit, whose Floquet multipliers are asked for. */
  period: z.number().int().min(1).max(MOST_PERIOD).optional(),
  seed: wholeIn(seedBounds)
});
export type SpectrumSpec = z.infer<typeof spectrumSpecSchema>;

const eigenvalue = z.tuple([z.number(), z.number()]);
const spectrum = {
  init: z.number().int(),
  /** [re, im], largest modulus first. */
  eigenvalues: z.array(eigenvalue),
  /** ‖Au − λu‖ of each, for its unit eigenvector u. */
  residuals: z.array(z.number())
};

const multipliers = {
  eigenvalues: spectrum.eigenvalues,
  residuals: spectrum.residuals,
  bifurcation: z.enum(BIFURCATIONS).nullable()
};

/** Leading eigenvalues of the core step's Jacobian at the last state of a run: each token's own block, and the whole sequence. */
export const runSpectrumSchema = z.object({
  tokens: z.array(z.object({index: z.number().int(), text: z.string(), ...spectrum})),
  sequence: z.object(spectrum),
  /** Leading Lyapunov exponents of the whole sequence along the path from the initial state, per step, largest first; where they were asked for. */
  lyapunov: z.array(z.number()).optional(),
  /** Floquet multipliers of the last `period` steps, and the bifurcation that lies near; where they were asked for. */
  floquet: z
    .object({
      period: z.number().int(),
      /** `closing`: distance between the states one period apart at the run's end, over the radius of the turn; near 0 on a cycle. */
      tokens: z.array(z.object({index: z.number().int(), closing: z.number(), ...multipliers})),
      sequence: z.object(multipliers)
    })
    .optional(),
  /** The step of the state, and the model that was asked. */
  step: z.number().int(),
  model: z.string(),
  hash: z.string()
});
export type RunSpectrum = z.infer<typeof runSpectrumSchema>;
