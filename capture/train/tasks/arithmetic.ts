import {wholeBelow} from "../randomAt.ts";
import {english} from "./english.ts";
import {arithmeticFamilies, type ArithmeticFamily} from "./names.ts";
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
  /** Characters after which the answer of a problem is said, each position saying the next of it; defaults to all. */
  readonly opens?: number;
  /** Characters of the last position that belongs to that answer; defaults to all. */
  readonly closes?: number;
}

interface Room {
  /** The most characters that a problem takes. */
  readonly room: number;
  /** Whether it is to be of what is never trained on, where there is such a thing. */
  readonly keptBack: boolean;
}

type Family = (random: Random, room: Room) => Line;

/**
 * Each symbol says what has come together so far; a step hands that on by one place. Symbols are drawn from a string that may hold one of them more than once: were all sums as likely after
 * a sum, nothing would be gained by looking at the one before until both parts were put together rightly, and training stood still for as long as it was tried.
 */
const running =
  (name: string, symbols: string, modulus: number): Family =>
  (random, {room}) => {
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
const sum: Family = (random, {room}) => {
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

const NAMES = LETTERS.slice(0, 10); // of what is turned round and looked up: few, so that each is met often

/** Letters, no two alike, and behind the sign the same from the last to the first: each says the next. */
const reversal: Family = (random, {room}) => {
  const most = Math.min(NAMES.length, Math.floor((room - 3) / 2));
  const letters = shuffled(random, NAMES).slice(0, 2 + wholeBelow(random, most - 1));
  const back = [...letters].reverse();
  const sign = 2 + letters.length;
  return {
    text: `\nr${letters.join("")}=${back.join("")}`,
    opens: sign + 1,
    asked: [...back, "\n"].map((says, i) => ({at: sign + i, says, after: 2}))
  };
};

/** Pairs of letters that lead from one to the next, the last of a chain to itself, and letters to begin with: at each of them a step follows one pair. */
const lookup: Family = (random, {room}) => {
  const most = Math.min(NAMES.length, Math.floor((room - 2) / 4)); // a pair and its comma, and a letter to begin with
  const letters = shuffled(random, NAMES).slice(0, 2 + wholeBelow(random, most - 1));
  const leads = new Map<string, string>();
  for (let from = 0; from < letters.length; ) {
    const end = from + 1 + wholeBelow(random, letters.length - from);
    for (let i = from; i < end; ++i) leads.set(letters[i], letters[Math.min(i + 1, end - 1)]);
    from = end;
  }
  const pairs = shuffled(
    random,
    [...leads].map(([from, to]) => from + to)
  ).join(",");
  const begins = shuffled(random, letters);
  const text = `\nl${pairs}>${begins.join("")}`;
  const opens = text.length - begins.length + 1;
  const asked = begins.map((begin, i): Asked => {
    const path = [begin];
    while (leads.get(path.at(-1)!) !== path.at(-1)) path.push(leads.get(path.at(-1)!)!);
    const hops = path.length - 1;
    return {at: opens - 1 + i, says: path[hops], after: Math.max(1, hops), meanwhile: (step) => path[step]};
  });
  return {text, asked, opens, closes: opens};
};

/** Text as it stands: each character says the next. */
const plain: Family = (random, {room, keptBack}) => {
  const text = keptBack ? english().keptBack : english().shown;
  const from = wholeBelow(random, text.length - room);
  return {
    text: text.slice(from, from + room),
    opens: room,
    asked: Array.from({length: room}, (_, i) => ({at: i, says: text[from + i + 1], after: 1}))
  };
};

const families = {
  parity: running("p", "0001", 2),
  "running value": running("m", "0123", 10),
  sum,
  reversal,
  lookup,
  english: plain
} as const satisfies Readonly<Record<ArithmeticFamily, Family>>;

/** A problem to be answered by what is said after it, of at most `room` characters where it is written out; `steps` is how many it needs by its making. */
export interface Problem {
  readonly kind: ArithmeticFamily;
  readonly prompt: string;
  readonly answer: string;
  readonly steps: number;
}

export function problemOf(kind: ArithmeticFamily, random: () => number, room: number): Problem {
  const {text, asked, opens = text.length, closes = text.length}: Line = families[kind](random, {room, keptBack: true});
  const said = asked.filter(({at}) => at >= opens - 1 && at < closes);
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
    "Arithmetic, a line each: p, parity of the bits so far; m, their running sum modulo ten; +, sums with carries, in columns from the lowest; r, letters from the last to the first; l, letters that lead from one to the next, as far as they go; and plain English, character by character.",
  examples: [
    {prompt: "\np1011010010", family: "parity", about: "parity: each bit says that of all up to it"},
    {prompt: "\nm3121320231", family: "running value", about: "running sums modulo ten"},
    {prompt: "\n+8470605120", family: "sum", about: "a sum in columns, the lowest first: 25678 and 1004"},
    {prompt: "\nrfacebid=", family: "reversal", about: "reversal"},
    {prompt: "\nlbc,cd,dd,ab>a", family: "lookup", about: "a lookup of three hops"},
    {prompt: "alice was beginning to get ", family: "english", about: "plain English"}
  ],
  draw(random, {rows, tokens, families: wanted = arithmeticFamilies, keptBack = false}): Drawn {
    const ids = new Int32Array(rows * tokens).fill(idOf.get("\n")!);
    const kindOf = new Int8Array(rows * tokens);
    const asked: Asked[] = [];
    for (let row = 0; row < rows; ++row) {
      const family = wanted[wholeBelow(random, wanted.length)];
      const kind = (arithmeticFamilies as readonly string[]).indexOf(family);
      const line: Line = families[arithmeticFamilies[kind]](random, {room: tokens, keptBack});
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
