import {wholeBelow} from "../randomAt.ts";
import {NOTHING, type Task} from "./task.ts";

/** What the counter says after 0, 8, 16, … 64 steps. */
const MARKS = "ABCDEFGHI";
const STEPS_PER_MARK = 8;
const LAST = (MARKS.length - 1) * STEPS_PER_MARK;
const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const COUNTER = "#";
const characters = `${MARKS}${LETTERS}${COUNTER}`; // a mark's id is its place
const COUNTER_ID = characters.length - 1;

const COUNTER_SHARE = 1 / 2; // of the positions

/**
 * The counter says how many steps have passed, up to 64, as a mixture of the two marks that it stands between: each row asks for one of them, with the probability by which it is the
 * nearer, so that what is learnt changes by as much at every step. (A symbol for every step, or one for every four, was tried and did not get far: docs/training.md.) Nothing is asked of it after that; a letter says itself.
 */
export const counter: Task = {
  characters,
  kinds: ["letter", "counter"],
  about:
    "A counter: # says how many recurrent steps have passed, up to 64, as a mixture of two marks (A for 0, B for 8, to I for 64), so that its state must go on and on; a letter says itself, and its state comes to rest.",
  examples: [
    {prompt: "steps#", about: "letters that come to rest, and a counter"},
    {prompt: "####", about: "four counters"},
    {prompt: "orrery", about: "letters only"}
  ],
  draw(random, {rows, tokens}) {
    const ids = new Int32Array(rows * tokens);
    for (let i = 0; i < ids.length; ++i) ids[i] = random() < COUNTER_SHARE ? COUNTER_ID : MARKS.length + wholeBelow(random, LETTERS.length);
    const kinds = Int8Array.from(ids, (id) => (id === COUNTER_ID ? 1 : 0));
    const between = Float64Array.from(ids, random);
    const asked = (step: number, mark: (i: number) => number) =>
      ids.map((id, i) => (id !== COUNTER_ID ? id : step > LAST ? NOTHING : Math.floor(step / STEPS_PER_MARK + mark(i))));
    return {
      ids,
      kinds,
      answers: (step) => asked(step, (i) => between[i]),
      truth: (step) => asked(step, () => 1 / 2)
    };
  }
};
