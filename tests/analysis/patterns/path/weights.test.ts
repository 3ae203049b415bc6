import {describe, expect, it} from "vitest";
import {matrixOf} from "../../../../analysis/matrix.ts";
import {coordinateSteps, weightsOf} from "../../../../analysis/patterns/path/weights.ts";
import {seededRandom} from "../../../../analysis/random.ts";
import {between, gaussianOf} from "../../../support/gaussian.ts";

/** Of 200 paths of noise of size 1 in 32 coordinates over 32 states, how often the one is weighed that goes as `course` says, hundreds of times as far. */
function timesWeighed(seed: number, courseOf: (random: () => number) => (t: number) => number): number {
  const random = seededRandom(seed);
  const gaussian = gaussianOf(random);
  let count = 0;
  for (let i = 0; i < 200; ++i) {
    const path = matrixOf(32, 32, Float32Array.from({length: 32 * 32}, gaussian));
    const course = courseOf(random);
    for (let t = 0; t < 32; ++t) path.data[t * 32 + 3] = 300 * course(t);
    const {weighed} = weightsOf(path, {steps: coordinateSteps(path), precision: "float32"});
    expect(weighed.filter((k) => k !== 3)).toEqual([]);
    count += weighed.length;
  }
  return count;
}

const noise = gaussianOf(seededRandom(5));

describe("a massive coordinate is weighed down", () => {
  it.each<[string, number, (random: () => number) => (t: number) => number]>([
    [
      "that flips at random, though three in four of its flips may come again after some lag",
      195,
      (random) => () => Math.sign(random() - 0.5)
    ],
    ["that is noisy", 195, () => () => 5 + noise()],
    ["that walks", 190, () => walking()]
  ])("%s", (_, least, course) => expect(timesWeighed(7, course)).toBeGreaterThanOrEqual(least));
});

describe("a massive coordinate is left as it is, whose motion is its own", () => {
  it.each<[string, number, (random: () => number) => (t: number) => number]>([
    [
      "on an orbit of any period",
      14,
      (random) => {
        const omega = (2 * Math.PI) / between(random, 2.5, 8);
        return (t) => Math.cos(omega * t) + noise() / 20;
      }
    ],
    ["coming to rest", 0, (random) => settling(between(random, 0.5, 0.85))],
    [
      "on an orbit after a transient",
      8,
      (random) => {
        const omega = (2 * Math.PI) / between(random, 2.5, 5);
        return (t) => Math.cos(omega * t) + noise() / 20 + 5 * 0.7 ** t;
      }
    ],
    ["that jumps once", 4, (random) => jumping(Math.floor(32 * random()))]
  ])("%s", (_, most, course) => expect(timesWeighed(8, course)).toBeLessThanOrEqual(most));
});

function walking(): (t: number) => number {
  let place = 0;
  return () => (place += noise());
}

const settling =
  (rate: number) =>
  (t: number): number =>
    3 + rate ** t + noise() / 100;

const jumping =
  (at: number) =>
  (t: number): number =>
    3 + Number(t >= at) + noise() / 100;
