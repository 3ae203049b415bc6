import {logSoftmax} from "../loop/readoutRow.ts";
import type {Model} from "../model/family.ts";
import {advance} from "./advance.ts";
import type {DiffuseDemand} from "./diffuseDemand.ts";
import {freezeRule} from "./freezeRules.ts";
import {chooseToken, type SamplerOptions} from "./sampler.ts";
import type {Session} from "./session.ts";
import {mixedInputs, mixedStates, type WindowInputs} from "./waveMixing.ts";

export interface DiffuseOptions {
  readonly demand: DiffuseDemand;
  /** Steps of the prompt, and of a token for the freeze rules that count. */
  readonly steps: number;
  readonly maxNew: number;
  readonly sampler: SamplerOptions;
  /** Uniform numbers in [0, 1), for sampling. */
  readonly random: () => number;
  /** An id for a position that nothing was read for yet. */
  readonly guess: () => number;
  /** Fresh states [count, carriedWidth] of positions from `from` on. */
  readonly starts: (from: number, count: number) => Float32Array;
  /** What the states of an iteration are mixed with, likewise. */
  readonly noise: (iteration: number, from: number, count: number) => Float32Array;
  /** New positions go on from the window's last states: continuous compute. */
  readonly carries: boolean;
  readonly signal?: AbortSignal;
}

/** A token that will not change any more. */
export interface FrozenToken {
  readonly id: number;
  /** Steps that the position before it had taken. */
  readonly steps: number;
  /** ln p in the model's own distribution there. */
  readonly logprob: number;
}

/** The wavefront as an iteration left it. */
export interface WaveRow {
  /** The window's first position; those before it are done. */
  readonly at: number;
  /** Tokens of the window's positions. */
  readonly ids: readonly number[];
  /** Steps that each of them has taken; 0 where it is new. */
  readonly steps: readonly number[];
  /** Tokens that are frozen, the prompt's included. */
  readonly frozen: number;
  /** The freeze rule's values by position; null where it has none. Empty for a rule that has none at all. */
  readonly values: readonly (number | null)[];
}

interface WaveNews {
  readonly row: WaveRow;
  readonly tokens: readonly FrozenToken[];
}

/** The positions that are on their way. */
interface Wave {
  readonly at: number;
  readonly ids: readonly number[];
  /** [positions, carriedWidth] */
  readonly states: Float32Array;
  /** All tokens that are frozen. */
  readonly frozen: readonly number[];
  /** Steps of every position so far, and iterations in which its token stayed what it was. */
  readonly taken: number[];
  readonly stable: number[];
  /** What the positions read at the iteration before. */
  readonly inputs?: WindowInputs;
}

type Sizes = Pick<Model, "width" | "carriedWidth" | "vocab" | "maxTokens">;

/**
 * Diffusion-style decoding (Geiping et al. 2025, arXiv 2510.14961), as `generate_diffusion_style` does it (seal-rg/recurrent-pretraining
 * at 59e0b69): a window of positions at different depths advances together, a few steps an iteration. After each, its tokens are
 * read anew, `headway` positions are appended, and those freeze that have come to rest. A token that changed goes through the prelude again
 * while its position keeps its state. Ends after `maxNew` tokens, or the demand's `max_diffusion_steps` iterations.
 */
export async function* diffuse(
  session: Session,
  prompt: readonly number[],
  model: Sizes,
  options: DiffuseOptions
): AsyncGenerator<WaveNews, void, undefined> {
  const {demand, steps, maxNew, starts} = options;
  await session.extend(prompt, () => starts(0, prompt.length));
  const {logits} = await advance(session, model, options);
  const id = chooseToken(logits, prompt, options.sampler, options.random);
  let wave: Wave = {
    at: prompt.length,
    ids: [id],
    states: starts(prompt.length, 1),
    frozen: [...prompt, id],
    taken: prompt.map(() => steps),
    stable: []
  };
  yield {row: rowOf(wave, []), tokens: [{id, steps, logprob: logprobOf(logits, id)}]};
  const rule = freezeRule(wave.states, {
    strategy: demand.freeze_strategy,
    exitT: demand.exit_t,
    steps,
    innerRecurrence: demand.inner_recurrence,
    headway: demand.headway,
    maxWavefront: longestOf(demand)
  });
  for (let iteration = 0; wave.frozen.length - prompt.length < maxNew && iteration < demand.max_diffusion_steps; ++iteration) {
    const {at, ids, frozen, taken, stable} = wave;
    await advanceWave(session, wave, {...options, model, iteration, prompted: prompt.length});
    const read = await readWave(session, wave, {...options, model});
    countStable(wave, read.ids);
    const states = grown(session.state, wave, {...options, model});
    const width = model.carriedWidth;
    const {count = frozen.length, values} = rule.see({
      iteration,
      at,
      frozen: frozen.length,
      states,
      width,
      taken: taken.slice(at, at + ids.length),
      stable
    });
    const guesses = Array.from({length: demand.headway - 1}, options.guess);
    wave = nextWave(wave, {count, states, width, sequence: [...frozen, ...read.ids, ...guesses], starts, input: session.input});
    rule.keep(wave.states, at);
    const made = wave.frozen.slice(frozen.length);
    yield {
      row: rowOf(wave, values.slice(wave.at - at)),
      tokens: made.map((id, i) => ({id, steps: taken[frozen.length + i - 1], logprob: logprobOf(read.logits[i], id)}))
    };
  }
  session.truncate(wave.at);
}

const longestOf = ({max_wavefront}: DiffuseDemand): number => (max_wavefront === 0 ? Infinity : max_wavefront);

interface Advancing extends DiffuseOptions {
  readonly model: Sizes;
  readonly iteration: number;
  readonly prompted: number;
}

/** Takes the window up anew, its states mixed with noise and its inputs with the earlier ones, and runs it a few steps. */
async function advanceWave(
  session: Session,
  {at, ids, states, taken, inputs}: Wave,
  {model, demand, steps, iteration, prompted, noise, signal}: Advancing
): Promise<void> {
  session.truncate(at);
  // The reference counts the prompt's steps for the first new position, too.
  const before = ids.map((_, i) => (taken[at + i] ?? 0) + (at + i === prompted ? steps : 0));
  await session.extend(
    ids,
    () => mixedStates(states, before, {width: model.carriedWidth, demand, noise: () => noise(iteration, at, ids.length)}),
    (own) => mixedInputs(own, {at, rows: ids.length, earlier: inputs, share: demand.ema_embeds})
  );
  while (session.steps < demand.inner_recurrence) {
    signal?.throwIfAborted();
    await session.step(demand.inner_recurrence - session.steps);
  }
  for (let i = 0; i < ids.length; ++i) taken[at + i] = (taken[at + i] ?? 0) + session.steps;
}

/** What the window says of the tokens that are not frozen, and of the next one. */
async function readWave(
  session: Session,
  {at, frozen}: Wave,
  {model: {width, vocab}, sampler, random}: DiffuseOptions & {readonly model: Sizes}
): Promise<{readonly ids: number[]; readonly logits: Float32Array[]}> {
  const rows = await session.read();
  const all = await session.head(rows.subarray((frozen.length - 1 - at) * width));
  const logits = Array.from({length: all.length / vocab}, (_, i) => all.subarray(i * vocab, (i + 1) * vocab));
  return {logits, ids: logits.map((row) => chooseToken(row, frozen, sampler, random))};
}

/** Frozen tokens stay, and so do those that are read again as they are. */
function countStable({at, ids, frozen, stable}: Wave, read: readonly number[]): void {
  for (let position = 0; position < at + ids.length; ++position)
    if (position < frozen.length || ids[position - at] === read[position - frozen.length]) stable[position] = (stable[position] ?? 0) + 1;
    else stable[position] ??= 0;
}

/** The window's states with those of the positions that are appended, as far as the window may grow. */
function grown(
  states: Float32Array,
  {at, ids}: Wave,
  {demand, model, starts, carries}: DiffuseOptions & {readonly model: Sizes}
): Float32Array {
  const {headway} = demand;
  const room = Math.max(0, Math.min(headway, longestOf(demand) - ids.length, model.maxTokens - at - ids.length));
  const width = model.carriedWidth;
  const added =
    carries && ids.length >= headway
      ? states.slice((ids.length - headway) * width, (ids.length - headway + room) * width)
      : starts(at + ids.length, room);
  const all = new Float32Array(states.length + added.length);
  all.set(states);
  all.set(added, states.length);
  return all;
}

interface Moving {
  /** Tokens that are frozen now. */
  readonly count: number;
  readonly states: Float32Array;
  readonly width: number;
  /** Frozen tokens, those that were read, and guesses after them. */
  readonly sequence: readonly number[];
  readonly starts: DiffuseOptions["starts"];
  readonly input: Float32Array;
}

/** The window from the last frozen token on. */
function nextWave(wave: Wave, {count, states, width, sequence, starts, input}: Moving): Wave {
  const at = count - 1;
  const left = states.subarray((at - wave.at) * width);
  const own = left.length > 0 ? left : starts(at, 1); // a window of one position moves on whole
  return {
    ...wave,
    at,
    ids: sequence.slice(at, at + own.length / width),
    states: own,
    frozen: sequence.slice(0, count),
    inputs: {at: wave.at, rows: input}
  };
}

const rowOf = ({at, ids, taken, frozen}: Wave, values: readonly number[]): WaveRow => ({
  at,
  ids,
  steps: ids.map((_, i) => taken[at + i] ?? 0),
  frozen: frozen.length,
  values: values.map((value) => (Number.isFinite(value) ? value : null))
});

const logprobOf = (logits: Float32Array, id: number): number => logSoftmax(logits, new Float32Array(logits.length))[id];
