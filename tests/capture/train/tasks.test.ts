import {describe, expect, it} from "vitest";
import {randomAt} from "../../../capture/train/randomAt.ts";
import {arithmetic, problemOf} from "../../../capture/train/tasks/arithmetic.ts";
import {counter} from "../../../capture/train/tasks/counter.ts";
import {english} from "../../../capture/train/tasks/english.ts";
import {arithmeticFamilies, leastRoom} from "../../../capture/train/tasks/names.ts";
import {NOTHING, type Task} from "../../../capture/train/tasks/task.ts";

const [rows, tokens] = [200, 16];

/** Rows as text, and what is right of them, a blank mark where nothing is asked. */
function drawn(task: Task, step: number) {
  const draw = task.draw(randomAt(3, "rows"), {rows, tokens, start: new Float32Array(rows * tokens)});
  const text = (ids: Int32Array, row: number) =>
    [...ids.subarray(row * tokens, (row + 1) * tokens)].map((id) => (id === NOTHING ? "_" : task.characters[id])).join("");
  return Array.from({length: rows}, (_, row) => ({
    kind: task.kinds[draw.kinds[row * tokens]],
    said: text(draw.ids, row),
    asked: text(draw.answers(step), row),
    right: text((draw.truth ?? draw.answers)(step), row)
  }));
}

describe("arithmetic", () => {
  const of = (kind: string, step = 1) => drawn(arithmetic, step).filter((row) => row.kind === kind);

  it.each([
    ["parity", 2],
    ["running value", 10]
  ])("says at every symbol of a %s what has come together modulo %d", (kind, modulus) => {
    for (const {said, right} of of(kind)) {
      let sum = 0;
      const sums = [...said.slice(2)].map((symbol) => String((sum += Number(symbol)) % modulus));
      expect(right).toBe(`__${sums.join("")}`);
    }
  });

  it("adds two numbers in columns, the lowest first", () => {
    for (const {said, right} of of("sum")) {
      const columns = [...said.slice(2)];
      const number = (which: number) =>
        Number(
          columns
            .filter((_, i) => i % 2 === which)
            .reverse()
            .join("")
        );
      const total = String(number(0) + number(1))
        .padStart(7, "0")
        .slice(-7);
      expect(right).toBe(
        `__${[...total]
          .reverse()
          .map((digit) => `_${digit}`)
          .join("")}`
      );
    }
  });

  it("turns letters round, and follows pairs of letters to the one that leads to itself", () => {
    for (const {said, right} of of("reversal")) {
      const [, letters, back] = /^\nr([a-z]+)=([a-z]+)\n*$/.exec(said)!;
      expect(back).toBe([...letters].reverse().join(""));
      expect(right.replaceAll("_", "")).toBe(`${back}\n`);
    }
    for (const {said, right} of of("lookup")) {
      const [, pairs, begins] = /^\nl((?:[a-z]{2},?)+)>([a-z]+)\n*$/.exec(said)!;
      const leads = new Map(pairs.split(",").map(([from, to]) => [from, to]));
      const ends = [...begins].map((begin) => {
        let at = begin;
        while (leads.get(at) !== at) at = leads.get(at)!;
        return at;
      });
      expect(right.replaceAll("_", "")).toBe(ends.join(""));
      expect(right.indexOf(ends[0])).toBe(said.indexOf(">") + 1);
    }
  });

  it.each(arithmeticFamilies)("makes rows of %s that fit, from the shortest on", (family) => {
    for (let room = leastRoom[family]; room < 30; ++room)
      for (let i = 0; i < 20; ++i) {
        const {ids, answers} = arithmetic.draw(randomAt(i, "rows"), {
          rows: 3,
          tokens: room,
          start: new Float32Array(0),
          families: [family]
        });
        expect([ids.length, ids.every((id) => id >= 0)]).toEqual([3 * room, true]);
        const asked = answers(64);
        expect(asked.length).toBe(3 * room);
        for (let row = 0; row < 3; ++row) expect(asked.subarray(row * room, (row + 1) * room).some((id) => id !== NOTHING)).toBe(true);
      }
  });

  it("asks of few steps what they can know, and of many everything", () => {
    for (const {asked, right} of drawn(arithmetic, 16)) expect(asked).toBe(right);
    for (const {asked} of of("parity", 3)) expect(asked).toMatch(/^__[01]{3}_+$/);
    for (const {asked, said} of of("lookup", 1))
      for (const [i, letter] of [...asked].entries()) if (letter !== "_") expect(said).toContain(`${said[i]}${letter}`);
  });

  it("keeps the end of its text back, and makes problems of that", () => {
    const rowsOf = (keptBack: boolean) =>
      arithmetic.draw(randomAt(3, "rows"), {rows, tokens, start: new Float32Array(0), families: ["english"], keptBack}).ids;
    const texts = (ids: Int32Array) =>
      Array.from({length: rows}, (_, row) =>
        [...ids.subarray(row * tokens, (row + 1) * tokens)].map((id) => arithmetic.characters[id]).join("")
      );
    const {shown, keptBack} = english();
    for (const text of texts(rowsOf(false))) expect(shown).toContain(text);
    for (const text of texts(rowsOf(true))) expect(keptBack).toContain(text);
    const {prompt, answer} = problemOf("english", randomAt(3, "rows"), 16);
    expect(keptBack).toContain(prompt + answer);
    expect([prompt.length, answer.length]).toEqual([16, 1]);
  });

  it("makes of a lookup a problem of one letter to begin with, and of a reversal one that ends with its line", () => {
    const {prompt, answer, steps} = problemOf("lookup", randomAt(3, "rows"), 20);
    expect(prompt).toMatch(/^\nl((?:[a-j]{2},?)+)>[a-j]$/);
    expect([answer.length, steps >= 1]).toEqual([1, true]);
    const turned = problemOf("reversal", randomAt(3, "rows"), 20);
    expect([...turned.prompt.slice(2, -1)].reverse().join("")).toBe(turned.answer.trimEnd());
  });
});

it("the counter asks for the nearer of two marks more often, as often as it is near", () => {
  const share = (step: number, mark: string) => {
    const asked = drawn(counter, step).flatMap(({said, asked}) => [...said].flatMap((symbol, i) => (symbol === "#" ? [asked[i]] : [])));
    return asked.filter((one) => one === mark).length / asked.length;
  };
  expect(share(10, "B")).toBeCloseTo(0.75, 1);
  expect(share(10, "C")).toBeCloseTo(0.25, 1);
  expect([share(0, "A"), share(8, "B"), share(64, "I"), share(65, "_")]).toEqual([1, 1, 1, 1]);
});
