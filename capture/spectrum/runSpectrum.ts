import {z} from "zod";
import {engineOptions} from "../job/captureSpec.ts";
import type {Engine} from "../engine/engine.ts";
import {checkedHash} from "../model/checkedHash.ts";
import {openTrace} from "../trace/reader.ts";
import {lyapunovExponents} from "./lyapunov.ts";
import {jacobianSpectra} from "./spectrum.ts";

/** Which spectra of a run: a plain message, as the service takes it. */
export const spectrumSpecSchema = z.strictObject({
  /** The trace folder. */
  dir: z.string().min(1),
  /** The folder of the checkpoint that made it. */
  model: z.string().min(1),
  ...engineOptions,
  init: z.number().int().min(0).default(0),
  /** Tokens whose blocks are asked for; all without. */
  tokens: z.array(z.number().int().min(0)).min(1).optional(),
  count: z.number().int().min(1).max(64).default(8),
  /** Whether to follow the run's path for its Lyapunov exponents, too. */
  lyapunov: z.boolean().default(false),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(0)
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

/** Leading eigenvalues of the core step's Jacobian at the last state of a run: each token's own block, and the whole sequence. */
export const runSpectrumSchema = z.object({
  tokens: z.array(z.object({index: z.number().int(), text: z.string(), ...spectrum})),
  sequence: z.object(spectrum),
  /** Leading Lyapunov exponents of the whole sequence along the path from the initial state, per step, largest first; where they were asked for. */
  lyapunov: z.array(z.number()).optional(),
  /** The step of the state, and the model that was asked. */
  step: z.number().int(),
  model: z.string(),
  hash: z.string()
});
export type RunSpectrum = z.infer<typeof runSpectrumSchema>;

/** Throws an Error for Lyapunov exponents of an edited run (the path is made again, without its edits), for a model other than the run's (with both names), and a RangeError for tokens or an init that the run does not have. */
export async function runSpectrum(
  {dir, model, init, tokens, count, seed, lyapunov}: SpectrumSpec,
  {engine: engineOf}: {readonly engine: () => Promise<Engine>}
): Promise<RunSpectrum> {
  const reader = await openTrace(dir);
  try {
    const {trace} = reader;
    const hash = await checkedHash(model, trace);
    const step = reader.extentOf("state").lastStep;
    if (step < 0) throw new RangeError("invalid run: no state is written yet; expected at least one");
    const {data: state} = await reader.readSite("state", {steps: [step, step], inits: [init]});
    const {data: input} = await reader.readConstant("input");
    for (const token of tokens ?? [])
      if (token >= trace.tokens.length) throw new RangeError(`invalid token: ${token}; expected 0 to ${trace.tokens.length - 1}`);
    if (lyapunov && trace.edits.length > 0)
      throw new RangeError(`invalid run: ${trace.edits.length} edits; Lyapunov exponents are of runs without`);
    const engine = await engineOf();
    const spectra = await jacobianSpectra(engine, state, {inits: 1, input, seed, tokens, count});
    return {
      tokens: spectra.tokens.map(({token, eigenvalues, residuals}) => ({
        index: token,
        text: trace.tokens[token].text,
        init,
        ...plain(eigenvalues, residuals)
      })),
      ...(lyapunov && {
        lyapunov: await lyapunovExponents(engine, (await reader.readSite("state", {steps: [0, 0], inits: [init]})).data, {
          input,
          steps: step,
          seed,
          count
        })
      }),
      sequence: {init, ...plain(spectra.sequence[0].eigenvalues, spectra.sequence[0].residuals)},
      step,
      model: trace.model.name,
      hash
    };
  } finally {
    await reader.close();
  }
}

const plain = (eigenvalues: readonly (readonly [number, number])[], residuals: readonly number[]) => ({
  eigenvalues: eigenvalues.map(([re, im]): [number, number] => [re, im]),
  residuals: [...residuals]
});
