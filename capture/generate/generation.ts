import {uniformFloat64} from "pure-rand/distribution/uniformFloat64";
import {xoroshiro128plus} from "pure-rand/generator/xoroshiro128plus";
import type {Engine} from "../engine/engine.ts";
import {loadCheckpoint} from "../families/loadCheckpoint.ts";
import type {Checkpoint} from "../model/checkpoint.ts";
import {Refusal} from "../trace/refusal.ts";
import {cacheStrategy} from "./cacheStrategy.ts";
import type {ExitPolicy} from "./exitPolicy.ts";
import {generate} from "./generate.ts";
import type {GenerateSpec} from "./generateSpec.ts";
import type {GenerationNews, GenerationResult, MadeToken} from "./generationResult.ts";
import {keepTrace, KEPT_TOP} from "./keepTrace.ts";
import {recordSession} from "./positionRecord.ts";
import {preparePrompt, type PreparedPrompt} from "./prompt.ts";
import {openSession, type Session} from "./session.ts";
import {speculate} from "./speculate.ts";
import {startsOf} from "./starts.ts";
import {stepAttentions} from "./stepAttentions.ts";
import {warmStart} from "./warmStart.ts";
import {shownLength, stopIn} from "./stopping.ts";

interface GenerationOptions {
  /** The loaded model; called when all that can be checked without it has been. */
  readonly engine: () => Promise<Engine>;
  /** The rule that `spec.exit` names. */
  readonly exit?: ExitPolicy;
  /** Ends the generation; what was made so far is the result. */
  readonly signal?: AbortSignal;
  readonly onToken?: (news: GenerationNews) => void;
  readonly now?: () => Date;
}

/** Runs a generation. Throws a Refusal, before anything is computed, for a demand that the model cannot meet. */
export async function generation(
  spec: GenerateSpec,
  {engine: engineOf, exit, signal, onToken = () => {}, now = () => new Date()}: GenerationOptions
): Promise<GenerationResult> {
  const checkpoint = await loadCheckpoint(spec.model);
  await checkpoint.close();
  const prepared = await prepare(spec, checkpoint);
  signal?.throwIfAborted();
  const engine = await engineOf();
  const created = now();
  const begun = performance.now();
  const plain = openSession(engine, {strategy: spec.kv});
  const recorded = spec.keep === undefined ? undefined : recordSession(plain, engine, {top: KEPT_TOP, steps: prepared.steps});
  const session = recorded ?? plain;
  const made = await run(spec, session, {engine, exit, signal, onToken, ...prepared});
  const seconds = (performance.now() - begun) / 1000;
  const {ids, tokenizer} = prepared;
  if (recorded)
    await keepTrace({...spec, keep: spec.keep!}, await recorded.finish(), {engine, checkpoint, tokenizer, prompted: ids.length, created});
  const {text, tokens, stopped, tally} = made;
  return {
    text,
    prompt_tokens: tokenizer.tokens(ids).map((token, i) => ({...token, steps: tally.promptSteps[i] ?? 0})),
    tokens,
    stopped,
    kv_bytes: session.bytes,
    core_steps: session.coreSteps,
    seconds,
    ...(spec.speculate && {drafted: tally.drafted, accepted: tally.accepted}),
    ...(spec.keep !== undefined && {run: spec.keep})
  };
}

interface Prepared extends PreparedPrompt {
  readonly steps: number;
}

async function prepare(spec: GenerateSpec, {folder, model}: Checkpoint): Promise<Prepared> {
  cacheStrategy(spec.kv, stepAttentions(model).length);
  if (spec.warm_start === "normed" && !model.stateNorm)
    throw new Refusal(`invalid warm_start: normed; ${model.family} has no norm after its loop, expected none or raw`);
  return {...(await preparePrompt(folder, model, spec)), steps: spec.steps ?? model.trainedSteps};
}

interface RunOptions extends Prepared, Pick<GenerationOptions, "exit" | "signal"> {
  readonly engine: Engine;
  readonly onToken: (news: GenerationNews) => void;
}

/** What the loop tells beside its tokens. */
interface Tally {
  readonly promptSteps: number[];
  drafted: number;
  accepted: number;
}

interface Made extends Pick<GenerationResult, "text" | "tokens" | "stopped"> {
  readonly tally: Tally;
}

/** Takes tokens until one of them, or the text that they make, is an end. */
async function run(spec: GenerateSpec, session: Session, options: RunOptions): Promise<Made> {
  const {stopIds, tokenizer, onToken, signal} = options;
  const tokens: MadeToken[] = [];
  const tally: Tally = {promptSteps: [], drafted: 0, accepted: 0};
  let text = "";
  try {
    for await (const token of (spec.speculate ? speculated : chosen)(spec, session, {...options, tally})) {
      if (stopIds.has(token.id)) return {text, tokens, stopped: "token", tally};
      tokens.push({...token, text: tokenizer.text(token.id)});
      const all = tokenizer.decode(tokens.map(({id}) => id));
      const stop = stopIn(all, spec.stop);
      text = stop?.text ?? all;
      onToken({token: tokens[tokens.length - 1], text: stop ? text : text.slice(0, shownLength(text, spec.stop))});
      if (stop) return {text, tokens, stopped: "string", tally};
    }
  } catch (error) {
    if (!signal?.aborted) throw error;
    return {text, tokens, stopped: "cancelled", tally};
  }
  return {text, tokens, stopped: "length", tally};
}

type Untold = Omit<MadeToken, "text">;
type SourceOptions = RunOptions & {readonly tally: Tally};

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
    sampler: {
      sample: spec.sample,
      temperature: spec.temperature,
      topK: spec.top_k,
      topP: spec.top_p,
      minP: spec.min_p,
      repetitionPenalty: spec.repetition_penalty
    },
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

/** Uniform numbers for sampling: a stream that no initial state is drawn from. */
function drawsOf(seed: number): () => number {
  const stream = xoroshiro128plus(seed);
  stream.jump();
  return () => uniformFloat64(stream);
}
