import {answers} from "../../analysis/eval/answerText.ts";
import {choiceScores, likeliest} from "../../analysis/eval/scores.ts";
import {exitPolicy, parseExitRule} from "../../analysis/exit/exitRules.ts";
import type {Engine} from "../../capture/engine/engine.ts";
import {advance, type AdvanceOptions} from "../../capture/generate/advance.ts";
import {generate} from "../../capture/generate/generate.ts";
import {GREEDY} from "../../capture/generate/sampler.ts";
import {openSession, type Session} from "../../capture/generate/session.ts";
import {startsOf, type StartsOf} from "../../capture/generate/starts.ts";
import {stopIn} from "../../capture/generate/stopping.ts";
import {ownPrefix} from "../../capture/model/family.ts";
import {logSoftmax} from "../../capture/loop/readoutRow.ts";
import type {Tokenizer} from "../../capture/model/tokenizer.ts";
import type {EvalItem, EvalOutcome, EvalSetting} from "../contract/evalSchemas.ts";
import {isSame, type ItemTokens} from "./itemTokens.ts";

export interface AnswerOptions {
  readonly engine: Engine;
  readonly tokenizer: Tokenizer;
  /** Tokens that end a text. */
  readonly stopIds: ReadonlySet<number>;
  readonly seed: number;
  readonly signal?: AbortSignal;
}

/** What one item, of these tokens, is answered under one setting. The same item, setting and seed give the same answer whatever was computed before. */
export async function answerItem(
  {item, tokens}: {readonly item: EvalItem; readonly tokens: ItemTokens},
  {steps, exit, kv}: EvalSetting,
  options: AnswerOptions
): Promise<EvalOutcome> {
  const {engine, seed, signal} = options;
  const {model} = engine;
  const session = openSession(engine, {strategy: kv, prefix: ownPrefix(model, model.maxTokens)}); // of whatever is taken up first
  const loop: Loop = {
    steps,
    exit: exit === null ? undefined : exitPolicy(parseExitRule(exit)),
    signal,
    starts: startsOf(model, {seed, init: {kind: "normal", scale: 1}})
  };
  const answered =
    tokens.kind === "text"
      ? await textAnswer(item as TextItem, tokens, {...options, session, loop})
      : await choiceAnswer(item as ChoiceItem, tokens, {...options, session, loop});
  return {...answered, mean_steps: session.coreSteps / session.taken, core_steps: session.coreSteps, kv_bytes: session.bytes};
}

interface Loop extends AdvanceOptions {
  readonly starts: StartsOf;
}

interface Answering extends AnswerOptions {
  readonly session: Session;
  readonly loop: Loop;
}

type Answer = Pick<EvalOutcome, "right" | "right_normed" | "right_bytes" | "answer">;
type TextItem = Extract<EvalItem, {kind: "text"}>;
type ChoiceItem = Extract<EvalItem, {kind: "choice"}>;

async function textAnswer(
  {answer, until, filter}: TextItem,
  {prompt, most}: Extract<ItemTokens, {kind: "text"}>,
  {session, loop, engine, tokenizer, stopIds}: Answering
): Promise<Answer> {
  const ids: number[] = [];
  let text = "";
  for await (const {id} of generate(session, prompt, engine.model, {...loop, maxNew: most, sampler: GREEDY, random: never})) {
    if (stopIds.has(id)) break;
    ids.push(id);
    text = tokenizer.decodeNext(ids);
    const stop = stopIn(text, until);
    if (stop) text = stop.text;
    if (stop) break;
  }
  return {right: answers(text, answer, filter), right_normed: null, right_bytes: null, answer: text};
}

/** Log-likelihoods of the choices after their contexts; what several choices follow is taken up once. */
async function choiceAnswer(
  {choices, contexts, answer}: ChoiceItem,
  tokens: Extract<ItemTokens, {kind: "choice"}>,
  {session, loop, engine}: Answering
): Promise<Answer> {
  const {model} = engine;
  const takeUp = async (ids: readonly number[]) => {
    const from = session.length;
    await session.extend(ids, (own) => loop.starts(from, own));
    return advance(session, model, loop);
  };
  let taken: {readonly context: readonly number[]; readonly logits: Float32Array} | undefined;
  const logLikelihoods: number[] = [];
  for (const {context, continuation} of tokens.choices) {
    const isTaken = taken !== undefined && isSame(taken.context, context);
    session.truncate(isTaken ? context.length : 0);
    if (!isTaken) taken = {context, logits: (await takeUp(context)).logits};
    let sum = logprobsOf(taken!.logits)[continuation[0]];
    const {rows} = continuation.length > 1 ? await takeUp(continuation.slice(0, -1)) : {rows: new Float32Array(0)};
    for (let i = 1; i < continuation.length; ++i) {
      const logits = await session.head(rows.subarray((i - 1) * model.width, i * model.width));
      sum += logprobsOf(logits)[continuation[i]];
    }
    logLikelihoods.push(sum);
  }
  const {acc, acc_norm, acc_bytes} = choiceScores(logLikelihoods, choices, answer);
  return {
    right: acc,
    right_normed: contexts ? null : acc_norm, // a file of samples does not tell the lengths that the harness divides by there
    right_bytes: contexts ? null : acc_bytes,
    answer: choiceName({choices, contexts}, likeliest(logLikelihoods))
  };
}

/** A choice as it reads: where the same text follows several contexts, the context tells them apart. */
export const choiceName = ({choices, contexts}: Pick<ChoiceItem, "choices" | "contexts">, index: number): string =>
  contexts?.[index] ?? choices[index];

const logprobsOf = (logits: Float32Array): Float32Array => logSoftmax(logits, new Float32Array(logits.length));

function never(): number {
  throw new Error("greedy decoding draws nothing");
}
