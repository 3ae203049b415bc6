import {carriedAt} from "../engine/carriedAt.ts";
import {checkedHash} from "../engine/checkedHash.ts";
import type {Engine} from "../engine/engine.ts";
import {INPUT} from "../model/site.ts";
import {openTrace, type TraceReader} from "../trace/reader.ts";
import {Refusal} from "../trace/refusal.ts";
import type {Spectrum} from "./arnoldi.ts";
import {bifurcationOf} from "./bifurcation.ts";
import {closingOf, floquetMultipliers} from "./floquet.ts";
import {lyapunovExponents} from "./lyapunov.ts";
import {jacobianSpectra} from "./spectrum.ts";
import type {RunSpectrum, SpectrumSpec} from "./spectrumSchema.ts";

/** What the step is given along a run, and how its spectra are made. */
interface Along {
  readonly input: Float32Array;
  readonly prefix: number;
  readonly seed: number;
  readonly count: number;
}

/** Throws an Error for a model other than the run's (with both names), and a Refusal for Lyapunov exponents of an edited run (the path is made again, without its edits), for tokens, an init or a period that the run does not have, and for a state that is not finite. */
export async function runSpectrum(spec: SpectrumSpec, {engine: engineOf}: {readonly engine: () => Promise<Engine>}): Promise<RunSpectrum> {
  const {dir, model, init, tokens, count, seed, lyapunov, period} = spec;
  const reader = await openTrace(dir);
  try {
    const {trace} = reader;
    const hash = await checkedHash(model, trace);
    const step = reader.extentOf("state").lastStep;
    refuseOutside(spec, {trace, step});
    const engine = await engineOf();
    const stateAt = (at: number) => carriedAt(reader, engine.model, {step: at, inits: [init]});
    const state = await stateAt(step);
    if (!state.every(Number.isFinite))
      throw new Refusal(
        `invalid run: the state at step ${step} of init ${init} is not finite (it overflowed); spectra are of finite states`,
        {
          kind: "unusable"
        }
      );
    const along: Along = {input: await inputOf(reader, engine), prefix: trace.prefix, seed, count};
    const {tokens: blocks, sequence} = await jacobianSpectra(engine, state, {...along, inits: 1, tokens});
    const chosen = tokens ?? [...trace.tokens.keys()];
    return {
      tokens: blocks.map(({token, ...found}) => ({index: token, text: trace.tokens[token].text, init, ...plain(found)})),
      ...(lyapunov && {lyapunov: await lyapunovExponents(engine, await stateAt(0), {...along, steps: step})}),
      ...(period !== undefined && {floquet: await turnOf(engine, await lastTurn(stateAt, step, period), {...along, tokens: chosen})}),
      sequence: {init, ...plain(sequence[0])},
      step,
      model: trace.model.name,
      hash
    };
  } finally {
    await reader.close();
  }
}

function refuseOutside(
  {tokens, lyapunov, period}: SpectrumSpec,
  {trace, step}: {readonly trace: TraceReader["trace"]; readonly step: number}
): void {
  if (step < 0) throw new Refusal("invalid run: no state is written yet; expected at least one");
  for (const token of tokens ?? [])
    if (token >= trace.tokens.length) throw new Refusal(`invalid token: ${token}; expected 0 to ${trace.tokens.length - 1}`);
  if (lyapunov && trace.edits.length > 0)
    throw new Refusal(`invalid run: ${trace.edits.length} edits; Lyapunov exponents are of runs without`);
  if (period !== undefined && period > step) throw new Refusal(`invalid period: ${period}; expected 1 to ${step}, the steps of the run`);
}

const inputOf = async (reader: TraceReader, {model}: Engine): Promise<Float32Array> =>
  model.inputWidth > 0 ? (await reader.readConstant(INPUT)).data : new Float32Array(0);

/** The states of a run's last turn, and the one that comes after it: one more than steps in a period. */
const lastTurn = (stateAt: (step: number) => Promise<Float32Array>, last: number, period: number): Promise<Float32Array[]> =>
  Promise.all(Array.from({length: period + 1}, (_, i) => stateAt(last - period + i)));

async function turnOf(
  engine: Engine,
  turn: readonly Float32Array[],
  {tokens, ...along}: Along & {readonly tokens: readonly number[]}
): Promise<RunSpectrum["floquet"]> {
  const found = await floquetMultipliers(engine, turn.slice(0, -1), {...along, tokens});
  const closing = closingOf(turn, engine.model.carriedWidth);
  return {
    period: turn.length - 1,
    tokens: found.tokens.map((one, i) => ({index: tokens[i], closing: closing[tokens[i]], ...named(one)})),
    sequence: named(found.sequence)
  };
}

const plain = ({eigenvalues, residuals}: Spectrum) => ({
  eigenvalues: eigenvalues.map(([re, im]): [number, number] => [re, im]),
  residuals: [...residuals]
});

const named = (found: Spectrum) => ({...plain(found), bifurcation: bifurcationOf(found.eigenvalues)});
