import {answers} from "../../analysis/eval/answerText.ts";
import {choiceScores} from "../../analysis/eval/scores.ts";
import {exitPolicy, parseExitRule} from "../../analysis/exit/exitRules.ts";
import type {Engine} from "../../capture/engine/engine.ts";
import {advance, type AdvanceOptions} from "../../capture/generate/advance.ts";
import {generate} from "../../capture/generate/generate.ts";
import {GREEDY} from "../../capture/generate/sampler.ts";
import {openSession, type Session} from "../../capture/generate/session.ts";
import {startsOf, type StartsOf} from "../../capture/generate/starts.ts";
import {stopIn} from "../../capture/generate/stopping.ts";
import {logSoftmax} from "../../capture/loop/readoutRow.ts";
import type {Tokenizer} from "../../capture/model/tokenizer.ts";
import type {EvalItem, EvalOutcome, EvalSetting} from "../contract/evalSchemas.ts";

interface AnswerOptions {
  readonly engine: Engine;
  readonly tokenizer: Tokenizer;
  readonly seed: number;
  /** Tokens of a text at most; as many as the right answer has where nothing is said. */
  readonly maxNew?: number;
  readonly signal?: AbortSignal;
}

/** What one item is answered under one setting. The same item, setting and seed give the same answer whatever was computed before. */
export async function answerItem(item: EvalItem, {steps, exit, kv}: EvalSetting, options: AnswerOptions): Promise<EvalOutcome> {
  const {engine, seed, signal} = options;
  const session = openSession(engine, {strategy: kv});
  const loop: Loop = {
    steps,
    exit: exit === null ? undefined : exitPolicy(parseExitRule(exit)),
    signal,
    starts: startsOf(engine.model, {seed, init: {kind: "normal", scale: 1}})
  };
  const answered = item.kind === "text" ? await textAnswer(item, session, loop, options) : await choiceAnswer(item, session, loop, options);
  return {...answered, mean_steps: session.coreSteps / session.taken, core_steps: session.coreSteps, kv_bytes: session.bytes};
}

interface Loop extends AdvanceOptions {
  readonly starts: StartsOf;
}

type Answer = Pick<EvalOutcome, "right" | "right_normed" | "answer">;
type TextItem = Extract<EvalItem, {kind: "text"}>;
type ChoiceItem = Extract<EvalItem, {kind: "choice"}>;

const LONG_ANSWER = 256; // tokens, of an answer that is looked for in the text: lm-evaluation-harness's default

async function textAnswer(
  {prompt, answer, until, filter}: TextItem,
  session: Session,
  loop: Loop,
  {engine, tokenizer, maxNew}: AnswerOptions
): Promise<Answer> {
  const most = maxNew ?? (filter === "exact" ? tokenizer.encode(answer).length : LONG_ANSWER);
  const ids: number[] = [];
  let text = "";
  for await (const {id} of generate(session, tokenizer.encode(prompt), engine.model, {
    ...loop,
    maxNew: most,
    sampler: GREEDY,
    random: never
  })) {
    ids.push(id);
    text = tokenizer.decode(ids);
    const stop = stopIn(text, until);
    if (stop) text = stop.text;
    if (stop) break;
  }
  return {right: answers(text, answer, filter), right_normed: null, answer: text};
}

/** Log-likelihoods of the choices after the prompt, tokens split as lm-evaluation-harness splits them. */
async function choiceAnswer(
  {prompt, choices, answer}: ChoiceItem,
  session: Session,
  loop: Loop,
  {engine, tokenizer}: AnswerOptions
): Promise<Answer> {
  const {model} = engine;
  const length = tokenizer.encode(prompt).length;
  const takeUp = async (ids: readonly number[]) => {
    const from = session.length;
    await session.extend(ids, (own) => loop.starts(from, own));
    return advance(session, model, loop);
  };
  let taken: {readonly ids: readonly number[]; readonly logits: Float32Array} | undefined;
  const logLikelihoods: number[] = [];
  for (const choice of choices) {
    const whole = tokenizer.encode(prompt + choice);
    const ids = whole.slice(0, length);
    const isTaken = taken?.ids.every((id, i) => id === ids[i]);
    session.truncate(isTaken ? length : 0);
    if (!taken || !isTaken) taken = {ids, logits: (await takeUp(ids)).logits};
    const rest = whole.slice(length);
    let sum = logprobsOf(taken.logits)[rest[0]];
    const {rows} = rest.length > 1 ? await takeUp(rest.slice(0, -1)) : {rows: new Float32Array(0)};
    for (let i = 1; i < rest.length; ++i) {
      const logits = await session.head(rows.subarray((i - 1) * model.width, i * model.width));
      sum += logprobsOf(logits)[rest[i]];
    }
    logLikelihoods.push(sum);
  }
  const {acc, acc_norm} = choiceScores(logLikelihoods, choices, answer);
  const best = logLikelihoods.indexOf(Math.max(...logLikelihoods));
  return {right: acc, right_normed: acc_norm, answer: choices[best]};
}

const logprobsOf = (logits: Float32Array): Float32Array => logSoftmax(logits, new Float32Array(logits.length));

function never(): number {
  throw new Error("greedy decoding draws nothing");
}
