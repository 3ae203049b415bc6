import {answerMoment, type AnswerMoment} from "../../analysis/paths/agreement.ts";
import {recordGaps} from "../../analysis/paths/gaps.ts";
import {pairsOf} from "../../analysis/paths/pairs.ts";
import type {PromptRuns} from "../../analysis/paths/promptPaths.ts";
import {isOwn, startsWhere} from "../../analysis/paths/start.ts";
import {recordTail, tailLengthOf} from "../../analysis/paths/tail.ts";
import type {Engine} from "../../capture/engine/engine.ts";
import {answerLogits} from "../../capture/experiment/answerLogits.ts";
import {runStarts} from "../../capture/experiment/runStarts.ts";
import {startStates, type ExperimentStart} from "../../capture/experiment/starts.ts";

/** A prompt as the model sees it. */
export interface PromptInput {
  /** What is run: the prompt and, where an answer is known, all of its tokens but the last. */
  readonly ids: readonly number[];
  /** What each of the last positions should predict. */
  readonly expected?: readonly {readonly token: number; readonly id: number}[];
}

interface RunPromptOptions {
  readonly starts: readonly ExperimentStart[];
  /** Seed of the prompt's starts. */
  readonly seed: number;
  /** Final states of other prompts, for the swaps among the starts. */
  readonly donors: readonly Float32Array[];
  readonly steps: number;
  readonly answers: "every" | "last";
  /** Starts computed in one pass; defaults to all. */
  readonly batch?: number;
  readonly signal?: AbortSignal;
}

/** Runs one prompt from all its starts; of the states only gaps, answers and the tail are kept. */
export async function runPrompt(
  engine: Engine,
  {ids, expected}: PromptInput,
  {starts, seed, donors, steps, answers, batch, signal}: RunPromptOptions
): Promise<PromptRuns> {
  const {carriedWidth: width} = engine.model;
  const tokens = ids.length;
  const own = startsWhere(starts, isOwn).length;
  const isEndAsked = engine.model.testNoise?.includes("end") && startsWhere(starts, ({kind}) => kind === "noise").length > 0;
  const end = isEndAsked ? await finalStateOf(engine, ids, {seed, steps, signal}) : undefined;
  const {input, start} = await engine.begin(ids);
  const initial = startStates(engine.model, starts, {seed, tokens, input, start, end, donors});
  const gaps = recordGaps({tokens, width, pairs: pairsOf(own)});
  const tail = recordTail({starts: starts.length, tokens, width, length: tailLengthOf(steps)});
  const moments: AnswerMoment[] = [];
  let finalTop: Int32Array = new Int32Array(0);
  for await (const {step, states} of runStarts(engine, {ids, initial, starts: starts.length, steps, batch, signal})) {
    gaps.push(states);
    tail.push(states);
    if (answers === "every" || step === steps)
      moments.push(await answersOf(engine, states.subarray(0, own * tokens * width), {starts: own, tokens}));
    if (step === steps) finalTop = (await answersOf(engine, states, {starts: starts.length, tokens})).top;
  }
  return {starts, gaps: gaps.gaps(), tail: tail.tail(), answers: moments, finalTop, expected};
}

/** The final state [tokens, carriedWidth] of the first own start, from which other prompts may begin. */
export async function finalStateOf(
  engine: Engine,
  ids: readonly number[],
  {seed, steps, signal}: Pick<RunPromptOptions, "seed" | "steps" | "signal">
): Promise<Float32Array> {
  const starts: readonly ExperimentStart[] = [{kind: "normal", scale: 1}];
  const {input, start} = await engine.begin(ids);
  const initial = startStates(engine.model, starts, {seed, tokens: ids.length, input, start, donors: []});
  let last = initial;
  for await (const {states} of runStarts(engine, {ids, initial, starts: 1, steps, signal})) last = states;
  return last.slice(); // the loop's own buffer
}

async function answersOf(engine: Engine, states: Float32Array, {starts, tokens}: {starts: number; tokens: number}): Promise<AnswerMoment> {
  const top = new Int32Array(starts * tokens);
  const divergence = new Float64Array(tokens);
  for await (const part of answerLogits(engine, states, {starts, tokens})) {
    const moment = answerMoment(part.logits, {starts, tokens: part.tokens, vocab: engine.model.vocab});
    divergence.set(moment.divergence, part.firstToken);
    for (let s = 0; s < starts; ++s) top.set(moment.top.subarray(s * part.tokens, (s + 1) * part.tokens), s * tokens + part.firstToken);
  }
  return {top, divergence};
}
