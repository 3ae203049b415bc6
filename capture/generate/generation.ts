import type {Engine} from "../engine/engine.ts";
import {loadCheckpoint} from "../families/loadCheckpoint.ts";
import {notOffered} from "../model/notOffered.ts";
import type {Checkpoint} from "../model/checkpoint.ts";
import {ownPrefix} from "../model/family.ts";
import {Refusal} from "../trace/refusal.ts";
import {refuseOccupied} from "../trace/writer.ts";
import {cacheStrategy, sharesSlots} from "./cacheStrategy.ts";
import type {ExitPolicy} from "./exitPolicy.ts";
import type {GenerateSpec} from "./generateSpec.ts";
import type {GenerationNews, GenerationResult, MadeToken} from "./generationResult.ts";
import {keepTrace} from "./keepTrace.ts";
import {recordSession, type PositionRecord, type RecordedSession} from "./positionRecord.ts";
import {preparePrompt, type PreparedPrompt} from "./prompt.ts";
import {openSession, type Session} from "./session.ts";
import {stepAttentions} from "./stepAttentions.ts";
import {shownLength, stopIn} from "./stopping.ts";
import {tokenSource, type Tally} from "./tokenSource.ts";

interface GenerationOptions {
  /** The loaded model; called when all that can be checked without it has been. */
  readonly engine: () => Promise<Engine>;
  /** The rule that `spec.exit` names. */
  readonly exit?: ExitPolicy;
  /** Ends the generation; what was made so far is the result. */
  readonly signal?: AbortSignal;
  readonly onNews?: (news: GenerationNews) => void;
  readonly now?: () => Date;
}

/** Runs a generation. Throws a Refusal, before anything is computed, for a demand that the model cannot meet. */
export async function generation(
  spec: GenerateSpec,
  {engine: engineOf, exit, signal, onNews = () => {}, now = () => new Date()}: GenerationOptions
): Promise<GenerationResult> {
  const checkpoint = await loadCheckpoint(spec.model);
  await checkpoint.close();
  const prepared = await prepare(spec, checkpoint, exit);
  signal?.throwIfAborted();
  const engine = await engineOf();
  const created = now();
  const begun = performance.now();
  const {ids, tokenizer, kv, prefix} = prepared;
  const plain = openSession(engine, {strategy: kv, prefix});
  const recorded = spec.keep === undefined ? undefined : recordSession(plain, engine.model, {goesOn: spec.diffuse !== null});
  const session = recorded?.session ?? plain;
  const {text, tokens, stopped, tally} = await run(spec, session, {engine, exit, signal, onNews, ...prepared});
  const seconds = (performance.now() - begun) / 1000;
  const records = recorded ? keptOf(recorded, ids.length + tokens.length) : [];
  if (spec.keep !== undefined && records.length > 0) {
    const next = tokens[records.length - ids.length]?.id;
    await keepTrace({...spec, keep: spec.keep}, records, {
      engine,
      checkpoint,
      tokenizer,
      prompted: ids.length,
      prefix,
      kv,
      limit: prepared.steps,
      next,
      created
    });
  }
  return {
    text,
    prompt_tokens: tokenizer.tokens(ids).map((token, i) => ({...token, steps: tally.promptSteps[i] ?? 0})),
    tokens,
    stopped,
    kv_bytes: session.bytes,
    core_steps: session.coreSteps,
    seconds,
    ...(spec.speculate && {drafted: tally.drafted, accepted: tally.accepted}),
    ...(spec.diffuse && {wavefront: {rows: tally.wave, left_out: tally.leftOut}}),
    ...(records.length > 0 && {run: spec.keep})
  };
}

/** Positions that a trace is made of: those of the text that took a step, which one that was cancelled early has none of. */
function keptOf({records}: RecordedSession, most: number): readonly PositionRecord[] {
  const still = records.findIndex(({states}) => states.length < 2);
  return records.slice(0, still < 0 ? most : Math.min(most, still));
}

interface Prepared extends PreparedPrompt {
  readonly steps: number;
  readonly kv: string;
  readonly prefix: number;
}

async function prepare(spec: GenerateSpec, {folder, model}: Checkpoint, exit: ExitPolicy | undefined): Promise<Prepared> {
  const blocks = stepAttentions(model).length;
  const kv = spec.kv ?? (spec.diffuse ? `latest-m4-compress-s${blocks}` : "full");
  const steps = spec.steps ?? model.trainedSteps;
  const strategy = cacheStrategy(kv, blocks);
  if (spec.speculate && sharesSlots(strategy, steps, blocks))
    throw new Refusal(
      `invalid kv: ${kv}; with speculate, expected one in which no slot is shared within ${steps} steps: tokens that are verified together see one another's slots before they are written over`
    );
  if (spec.keep !== undefined) await refuseOccupied(spec.keep);
  const lacking = notOffered(model);
  if (exit?.reads === "gate" && model.exitGate === undefined)
    throw new Refusal(`invalid exit: gate; ${model.family} has no exit gate, expected another rule`);
  if (spec.warm_start === "normed" && lacking.warm_start_normed)
    throw new Refusal(`invalid warm_start: normed; ${lacking.warm_start_normed}, expected none or raw`);
  if (spec.diffuse && lacking.diffuse) throw new Refusal(`${lacking.diffuse}; expected a model that injects it at every step`);
  const prompt = await preparePrompt(folder, model, spec);
  const prefix = spec.prefill === "each" ? 0 : ownPrefix(model, prompt.ids.length);
  return {...prompt, steps, kv, prefix};
}

interface RunOptions extends Prepared, Pick<GenerationOptions, "exit" | "signal"> {
  readonly engine: Engine;
  readonly onNews: (news: GenerationNews) => void;
}

interface Made extends Pick<GenerationResult, "text" | "tokens" | "stopped"> {
  readonly tally: Tally;
}

/** Takes tokens until one of them, or the text that they make, is an end. */
async function run(spec: GenerateSpec, session: Session, options: RunOptions): Promise<Made> {
  const {stopIds, tokenizer, onNews, signal} = options;
  const tokens: MadeToken[] = [];
  const tally: Tally = {promptSteps: [], wave: [], leftOut: 0, drafted: 0, accepted: 0, isSpent: false};
  let text = "";
  try {
    for await (const token of tokenSource(spec, session, {...options, tally})) {
      if (stopIds.has(token.id)) return {text, tokens, stopped: "token", tally};
      tokens.push({...token, text: tokenizer.text(token.id)});
      const all = tokenizer.decodeNext(tokens.map(({id}) => id));
      const stop = stopIn(all, spec.stop);
      text = stop?.text ?? all;
      onNews({token: tokens[tokens.length - 1], text: stop ? text : text.slice(0, shownLength(text, spec.stop))});
      if (stop) return {text, tokens, stopped: "string", tally};
    }
  } catch (error) {
    if (!signal?.aborted) throw error;
    return {text, tokens, stopped: "cancelled", tally};
  }
  return {text, tokens, stopped: tally.isSpent ? "iterations" : "length", tally};
}
