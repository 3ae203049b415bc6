import {uniformFloat64} from "pure-rand/distribution/uniformFloat64";
import {xoroshiro128plus} from "pure-rand/generator/xoroshiro128plus";
import type {Engine} from "../engine/engine.ts";
import {initialStates} from "../loop/initialState.ts";
import {diffuse, type WaveRow} from "./diffuse.ts";
import type {ExitPolicy} from "./exitPolicy.ts";
import {generate} from "./generate.ts";
import type {GenerateSpec} from "./generateSpec.ts";
import type {GenerationNews, MadeToken, ShownRow} from "./generationResult.ts";
import type {Tokenizer} from "../model/tokenizer.ts";
import type {SamplerOptions} from "./sampler.ts";
import type {Session} from "./session.ts";
import {speculate} from "./speculate.ts";
import {startsOf} from "./starts.ts";
import {warmStart} from "./warmStart.ts";

/** What the loop tells beside its tokens. */
export interface Tally {
  readonly promptSteps: number[];
  readonly wave: ShownRow[];
  /** Iterations of a wavefront that are not in `wave`: it is a picture, and has a bound. */
  leftOut: number;
  drafted: number;
  accepted: number;
  /** A wavefront's iterations were spent before its tokens were frozen. */
  isSpent: boolean;
}

interface SourceOptions {
  readonly engine: Engine;
  readonly ids: readonly number[];
  readonly steps: number;
  readonly exit?: ExitPolicy;
  readonly signal?: AbortSignal;
  readonly tally: Tally;
  readonly tokenizer: Tokenizer;
  readonly onNews: (news: GenerationNews) => void;
}

const MAX_WAVE_CELLS = 300_000; // positions × iterations: some 10 MB as JSON

/** A token as its source gives it. */
type Untold = Omit<MadeToken, "text">;

/** Tokens after a prompt, in the way that was asked for. */
export function tokenSource(spec: GenerateSpec, session: Session, options: SourceOptions): AsyncGenerator<Untold> {
  if (spec.speculate) return speculated(spec, session, options);
  return spec.diffuse ? diffused(spec, session, options) : chosen(spec, session, options);
}

/** Tokens one at a time. */
async function* chosen(
  spec: GenerateSpec,
  session: Session,
  {engine, ids, steps, exit, signal, tally}: SourceOptions
): AsyncGenerator<Untold> {
  const {model} = engine;
  const random = drawsOf(spec.seed);
  const source = generate(session, ids, model, {
    steps,
    exit,
    signal,
    random,
    minSteps: spec.min_steps,
    maxNew: spec.max_new,
    prefill: spec.prefill,
    starts: startsOf(model, spec),
    carry: await warmStart(engine, spec.warm_start),
    sampler: samplerOf(spec),
    onAdvanced: ({from, count, steps: taken}) => {
      if (from < ids.length) tally.promptSteps.push(...new Array<number>(count).fill(taken));
    }
  });
  for await (const {id, steps: taken, values, logprob} of source)
    yield {id, steps: taken, values: values.map((value) => (Number.isFinite(value) ? value : null)), logprob};
}

/** Tokens as the verification lets them through. */
async function* speculated(
  {speculate: demand, ...spec}: GenerateSpec,
  session: Session,
  {engine, ids, steps, signal, tally}: SourceOptions
): AsyncGenerator<Untold> {
  const {draft_steps: draftSteps, lookahead} = demand!;
  tally.promptSteps.push(...ids.map(() => steps));
  const starts = startsOf(engine.model, spec);
  for await (const round of speculate(session, ids, engine.model, {draftSteps, steps, lookahead, maxNew: spec.max_new, starts, signal})) {
    tally.drafted += round.drafted;
    tally.accepted += round.accepted;
    for (const id of round.ids) yield {id, steps, values: [], logprob: null};
  }
}

/** Tokens as the wavefront leaves them behind. */
async function* diffused(
  spec: GenerateSpec,
  session: Session,
  {engine: {model}, ids, steps, signal, tally, tokenizer, onNews}: SourceOptions
): AsyncGenerator<Untold> {
  const random = drawsOf(spec.seed);
  const show = waveShower(tally, {tokenizer, onNews});
  const starts = startsOf(model, spec);
  const own = (count: number) => new Float32Array(count * model.carriedWidth);
  tally.promptSteps.push(...ids.map(() => steps));
  let made = 0;
  for await (const {row, tokens} of diffuse(session, ids, model, {
    demand: spec.diffuse!,
    steps,
    maxNew: spec.max_new,
    signal,
    random,
    sampler: samplerOf(spec),
    carries: spec.warm_start === "raw",
    guess: () => Math.floor(random() * model.vocab),
    starts: (from, count) => starts(from, own(count)),
    noise: waveNoise(model, spec)
  })) {
    show(row);
    for (const token of tokens.slice(0, spec.max_new - made)) yield {...token, values: []};
    made += tokens.length;
  }
  tally.isSpent = made < spec.max_new;
}

/** Keeps the rows of the picture, and tells them. */
function waveShower(tally: Tally, {tokenizer, onNews}: Pick<SourceOptions, "tokenizer" | "onNews">): (row: WaveRow) => void {
  let cells = 0;
  return (row) => {
    cells += row.ids.length;
    if (cells > MAX_WAVE_CELLS) {
      ++tally.leftOut;
      return;
    }
    const shown = {...row, texts: row.ids.map((id) => tokenizer.text(id))};
    tally.wave.push(shown);
    onNews({wave: shown});
  };
}

const samplerOf = (spec: GenerateSpec): SamplerOptions => ({
  sample: spec.sample,
  temperature: spec.temperature,
  topK: spec.top_k,
  topP: spec.top_p,
  minP: spec.min_p,
  repetitionPenalty: spec.repetition_penalty
});

/** Uniform numbers for sampling: a stream that no initial state is drawn from. */
function drawsOf(seed: number): () => number {
  const stream = xoroshiro128plus(seed);
  stream.jump();
  return () => uniformFloat64(stream);
}

/** Fresh states of an iteration, drawn like initial ones from a seed of its own. */
function waveNoise(model: Engine["model"], {seed, init: {kind, scale}}: GenerateSpec) {
  const seeds = xoroshiro128plus(seed);
  for (let jump = 0; jump < 2; ++jump) seeds.jump(); // the draws of tokens have the stream between
  return (_iteration: number, _from: number, count: number): Float32Array =>
    initialStates(model, {inits: 1, tokens: count, kind, scale, seed: seeds.next()});
}
