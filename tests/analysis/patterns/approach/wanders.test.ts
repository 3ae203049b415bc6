import {describe, expect, it} from "vitest";
import {gramOf, productsFrom} from "../../../../analysis/patterns/path/gram.ts";
import {wanders} from "../../../../analysis/patterns/approach/wanders.ts";
import {seededRandom} from "../../../../analysis/random.ts";
import {framed} from "../../../support/framed.ts";
import {gaussianOf} from "../../../support/gaussian.ts";

const [STEPS, WIDTH, NOISE, RATE] = [48, 64, 0.01, 0.7];
const ARRIVED = 12;

/** Whether the end of a path wanders that comes a way of 1 at a rate of 0.7, and does at its end what is said. */
function wandersWith(beside: (t: number, gaussian: () => number) => number, seed: number): boolean {
  const random = seededRandom(seed);
  const gaussian = gaussianOf(random);
  const radius = Math.sqrt(WIDTH);
  const path = framed({random, steps: STEPS, width: WIDTH}, 2, NOISE, (t) => [RATE ** t, beside(t, gaussian)]);
  return wanders(productsFrom(gramOf(path), ARRIVED), {rate: RATE, omega: 0, floor: 0, way: radius});
}

const walk = (size: number): ((t: number, gaussian: () => number) => number) => {
  let at = 0;
  return (_, gaussian) => (at += (size * gaussian()) / Math.sqrt(STEPS));
};

const SEEDS = Array.from({length: 20}, (_, i) => i + 1);
const often = (beside: () => (t: number, gaussian: () => number) => number): number =>
  SEEDS.filter((seed) => wandersWith(beside(), seed)).length;

describe("the end of a way wanders", () => {
  it("where it walks by a fifth of the way", () => expect(often(() => walk(0.2))).toBeGreaterThan(12));
  it("not where it walks by a hundredth", () => expect(often(() => walk(0.01))).toBe(0));
  it("not where it rests in noise, however wide", () => expect(often(() => (_, gaussian) => 0.1 * gaussian())).toBe(0));
  it("not where a slower mode still comes nearer", () => expect(often(() => (t) => 0.3 * 0.9 ** t)).toBe(0));
  it("not where it is kicked by a hundredth, and forgets that at its own rate", () =>
    expect(
      often(() => {
        let at = 0;
        return (_, gaussian) => (at = RATE * at + 0.01 * gaussian());
      })
    ).toBe(0));
  it("nor of a few states", () => {
    const path = framed({random: seededRandom(1), steps: 7, width: 4}, 1, 0, (t) => [t % 3]);
    expect(wanders(gramOf(path), {rate: RATE, omega: 0, floor: 0, way: 1})).toBe(false);
  });
});
