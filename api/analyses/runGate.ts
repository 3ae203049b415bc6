import {exitDistribution, exitStepAt} from "../../analysis/exit/exitDistribution.ts";
import type {Engine} from "../../capture/engine/engine.ts";
import {carriedAt} from "../../capture/engine/carriedAt.ts";
import {weightedLogits, type WeightedStep} from "../../capture/loop/weightedReadout.ts";
import {logSoftmax, topOf} from "../../capture/loop/readoutRow.ts";
import {EXIT_GATE} from "../../capture/trace/readoutNames.ts";
import type {TraceReader} from "../../capture/trace/reader.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

interface GateQuestion {
  readonly init: number;
  /** Thresholds of the running sum. */
  readonly thresholds: readonly number[];
  /** The model that made the run, for the weighted readout; without it there is none. */
  readonly engine?: Engine;
}

export interface TokenGate {
  readonly index: number;
  readonly text: string;
  /** λ of each step from 1 to the loops that the model was trained with, or to the last one written or taken where those are fewer. */
  readonly gate: readonly number[];
  /** The probability of leaving at each of them; the last one takes what is left. */
  readonly exit: readonly number[];
  readonly sum: readonly number[];
  /** For each threshold, the first step whose sum has reached it. */
  readonly leaves: readonly {readonly q: number; readonly step: number}[];
  /** The likeliest next token of Σ p · logits. */
  readonly weighted: {readonly id: number; readonly logprob: number} | null;
}

/** What a run's own exit gate says, token by token. Throws a Refusal for a run whose model has none. */
export async function runGate(reader: TraceReader, {init, thresholds, engine}: GateQuestion): Promise<TokenGate[]> {
  const {trace} = reader;
  if (!trace.scalars.includes(EXIT_GATE))
    throw new Refusal(`no gate in this run: ${trace.family ?? "its model"} has none, or no readout was kept`);
  if (!(init < trace.inits.length)) throw new Refusal(`invalid init: ${init}; expected 0 to ${trace.inits.length - 1}`);
  const loops = Math.min(trace.trained_steps ?? trace.steps, trace.steps_written);
  if (loops < 1) throw new Refusal("invalid run: no step is written yet; expected at least one");
  const {shape, data} = (await reader.readReadout([EXIT_GATE]))![EXIT_GATE];
  const [, inits, tokens] = shape;
  const loopsOf = (token: number) => Math.min(loops, trace.generated?.steps[token] ?? loops); // a generated token may have left earlier
  const gatesOf = (token: number) => Float32Array.from({length: loopsOf(token)}, (_, t) => data[((t + 1) * inits + init) * tokens + token]);
  const exits = trace.tokens.map((_, token) => exitDistribution(gatesOf(token)));
  const weighted = engine && (await likeliest(reader, engine, {init, weights: exits.map(({pdf}) => pdf), loops}));
  return trace.tokens.map(({text}, index) => ({
    index,
    text,
    gate: [...gatesOf(index)],
    exit: [...exits[index].pdf],
    sum: [...exits[index].cdf],
    leaves: thresholds.map((q) => ({q, step: exitStepAt(exits[index], q)})),
    weighted: weighted?.[index] ?? null
  }));
}

interface WeightedQuestion {
  readonly init: number;
  /** By token, of each step from 1. */
  readonly weights: readonly Float32Array[];
  readonly loops: number;
}

async function likeliest(
  reader: TraceReader,
  engine: Engine,
  {init, weights, loops}: WeightedQuestion
): Promise<{id: number; logprob: number}[]> {
  async function* steps(): AsyncGenerator<WeightedStep> {
    for (let step = 1; step <= loops; ++step)
      yield {step, states: await carriedAt(reader, engine.model, {step, inits: [init]}), weights: weights.map((pdf) => pdf[step - 1] ?? 0)};
  }
  const {vocab} = engine.model;
  const logits = await weightedLogits(engine, steps(), {tokens: weights.length, prefix: reader.trace.prefix});
  return weights.map((_, token) => {
    const row = logits.subarray(token * vocab, (token + 1) * vocab);
    const [ids, logprobs] = [new Int32Array(1), new Float32Array(1)];
    topOf(logSoftmax(row, row), ids, logprobs);
    return {id: ids[0], logprob: logprobs[0]};
  });
}
