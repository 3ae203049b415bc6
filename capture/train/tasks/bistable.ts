import {wholeBelow} from "../randomAt.ts";
import type {Task} from "./task.ts";

const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const OPEN = "?";
const characters = `${OPEN}${LETTERS}`;
const OPEN_ID = 0;

const OPEN_SHARE = 1 / 2; // of the positions

/** The two right answers of an open token. */
const answersOfOpen = ["y", "n"] as const;
const [yes, no] = answersOfOpen.map((answer) => characters.indexOf(answer));

/**
 * An open token has two right answers, and the start chooses: `y` where the numbers of its state add up to more than zero, `n` elsewhere. (One number alone is too faint to
 * be heard beside the input: 400 updates left the choice a guess.) The start is gone after a step, so that the state must keep the choice: two attractors for one prompt. A letter says itself, wherever it starts.
 */
export const bistable: Task = {
  characters,
  kinds: ["letter", "open"],
  about:
    "Two attractors: a question mark may say y or n, and which of the two depends on the random start alone, so that its state has two places to come to rest in; a letter says itself, wherever it starts.",
  examples: [
    {prompt: "tea?", about: "letters with one place, and a question mark with two"},
    {prompt: "????", about: "four choices, each of them by its own start"},
    {prompt: "orrery", about: "letters only: one place each"}
  ],
  draw(random, {rows, tokens, start}) {
    const width = start.length / (rows * tokens);
    const ids = new Int32Array(rows * tokens);
    for (let i = 0; i < ids.length; ++i) ids[i] = random() < OPEN_SHARE ? OPEN_ID : OPEN.length + wholeBelow(random, LETTERS.length);
    const kinds = Int8Array.from(ids, (id) => (id === OPEN_ID ? 1 : 0));
    const right = ids.map((id, i) => (id === OPEN_ID ? (sumOf(start, i * width, width) > 0 ? yes : no) : id));
    return {ids, kinds, answers: () => right};
  }
};

function sumOf(values: Float32Array, from: number, count: number): number {
  let sum = 0;
  for (let i = from; i < from + count; ++i) sum += values[i];
  return sum;
}
