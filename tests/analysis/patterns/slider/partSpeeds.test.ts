import {describe, expect, it} from "vitest";
import {matrixOf, type Matrix} from "../../../../analysis/matrix.ts";
import {classifyPath} from "../../../../analysis/patterns/classifyRun.ts";
import {gramOf} from "../../../../analysis/patterns/path/gram.ts";
import {fromFalling, speeds, SURE_RISE} from "../../../../analysis/patterns/slider/partSpeeds.ts";
import {noiseDimensions, residualOf} from "../../../../analysis/patterns/path/residual.ts";
import {toBfloat16} from "../../../../analysis/patterns/path/rounding.ts";
import {constantOf} from "../../../../analysis/patterns/statistics/timeBasis.ts";
import {seededRandom, type Random} from "../../../../analysis/random.ts";
import {gaussianOf} from "../../../support/gaussian.ts";
import {HARD_POSITIVES} from "../../../support/hardPositives.ts";

const WIDTH = 64;

/** A way along the first coordinate, `to(t)` after t steps, in noise of energy 1 per state in all 64. */
function wayTo(random: Random, steps: number, to: (t: number) => number): Matrix {
  const gaussian = gaussianOf(random);
  const data = Float32Array.from(
    {length: steps * WIDTH},
    (_, i) => (i % WIDTH === 0 ? to(Math.floor(i / WIDTH)) : 0) + gaussian() / Math.sqrt(WIDTH)
  );
  return matrixOf(steps, WIDTH, data);
}

const rises = (path: Matrix): boolean => speeds(residualOf(gramOf(path), constantOf(path.rows)), 1).rises;

describe("a speed that rises", () => {
  it("is known to the noise of one direction, not of all: a tenth above one eight times the noise is seen", () => {
    const random = seededRandom(5);
    const faster = (t: number): number => 8 * (t < 16 ? t : 16 + 1.1 * (t - 16));
    for (let i = 0; i < 20; ++i) expect(rises(wayTo(random, 32, faster)), `${i}`).toBe(true);
  });
  it("is not seen in one that falls, is even, or is noise's alone", () => {
    const random = seededRandom(6);
    let seen = 0;
    for (let i = 0; i < 300; ++i) {
      const ways = [(t: number) => 200 * (1 - 0.97 ** t), (t: number) => 0.5 * t, () => 0];
      seen += Number(rises(wayTo(random, 32, ways[i % 3])));
    }
    expect(seen).toBe(0);
  });
  it.each([
    [[1.05], true],
    [[0.95], false],
    [[0.75, 0.75], true],
    [[0.55, 0.55], false]
  ] as const)("is sure by all its rises together: %j × the least that one has to have, %s", (rising, sure) => {
    const [variance, steps] = [2e-6, 6]; // of a speed; states of a part
    const spread = (steps * (steps ** 2 - 1)) / 12;
    const rise = SURE_RISE * Math.sqrt(2 * variance);
    const falls = rising.flatMap((share, i) => [0.9 ** i, (1 + share * rise) * 0.9 ** i]);
    const inPart = Array.from({length: 6}, (_, part) => falls[part] ?? 0.9 ** rising.length);
    const stepsOf = inPart.flatMap((speed) => Array.from({length: steps}, () => speed));
    const places = Float32Array.from(stepsOf, (_, t) => stepsOf.slice(0, t).reduce((sum, x) => sum + x, 0));
    const path = matrixOf(places.length, 1, places);
    expect(speeds(residualOf(gramOf(path), constantOf(path.rows)), variance * spread).rises).toBe(sure);
  });
  it("is the distance from what never rises: pools of neighbours, weighted by how well they are known", () => {
    const row = (means: readonly number[], variances = means.map(() => 1)) => means.map((mean, i) => ({mean, variance: variances[i]}));
    expect(fromFalling(row([3, 2, 2, 1]))).toBe(0);
    expect(fromFalling(row([1, 3]))).toBeCloseTo(2, 12);
    expect(fromFalling(row([3, 1, 2, 3]))).toBeCloseTo(2, 12); // 1, 2, 3 about 2
    expect(fromFalling(row([2, 0, 3], [1, 1, 3]))).toBeCloseTo(9 / 4, 12); // 0 and 3 pooled at ¾
    expect(fromFalling(row([1, 3], [3, 5]))).toBeCloseTo(0.5, 12);
  });
  it("makes a slider of uneven speed in bfloat16, too", () => {
    const random = seededRandom(22);
    let found = 0;
    for (let i = 0; i < 40; ++i) {
      const {path} = HARD_POSITIVES["slider of uneven speed"].make({random, steps: 32, width: WIDTH});
      found += Number(classifyPath({...path, data: toBfloat16(path.data)}).pattern === "slider");
    }
    expect(found).toBeGreaterThanOrEqual(39);
  });
});

it("the dimensions of noise are its own, whatever the motion: those of a wave along one line count for none of them", () => {
  const random = seededRandom(7);
  const wave = wayTo(random, 40, (t) => 30 * Math.sin(t / 6));
  expect(noiseDimensions(gramOf(wave))).toBeGreaterThan(WIDTH / 2);
  expect(noiseDimensions(gramOf(matrixOf(40, 1, Float32Array.from({length: 40}, gaussianOf(random)))))).toBeCloseTo(1, 6);
});
