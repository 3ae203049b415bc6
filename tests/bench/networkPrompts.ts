import {readFileSync} from "node:fs";
import type {Tokenizer} from "../../capture/model/tokenizer.ts";
import {randomAt, wholeBelow} from "../../capture/train/randomAt.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

type Random = () => number;

const GENESIS =
  "\nIn the beginning God created the heaven and the earth. And the earth was without form, and void; and darkness was upon the face of the deep. And the Spirit of God moved upon the face of the waters.";
const alice = (): string => readFileSync(new URL("../../capture/train/tasks/alice.txt", import.meta.url), "utf8");
const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const CHARACTERS_A_TOKEN = 8; // more than tokenizers of words make of English

/** Texts of what small networks are trained on, the most particular last: one serves where a model's vocabulary has all of it. */
const TEXTS: readonly ((random: Random, length: number) => string)[] = [
  (random, length) => lines(length, () => `${wholeBelow(random, 100)}+${wholeBelow(random, 100)}=`),
  (random, length) => from(GENESIS, wholeBelow(random, 60), length),
  (random, length) => lines(length, () => `mod ${wholeBelow(random, 10)}+${wholeBelow(random, 10)}-${wholeBelow(random, 10)}=`),
  (random, length) => from(alice(), wholeBelow(random, 10_000), length),
  (random, length) => lines(length, () => `p${many(random, "01", 8)}`)
];
/** Of vocabularies without a line's end: clocks and letters. */
const PLAIN_TEXTS: typeof TEXTS = [
  (random, length) => many(random, `${LETTERS}2358`, length),
  (random, length) => many(random, LETTERS, length)
];

/** Token ids of so many prompts, each of as many tokens, which differ from seed to seed; of several kinds where the model's vocabulary has them. Throws a Refusal where it has none. */
export function networkPrompts(
  tokenizer: Tokenizer,
  {prompts, tokens, seed}: {readonly prompts: number; readonly tokens: number; readonly seed: number}
): number[][] {
  const ids = (text: (typeof TEXTS)[number], i: number): number[] | undefined =>
    encoded(tokenizer, text(randomAt(seed, "measured rows", i), CHARACTERS_A_TOKEN * tokens))?.slice(0, tokens);
  const read = (texts: typeof TEXTS) => texts.filter((text) => ids(text, 0)?.length === tokens);
  const known = [read(TEXTS), read(PLAIN_TEXTS).slice(0, 1)].find((some) => some.length > 0);
  if (!known) throw new Refusal(`no prompt of ${tokens} tokens: the model's vocabulary has none of the texts that are tried`);
  return Array.from({length: prompts}, (_, i) => ids(known[i % known.length], i)!);
}

function encoded(tokenizer: Tokenizer, text: string): number[] | undefined {
  try {
    return tokenizer.encode(text);
  } catch (error) {
    if (error instanceof Refusal) return undefined; // a character that the vocabulary lacks
    throw error;
  }
}

const many = (random: Random, characters: string, length: number): string =>
  Array.from({length}, () => characters[wholeBelow(random, characters.length)]).join("");
const from = (text: string, start: number, length: number): string => text.slice(start, start + length);
function lines(length: number, line: () => string): string {
  let text = "";
  while (text.length < length) text += `\n${line()}`;
  return text;
}
