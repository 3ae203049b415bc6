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

/** Energy a state of all that a massive coordinate still does, over that of the others' noise: the median of 100 paths. */
function shareLeft(courseOf: () => (t: number) => number): number {
  const gaussian = gaussianOf(seededRandom(9));
  const shares = Array.from({length: 100}, () => {
    const path = matrixOf(48, 32, Float32Array.from({length: 48 * 32}, gaussian));
    const course = courseOf();
    for (let t = 0; t < 48; ++t) path.data[t * 32 + 3] = 300 * course(t);
    const {values} = weightsOf(path, {steps: coordinateSteps(path), precision: "float32"});
    const series = Array.from({length: 48}, (_, t) => (values?.[3] ?? 1) * path.data[t * 32 + 3]);
    const mean = series.reduce((total, x) => total + x, 0) / 48;
    return series.reduce((total, x) => total + (x - mean) ** 2, 0) / 47 / 31;
  });
  return shares.sort((a, b) => a - b)[50];
}

describe("what a massive coordinate is scaled down to is an eighth of the others' noise, however long it remembers what it was", () => {
  it.each<[string, () => (t: number) => number]>([
    ["of noise anew at every step", () => () => 5 + noise()],
    ["of an autoregression", () => remembering(0.9)],
    ["of a walk", () => walking()]
  ])("%s", (_, courseOf) => {
    const share = shareLeft(courseOf);
    expect(share).toBeGreaterThan(0.05); // half of an eighth: the others' noise is the least of several quantiles
    expect(share).toBeLessThan(0.07);
  });

  it("but for what goes on evenly, which is a motion: that is scaled by its noise, and stands out as before", () => {
    const gaussian = gaussianOf(seededRandom(11));
    const path = matrixOf(48, 32, Float32Array.from({length: 48 * 32}, gaussian));
    for (let t = 0; t < 48; ++t) path.data[t * 32 + 3] = 300 * (gaussian() + 0.3 * t);
    const {values, weighed} = weightsOf(path, {steps: coordinateSteps(path), precision: "float32"});
    expect(weighed).toEqual([3]);
    expect(300 * 0.3 * 47 * values![3]).toBeGreaterThan(20); // from one end of the path to the other, in units of the others' noise
  });

  it.each<[string, (t: number) => number]>([
    ["an even way", (t) => t / 48],
    ["a decay", (t) => Math.exp(-t / 6)]
  ])("%s is a motion where it accounts for nine tenths of what the coordinate does", (_, way) => {
    const scale = (share: number): number => {
      const path = matrixOf(48, 32, Float32Array.from({length: 48 * 32}, gaussianOf(seededRandom(12))));
      const ways = Array.from({length: 48}, (_, t) => way(t));
      const own = withoutPart(Array.from({length: 48}, gaussianOf(seededRandom(13))), ways);
      const ratio = Math.sqrt((share * productOf(own, own)) / ((1 - share) * productOf(ways, ways)));
      for (let t = 0; t < 48; ++t) path.data[t * 32 + 3] = 300 * (own[t] + ratio * ways[t]);
      const {values, weighed} = weightsOf(path, {steps: coordinateSteps(path), precision: "float32"});
      expect(weighed).toEqual([3]);
      return 300 * values![3];
    };
    expect(scale(0.91) / scale(0.89)).toBeGreaterThan(1.2);
    expect(scale(0.89) / scale(0.87)).toBeLessThan(1);
  });
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

function remembering(kept: number): (t: number) => number {
  let place = noise() / Math.sqrt(1 - kept ** 2);
  return () => (place = kept * place + noise());
}

function walking(): (t: number) => number {
  let place = 0;
  return () => (place += noise());
}

/** Of two series, each seen from its mean. */
function productOf(a: readonly number[], b: readonly number[]): number {
  const mean = b.reduce((sum, x) => sum + x, 0) / b.length;
  return a.reduce((sum, x, t) => sum + x * (b[t] - mean), 0);
}

const withoutPart = (series: readonly number[], way: readonly number[]): number[] =>
  series.map((x, t) => x - (productOf(series, way) / productOf(way, way)) * way[t]);

const settling =
  (rate: number) =>
  (t: number): number =>
    3 + rate ** t + noise() / 100;

const jumping =
  (at: number) =>
  (t: number): number =>
    3 + Number(t >= at) + noise() / 100;
