import {describe, expect, it} from "vitest";
import {cacheStrategy} from "../../../capture/generate/cacheStrategy.ts";
import {chooseToken, GREEDY} from "../../../capture/generate/sampler.ts";
import {shownLength, stopIn} from "../../../capture/generate/stopping.ts";

const logits = Float32Array.from([0.5, 0.3, 0.15, 0.05], Math.log);
const sampled = {...GREEDY, sample: true};
const drawn = (options: Partial<typeof sampled>, uniform: number, history: number[] = []) =>
  chooseToken(logits, history, {...sampled, ...options}, () => uniform);

describe("chooseToken", () => {
  it("is greedy, the first among equals, and asks for no random number", () => {
    const never = () => {
      throw new Error("asked");
    };
    expect(chooseToken(Float32Array.of(1, 3, 3), [], GREEDY, never)).toBe(1);
  });
  it("draws by the distribution's quantiles", () => {
    expect([0, 0.49, 0.51, 0.79, 0.81, 0.94, 0.96, 0.999].map((u) => drawn({}, u))).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
  });
  it("a low temperature sharpens, however low", () => {
    expect(drawn({temperature: 0.1}, 0.99)).toBe(0);
    expect(drawn({temperature: Number.MIN_VALUE}, 0.999)).toBe(0);
  });
  it("temperature 0 takes the likeliest, and asks for no random number", () => {
    const never = () => {
      throw new Error("asked");
    };
    expect(chooseToken(Float32Array.of(1, 3, 3), [], {...sampled, temperature: 0}, never)).toBe(1);
    expect(chooseToken(Float32Array.of(2, 1.9), [0], {...sampled, temperature: 0, repetitionPenalty: 2}, never)).toBe(1);
  });
  it("top-k keeps k and renormalises", () => expect([0.62, 0.63].map((u) => drawn({topK: 2}, u))).toEqual([0, 1]));
  it("top-p also drops the token that crosses it, and keeps the likeliest", () => {
    expect(drawn({topP: 0.9}, 0.999)).toBe(1);
    expect(drawn({topP: 0.2}, 0.999)).toBe(0);
  });
  it("min-p is a share of the likeliest", () => expect(drawn({minP: 0.5}, 0.999)).toBe(1));
  it("the repetition penalty pushes what is there already down, whatever its sign", () => {
    expect(chooseToken(Float32Array.of(2, 1.9, -1), [0, 0], {...GREEDY, repetitionPenalty: 1.1}, Math.random)).toBe(1);
    expect(chooseToken(Float32Array.of(-1, -1.05), [0], {...GREEDY, repetitionPenalty: 1.1}, Math.random)).toBe(1);
  });
});

describe("stopping", () => {
  it("stopIn ends before the first stop string, the longer one where two begin together", () => {
    expect(stopIn("a\n\nb", ["\n", "\n\n"])).toEqual({text: "a", stop: "\n\n"});
    expect(stopIn("abc", ["d"])).toBeUndefined();
  });
  it("shownLength holds back what may become a stop string", () => {
    expect(shownLength("hello <", ["<end>"])).toBe(6);
    expect(shownLength("hello <en", ["<end>", "nd"])).toBe(6);
    expect(shownLength("hello", ["<end>"])).toBe(5);
  });
  it("shownLength holds back a character that is not whole yet, and shows one that never will be", () => {
    expect(shownLength("a\uFFFD\uFFFD", [])).toBe(1);
    expect(shownLength("a\uFFFDb", [])).toBe(3);
    expect(shownLength("<e\uFFFD", ["<end>"])).toBe(2);
  });
});

describe("cacheStrategy", () => {
  it("full has a slot for each step and block", () => {
    const full = cacheStrategy("full", 4);
    expect([full.slot(0, 0), full.slot(1, 2)]).toEqual([0, 6]);
    expect(full.instead(6, [2])).toBeUndefined();
  });
  it("latest-m4 falls back to the same block of an earlier step", () => {
    expect(cacheStrategy("latest-m4", 4).instead(10, [2, 3, 6, 7])).toBe(6);
    expect(cacheStrategy("latest-m4", 4).instead(2, [6])).toBeUndefined();
    expect(cacheStrategy("always-last-m4", 4).instead(2, [2, 6])).toBe(6);
  });
  it("counts blocks of another core", () => expect(cacheStrategy("latest-m4", 2).instead(5, [1, 2, 3])).toBe(3));
  it("compresses into a ring, by neighbours, or after an anchor", () => {
    const slots = (name: string) => [0, 1, 7, 8, 9].map((step) => cacheStrategy(name, 4).slot(step, 1));
    expect(slots("compress-s4")).toEqual([1, 1, 1, 1, 1]);
    expect(slots("latest-m4-compress-s16")).toEqual([1, 5, 13, 1, 5]);
    expect(slots("compress-r4")).toEqual([0, 1, 7, 8, 9]);
    expect(slots("latest-m4-compress-anchor")).toEqual([1, 5, 29, 33, 33]);
  });
  it.each(["", "compress", "compress-s0", "full-latest-m4", "nope", "latest-m4-"])("refuses %j and lists the known", (name) => {
    expect(() => cacheStrategy(name, 4)).toThrow(/^unknown cache strategy: .*; one of full, skip, latest-m4/);
  });
});
