import {describe, expect, it} from "vitest";
import {dyingSteps} from "../../../../analysis/patterns/nulls/dyingSteps.ts";
import {sizeWalkP} from "../../../../analysis/patterns/nulls/sizeWalk.ts";
import {seededRandom} from "../../../../analysis/random.ts";
import {gaussianOf} from "../../../support/gaussian.ts";

/** Products of a path whose steps, at right angles, have these sizes. */
function pathOf(sizes: readonly number[]) {
  const before = [0];
  for (const size of sizes) before.push(before.at(-1)! + size ** 2);
  const size = before.length;
  const values = Float64Array.from({length: size * size}, (_, at) => before[Math.min(Math.floor(at / size), at % size)]);
  return {size, values};
}

const orderOf = (sizes: readonly number[]): number => dyingSteps(pathOf(sizes), {floor: 1e-9, tries: 1}).orderP;

function* permutations(items: readonly number[]): Generator<number[]> {
  if (items.length === 0) yield [];
  for (const [i, item] of items.entries()) for (const rest of permutations(items.toSpliced(i, 1))) yield [item, ...rest];
}

describe("the order of dying steps", () => {
  it("has a p-value as often as it says, over all orders of seven steps, and the least that there is for a perfect one", () => {
    const ps = [...permutations([7, 6, 5, 4, 3, 2, 1])].map(orderOf).sort((a, b) => a - b);
    expect(ps[0]).toBeCloseTo(1 / 5040, 10);
    for (const x of new Set(ps)) expect(ps.findLastIndex((p) => p <= x) + 1).toBeLessThanOrEqual(x * ps.length * (1 + 1e-9));
  });
  it("forgives one pair at the end that is the wrong way round", () => {
    expect(orderOf([9, 8, 7, 6, 5, 4, 3, 1, 2])).toBeLessThan(1e-4);
  });
});

describe("the order of the steps that are clear of those at rest", () => {
  const jumpsOf = (clear: readonly number[]): number =>
    dyingSteps(pathOf([...clear, ...Array.from({length: 20}, (_, t) => 1 + 0.1 * Math.sin(t))]), {floor: 1e-9, tries: 1}).jumpsP();
  it("is that of jumps of any sizes, however many steps at rest come after them", () => {
    expect(jumpsOf([100, 50, 30, 20])).toBeCloseTo(1 / 24, 10);
    expect(jumpsOf([100, 50, 30, 1, 20])).toBeCloseTo(1 / 24, 10);
    expect(jumpsOf([100, 30, 50, 20])).toBeCloseTo(4 / 24, 10);
    expect(jumpsOf([100, 50, 30])).toBeCloseTo(1 / 6, 10);
  });
});

describe("sizes that wander before they fall", () => {
  const wandersP = (last: number): number => {
    const restless = [1, 0.4, 0.9, 0.3, 1.2, 0.5, 0.8, 0.2, 0.3, 0.1];
    const resting = Array.from({length: 20}, (_, t) => last * (1 + 0.3 * Math.sin(t)));
    return dyingSteps(pathOf([...restless, ...resting]), {floor: 1e-9, tries: 1}).wanderP();
  };
  it("have surely fallen where the last quarter of them are less than a fiftieth of the first", () => {
    expect(wandersP(1 / 70)).toBe(0);
  });
  it("are held against what they wander elsewhere where one of these is larger", () => {
    expect(wandersP(1 / 40)).toBeGreaterThan(0);
  });
});

describe("a fall into rounding", () => {
  const wandersP = (fall: readonly number[]): number => {
    const resting = Array.from({length: 14}, (_, t) => 1.4 + 0.1 * Math.sin(t)); // as rounding of floor 1 leaves
    return dyingSteps(pathOf([...fall, ...resting]), {floor: 1, tries: 1}).wanderP();
  };
  it("of two steps is too short to say how sizes wander, however uneven: their order has to say that they fell", () => {
    expect(wandersP([30, 28])).toBe(0);
  });
  it("of three says it: an uneven one may be a walk, a steady one that stays down is none", () => {
    expect(wandersP([30, 4, 14])).toBeGreaterThan(0.01);
    expect(wandersP([30, 12, 4.8])).toBe(0);
  });
});

describe("sizeWalkP", () => {
  const gaussian = gaussianOf(seededRandom(3));
  it("is small of a decay into noise, whose rest says how little sizes wander", () => {
    const decay = Array.from({length: 31}, (_, t) => 0.5 * Math.log(1 + (10 * 0.75 ** t) ** 2) + 0.05 * gaussian());
    expect(sizeWalkP(decay)).toBeLessThan(1e-5);
  });
  it.each([
    [1, 0],
    [1, 1],
    [0.1, 1]
  ])("is seldom small of a random walk of steps %f through noise %f", (step, noise) => {
    let small = 0;
    for (let i = 0; i < 150; ++i) {
      let log = 0;
      if (sizeWalkP(Array.from({length: 31}, () => (log += step * gaussian()) + noise * gaussian())) <= 0.01) ++small;
    }
    expect(small).toBeLessThanOrEqual(5); // P(more of 150 | a share of 0.01) = 0.004
  });
  it("of sizes that grow, or that are all the same, is 1", () => {
    expect(sizeWalkP(Array.from({length: 31}, (_, t) => t))).toBe(1);
    expect(sizeWalkP(Array.from({length: 31}, () => 2))).toBe(1);
  });
});
