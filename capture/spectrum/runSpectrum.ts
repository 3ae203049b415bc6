import type {Engine} from "../engine/engine.ts";
import {checkedHash} from "../engine/checkedHash.ts";
import {carriedAt} from "../engine/carriedAt.ts";
import {INPUT} from "../model/site.ts";
import {openTrace} from "../trace/reader.ts";
import type {Spectrum} from "./arnoldi.ts";
import {bifurcationOf} from "./bifurcation.ts";
import {floquetMultipliers} from "./floquet.ts";
import {lyapunovExponents} from "./lyapunov.ts";
import {jacobianSpectra} from "./spectrum.ts";
import type {RunSpectrum, SpectrumSpec} from "./spectrumSchema.ts";
import {Refusal} from "../trace/refusal.ts";

/** Throws an Error for Lyapunov exponents of an edited run (the path is made again, without its edits), for a model other than the run's (with both names), and a Refusal for tokens or an init that the run does not have. */
export async function runSpectrum(
  {dir, model, init, tokens, count, seed, lyapunov, period}: SpectrumSpec,
  {engine: engineOf}: {readonly engine: () => Promise<Engine>}
): Promise<RunSpectrum> {
  const reader = await openTrace(dir);
  try {
    const {trace} = reader;
    const hash = await checkedHash(model, trace);
    const step = reader.extentOf("state").lastStep;
    if (step < 0) throw new Refusal("invalid run: no state is written yet; expected at least one");
    for (const token of tokens ?? [])
      if (token >= trace.tokens.length) throw new Refusal(`invalid token: ${token}; expected 0 to ${trace.tokens.length - 1}`);
    if (lyapunov && trace.edits.length > 0)
      throw new Refusal(`invalid run: ${trace.edits.length} edits; Lyapunov exponents are of runs without`);
    if (period !== undefined && period > step) throw new Refusal(`invalid period: ${period}; expected 1 to ${step}, the steps of the run`);
    const engine = await engineOf();
    const stateAt = (at: number) => carriedAt(reader, engine.model, {step: at, inits: [init]});
    const [state, {prefix}] = [await stateAt(step), trace];
    const input = engine.model.inputWidth > 0 ? (await reader.readConstant(INPUT)).data : new Float32Array(0);
    if (!state.every(Number.isFinite))
      throw new Refusal(
        `invalid run: the state at step ${step} of init ${init} is not finite (it overflowed); spectra are of finite states`,
        {
          kind: "unusable"
        }
      );
    const spectra = await jacobianSpectra(engine, state, {inits: 1, input, prefix, seed, tokens, count});
    const turn = period === undefined ? [] : await Promise.all(Array.from({length: period}, (_, i) => stateAt(step - period + i)));
    const chosen = tokens ?? [...trace.tokens.keys()];
    const cycle = period === undefined ? undefined : await floquetMultipliers(engine, turn, {input, prefix, seed, tokens: chosen, count});
    return {
      tokens: spectra.tokens.map(({token, eigenvalues, residuals}) => ({
        index: token,
        text: trace.tokens[token].text,
        init,
        ...plain(eigenvalues, residuals)
      })),
      ...(lyapunov && {
        lyapunov: await lyapunovExponents(engine, await stateAt(0), {
          input,
          prefix,
          steps: step,
          seed,
          count
        })
      }),
      ...(cycle && {
        floquet: {
          period: period!,
          tokens: cycle.tokens.map((found, i) => ({index: chosen[i], ...named(found)})),
          sequence: named(cycle.sequence)
        }
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

const named = ({eigenvalues, residuals}: Spectrum) => ({...plain(eigenvalues, residuals), bifurcation: bifurcationOf(eigenvalues)});
