import {wholeBelow} from "../randomAt.ts";
import {english} from "./english.ts";
import {NOTHING, type Drawn, type Task} from "./task.ts";

const DIGITS = "0123456789";
const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const characters = `${DIGITS}${LETTERS}\n ,.;:'!?-=>+`;
const idOf = new Map([...characters].map((character, id) => [character, id]));

type Random = () => number;

/** What a position says once that can be known, which is after so many steps; before that it says nothing, or what `meanwhile` has. */
interface Asked {
  readonly at: number;
  readonly says: string;
  readonly after: number;
  readonly meanwhile?: (step: number) => string;
}

interface Line {
  readonly text: string;
  readonly asked: readonly Asked[];
  /** Characters after which the answer is said, each position saying the next of them; defaults to all. */
  readonly opens?: number;
}

/** Draws a problem that takes at most so many characters. */
type Family = (random: Random, room: number) => Line;

/**
 * Each symbol says what has come together so far; a step hands that on by one place. Symbols are drawn from a string that may hold one of them more than once: were all sums as likely after
 * a sum, nothing would be gained by looking at the one before until both parts were put together rightly, and training stood still for as long as it was tried.
 */
const running =
  (name: string, symbols: string, modulus: number): Family =>
  (random, room) => {
    const drawn = Array.from({length: room - 2}, () => symbols[wholeBelow(random, symbols.length)]);
    let sum = 0;
    const asked = drawn.map((symbol, i): Asked => {
      sum = (sum + Number(symbol)) % modulus;
      return {at: 2 + i, says: String(sum), after: i + 1};
    });
    return {text: `\n${name}${drawn.join("")}`, asked};
  };

const SECOND = "0000125689"; // uneven, as the symbols above, and for the same reason

/** Two numbers in columns of two digits, the lowest column first: the second digit of each says the sum's. A step hands what is carried on by one column. */
const sum: Family = (random, room) => {
  const asked: Asked[] = [];
  let text = "\n+";
  let carry = 0;
  while (text.length + 2 <= room) {
    const [a, b] = [wholeBelow(random, 10), Number(SECOND[wholeBelow(random, SECOND.length)])];
    const total = a + b + carry;
    carry = total > 9 ? 1 : 0;
    text += `${a}${b}`;
    asked.push({at: text.length - 1, says: String(total % 10), after: asked.length + 1});
  }
  return {text, asked};
};

/** Letters, no two alike, and behind the sign the same from the last to the first: each says the next. */
const reversal: Family = (random, room) => {
  const letters = shuffled(random, LETTERS).slice(0, 2 + wholeBelow(random, Math.floor((room - 3) / 2) - 1));
  const back = [...letters].reverse();
  const sign = 2 + letters.length;
  return {
    text: `\nr${letters.join("")}=${back.join("")}`,
    opens: sign + 1,
    asked: [...back, "\n"].map((says, i) => ({at: sign + i, says, after: 2}))
  };
};

/** Pairs of letters that lead from one to the next, and a letter to begin with: a step follows one pair, and the last one leads to itself. */
const lookup: Family = (random, room) => {
  const pairs = Math.floor((room - 4) / 2);
  const hops = 1 + wholeBelow(random, pairs - 1);
  const letters = shuffled(random, LETTERS);
  const [path, others] = [letters.slice(0, hops + 1), letters.slice(hops + 1, pairs + 1)];
  const leads = [...path.map((letter, i) => letter + (path[i + 1] ?? letter)), ...others.slice(1).map((letter, i) => others[i] + letter)];
  const text = `\nl${shuffled(random, leads).join("")}>${path[0]}`;
  return {text, asked: [{at: text.length - 1, says: path[hops], after: hops, meanwhile: (step) => path[step]}]};
};

/** Text as it stands: each character says the next. */
const plain: Family = (random, room) => {
  const from = wholeBelow(random, english.length - room);
  return {
    text: english.slice(from, from + room),
    asked: Array.from({length: room}, (_, i) => ({at: i, says: english[from + i + 1], after: 1}))
  };
};

const families = {
  parity: running("p", "0001", 2),
  "running value": running("m", "0123", 10),
  sum,
  reversal,
  lookup,
  english: plain
} as const satisfies Readonly<Record<string, Family>>;
export type ArithmeticFamily = keyof typeof families;
export const arithmeticFamilies = Object.keys(families) as [ArithmeticFamily, ...ArithmeticFamily[]];

/** A problem to be answered by what is said after it, of at most `room` characters where it is written out; `steps` is how many it needs by its making. */
export interface Problem {
  readonly kind: ArithmeticFamily;
  readonly prompt: string;
  readonly answer: string;
  readonly steps: number;
}

export function problemOf(kind: ArithmeticFamily, random: () => number, room: number): Problem {
  const {text, asked, opens = text.length}: Line = families[kind](random, room);
  const said = asked.filter(({at}) => at >= opens - 1);
  return {
    kind,
    prompt: text.slice(0, opens),
    answer: said.map(({says}) => says).join(""),
    steps: Math.max(...said.map(({after}) => after))
  };
}

/** Problems that need as many steps as they are long, and text that needs few. What a step cannot know yet is not asked of it, so that what must be learnt of each is one step's work. */
export const arithmetic: Task = {
  characters,
  kinds: arithmeticFamilies,
  about:
    "Arithmetic, a line each: p, parity of the bits so far; m, their running sum modulo ten; +, sums with carries, in columns from the lowest; r, letters from the last to the first; l, letters that lead from one to the next, as far as they go; and plain English.",
  examples: [
    {prompt: "\np1011010010", family: "parity", about: "parity: each bit says that of all up to it"},
    {prompt: "\nm3121320231", family: "running value", about: "running sums modulo ten"},
    {prompt: "\n+8470605120", family: "sum", about: "a sum in columns, the lowest first: 25678 and 1004"},
    {prompt: "\nrtable=", family: "reversal", about: "reversal"},
    {prompt: "\nlbccdddaboo>a", family: "lookup", about: "a lookup of three hops"}
  ],
  draw(random, {rows, tokens, families: wanted = arithmeticFamilies}): Drawn {
    const ids = new Int32Array(rows * tokens).fill(idOf.get("\n")!);
    const kindOf = new Int8Array(rows * tokens);
    const asked: Asked[] = [];
    for (let row = 0; row < rows; ++row) {
      const family = wanted[wholeBelow(random, wanted.length)];
      const kind = (arithmeticFamilies as readonly string[]).indexOf(family);
      const line: Line = families[arithmeticFamilies[kind]](random, tokens);
      [...line.text].forEach((character, i) => (ids[row * tokens + i] = idOf.get(character)!));
      kindOf.fill(kind, row * tokens, (row + 1) * tokens);
      for (const one of line.asked) asked.push({...one, at: row * tokens + one.at});
    }
    const answers = (of: (one: Asked) => string | undefined) => {
      const right = new Int32Array(rows * tokens).fill(NOTHING);
      for (const one of asked) right[one.at] = idOf.get(of(one) ?? "") ?? NOTHING;
      return right;
    };
    const truth = answers(({says}) => says);
    return {
      ids,
      kinds: kindOf,
      answers: (step) => answers(({says, after, meanwhile}) => (step >= after ? says : meanwhile?.(step))),
      truth: () => truth
    };
  }
};

function shuffled<T>(random: Random, items: Iterable<T>): T[] {
  const left = [...items];
  return Array.from({length: left.length}, () => left.splice(wholeBelow(random, left.length), 1)[0]);
}
