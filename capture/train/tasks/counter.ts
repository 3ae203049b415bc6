import {wholeBelow} from "../randomAt.ts";
import {NOTHING, type Task} from "./task.ts";

/** What the counter says after 0, 1, 2, … steps: one symbol for each of 64 numbers, in the order of base64. */
const NUMBERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const COUNTER = "#";
const characters = `${NUMBERS}${COUNTER}`; // a number's id is the number
const COUNTER_ID = NUMBERS.length;

const COUNTER_SHARE = 1 / 4; // of the positions

/** The counter says how many steps have passed, up to 63, and nothing is asked of it after that; any other symbol says itself. */
export const counter: Task = {
  characters,
  kinds: ["symbol", "counter"],
  about:
    "A counter: # says how many recurrent steps have passed, as one of 64 symbols (A for 0 to / for 63), so that its state must go on and on; any other symbol says itself, and its state comes to rest.",
  examples: [
    {prompt: "steps#", about: "symbols that come to rest, and a counter"},
    {prompt: "####", about: "four counters"},
    {prompt: "orrery", about: "symbols only"}
  ],
  draw(random, {rows, tokens}) {
    const ids = new Int32Array(rows * tokens);
    for (let i = 0; i < ids.length; ++i) ids[i] = random() < COUNTER_SHARE ? COUNTER_ID : wholeBelow(random, NUMBERS.length);
    const kinds = Int8Array.from(ids, (id) => (id === COUNTER_ID ? 1 : 0));
    const answers = (step: number) => ids.map((id) => (id !== COUNTER_ID ? id : step < NUMBERS.length ? step : NOTHING));
    return {ids, kinds, answers};
  }
};
