import {wholeBelow} from "../randomAt.ts";
import {NOTHING, type Task} from "./task.ts";

/** The periods that are taught, each the digit that names it. */
export const clockPeriods = [2, 3, 5, 8] as const;

const DIGITS = "0123456789";
const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const characters = `${DIGITS}${LETTERS}`; // a digit's id is the digit

const DIGIT_SHARE = 1 / 3; // of the positions: as many clocks as can be told apart, and letters enough to stay letters

/** A digit says the step modulo itself, a letter itself: tokens that must orbit, with a period that is known, among tokens that need not move. */
export const clock: Task = {
  characters,
  kinds: ["letter", ...clockPeriods.map((period) => `period ${period}`)],
  about:
    "Clocks: at recurrent step t the digits 2, 3, 5 and 8 say t modulo themselves, so that their states must orbit with that period; a letter says itself, and its state comes to rest.",
  examples: [
    {prompt: "moon2358", about: "letters that come to rest, and clocks of period 2, 3, 5 and 8"},
    {prompt: "orrery5", about: "one clock of period 5"},
    {prompt: "82358325", about: "clocks only"}
  ],
  draw(random, {rows, tokens}) {
    const ids = new Int32Array(rows * tokens);
    const kinds = new Int8Array(rows * tokens);
    for (let i = 0; i < ids.length; ++i) {
      const isDigit = random() < DIGIT_SHARE;
      const which = wholeBelow(random, isDigit ? clockPeriods.length : LETTERS.length);
      ids[i] = isDigit ? clockPeriods[which] : DIGITS.length + which;
      kinds[i] = isDigit ? 1 + which : 0;
    }
    return {ids, kinds, answers: (step) => ids.map((id, i) => (kinds[i] === 0 ? id : step === 0 ? NOTHING : step % id))};
  }
};
