import {describe, expect, it} from "vitest";
import {classifyPath} from "../../../../analysis/patterns/classifyRun.ts";
import {SURE_END} from "../../../../analysis/patterns/approach/endless.ts";
import {gramOf, productsFrom} from "../../../../analysis/patterns/path/gram.ts";
import {GOES_ON, slowPartP} from "../../../../analysis/patterns/approach/slowPart.ts";
import {roundingFloor, toBfloat16} from "../../../../analysis/patterns/path/rounding.ts";
import {seededRandom} from "../../../../analysis/random.ts";
import {AGEING_NULLS} from "../../../support/ageingNulls.ts";
import {framed} from "../../../support/framed.ts";
import {gaussianOf} from "../../../support/gaussian.ts";

const [STEPS, WIDTH, NOISE, RATE] = [40, 64, 0.02, 0.7];

/** p of the slow part of a path that comes a way of 1 at a rate of 0.7, and beside it does what is said. */
function slowPartWith(beside: (t: number, gaussian: () => number) => number, seed: number): number {
  const random = seededRandom(seed);
  const gaussian = gaussianOf(random);
  const path = framed({random, steps: STEPS, width: WIDTH}, 2, NOISE, (t) => [RATE ** t, beside(t, gaussian)]);
  return slowPartP(productsFrom(gramOf(path), 1), {rate: RATE, omega: 0, floor: 0, way: Math.sqrt(WIDTH)});
}

const SEEDS = Array.from({length: 20}, (_, i) => i + 1);
const endless = (beside: () => (t: number, gaussian: () => number) => number): number =>
  SEEDS.filter((seed) => slowPartWith(beside(), seed) > SURE_END).length;

describe("a slow part without an end, beside an approach", () => {
  it("is a slide by a fifth of the way", () => expect(endless(() => (t) => (0.2 * t) / STEPS)).toBe(20));
  it("is a way that grows as ln t, most often", () => expect(endless(() => (t) => 0.1 * Math.log(1 + t))).toBeGreaterThan(14));
  it("is not a slide by a fiftieth, which is no wider than a place", () => expect(endless(() => (t) => (0.02 * t) / STEPS)).toBe(0));
  it("is not a slower mode that comes nearer", () => expect(endless(() => (t) => 0.5 * 0.9 ** t)).toBe(0));
  it("is not noise", () => expect(endless(() => (_, gaussian) => 0.05 * gaussian())).toBe(0));
  it("is not what a kicked loop forgets at the claimed rate", () =>
    expect(
      endless(() => {
        let at = 0;
        return (_, gaussian) => (at = RATE * at + 0.02 * gaussian());
      })
    ).toBe(0));
  it("is a slide by a few floors of rounding, where states round each anew", () => {
    const rate = 0.9;
    const rounded = (seed: number): number => {
      const {data, ...shape} = framed({random: seededRandom(seed), steps: STEPS, width: WIDTH}, 2, 0.002, (t) => [
        0.1 * rate ** t,
        (0.015 * t) / STEPS
      ]);
      const path = productsFrom(gramOf({...shape, data: toBfloat16(data)}), 1);
      const floor = roundingFloor(data.subarray(0, WIDTH), "bfloat16");
      return slowPartP(path, {rate, omega: 0, floor, way: 0.1 * Math.sqrt(WIDTH)});
    };
    expect(SEEDS.filter((seed) => rounded(seed) > SURE_END).length).toBeGreaterThan(14);
  });
  it("nor looked for in a few states", () => {
    const path = framed({random: seededRandom(1), steps: 9, width: 4}, 1, 0, (t) => [t]);
    expect(slowPartP(gramOf(path), {rate: RATE, omega: 0, floor: 0, way: 1})).toBe(0);
  });
});

it("what follows a moving target is hardly ever converging, and says why", () => {
  const random = seededRandom(11);
  const verdicts = Array.from({length: 80}, () =>
    classifyPath(AGEING_NULLS["follower of a target that moves"].make({random, steps: 32, width: 64}))
  );
  expect(verdicts.filter(({pattern}) => pattern === "converging").length).toBeLessThanOrEqual(1);
  expect(verdicts.filter(({evidence}) => evidence.converging.against.includes(GOES_ON)).length).toBeGreaterThan(1);
});

it("a slow slide behind a transient is not converging", () => {
  const random = seededRandom(12);
  for (let i = 0; i < 40; ++i)
    expect(classifyPath(AGEING_NULLS["transient, then a slow slide"].make({random, steps: 64, width: 64})).pattern).not.toBe("converging");
});
