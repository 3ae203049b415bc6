import type {Model} from "../../capture/model/family.ts";
import type {Tokenizer} from "../../capture/model/tokenizer.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import type {EvalItem} from "../contract/evalSchemas.ts";

/** An item as a model reads it. */
export type ItemTokens =
  | {
      readonly kind: "text";
      readonly prompt: readonly number[];
      /** Tokens of the answer at most. */
      readonly most: number;
    }
  | {
      readonly kind: "choice";
      /** What stands before each choice, and the tokens whose log-likelihoods are its. */
      readonly choices: readonly {readonly context: readonly number[]; readonly continuation: readonly number[]}[];
    };

interface ItemTokensOptions {
  readonly model: Pick<Model, "maxTokens">;
  readonly tokenizer: Tokenizer;
  /** Tokens of a text at most; as many as the file says, or as the right answer has, where nothing is said. */
  readonly maxNew?: number;
}

const LONG_ANSWER = 256; // tokens, of an answer that is looked for in the text: lm-evaluation-harness's default

/** Throws a Refusal where the item does not fit the model. */
export function itemTokens(item: EvalItem, {model, tokenizer, maxNew}: ItemTokensOptions): ItemTokens {
  if (item.kind === "choice") return {kind: "choice", choices: item.choices.map((_, i) => choiceTokens(item, i, tokenizer))};
  const prompt = tokenizer.encode(item.prompt);
  const room = model.maxTokens - prompt.length + 1; // the last token is chosen and not taken up
  const own = item.filter === "exact" ? Math.max(1, tokenizer.encode(item.prompt + item.answer).length - prompt.length) : undefined;
  const most = maxNew ?? item.max_new ?? own;
  if (most !== undefined && most === own && most > room)
    throw new Refusal(
      `context too long: ${prompt.length} tokens of prompt and ${most} of answer; the model takes at most ${model.maxTokens}`
    );
  return {kind: "text", prompt, most: Math.min(most ?? LONG_ANSWER, room)};
}

type ChoiceItem = Extract<EvalItem, {kind: "choice"}>;

/**
 * A prompt and a choice, cut as lm-evaluation-harness cuts them (`TemplateLM._encode_pair`): blanks at the end of the context go to the
 * continuation, and the continuation's tokens are those of the whole text from the context's count on.
 */
function choiceTokens({prompt, contexts, delimiter, choices}: ChoiceItem, index: number, tokenizer: Tokenizer) {
  const before = contexts?.[index] ?? prompt;
  const text = before.trimEnd();
  if (text === "") throw new Refusal("the prompt is nothing but blanks; expected something that a choice can follow");
  const context = tokenizer.encode(text);
  const continuation = tokenizer.encode(before + delimiter + choices[index]).slice(context.length);
  if (continuation.length === 0) throw new Refusal(`choice ${JSON.stringify(choices[index])} adds no token to the prompt`);
  return {context, continuation};
}

/** Positions that an answer takes up at most: those of every step's cost. */
export function positionsOf(tokens: ItemTokens): number {
  if (tokens.kind === "text") return tokens.prompt.length + tokens.most - 1;
  let before: readonly number[] | undefined;
  let positions = 0;
  for (const {context, continuation} of tokens.choices) {
    if (!before || !isSame(before, context)) positions += context.length;
    positions += continuation.length - 1;
    before = context;
  }
  return positions;
}

export const isSame = (a: readonly number[], b: readonly number[]): boolean => a.length === b.length && a.every((id, i) => id === b[i]);
