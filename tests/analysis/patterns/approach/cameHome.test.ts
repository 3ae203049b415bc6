import {expect, it} from "vitest";
import {MOVES_IN} from "../../../../analysis/patterns/approach/contraction.ts";
import {classifyPath} from "../../../../analysis/patterns/classifyRun.ts";
import {matrixOf, type Matrix} from "../../../../analysis/matrix.ts";
import {DEEP} from "../../../../analysis/patterns/nulls/dyingSteps.ts";
import {seededRandom} from "../../../../analysis/random.ts";
import {APPROACH_NULLS} from "../../../support/approachNulls.ts";
import {between, directionOf, frameOf, gaussianOf} from "../../../support/gaussian.ts";
import {HARD_NULLS} from "../../../support/hardNulls.ts";

const [STEPS, WIDTH] = [32, 64];

interface Settling {
  /** First distance over the noise. */
  readonly amplitude: number;
  /** Directions in which the noise lies. */
  readonly directions: number;
}

/** Modes that each turn at an angle of their own and keep 0.75 a step, in noise of size 1. */
function settling(seed: number, {amplitude, directions}: Settling): Matrix {
  const random = seededRandom(seed);
  const gaussian = gaussianOf(random);
  const start = directionOf(gaussian, WIDTH, amplitude);
  const angles = Array.from({length: WIDTH / 2}, () => between(random, 0, Math.PI));
  const noise = frameOf(gaussian, WIDTH, directions);
  const data = new Float32Array(STEPS * WIDTH);
  for (let t = 0; t < STEPS; ++t) {
    const drawn = noise.map(() => gaussian() / Math.sqrt(directions));
    for (let k = 0; k < WIDTH; ++k) {
      const angle = angles[k >> 1] * t;
      const [x, y] = k % 2 === 0 ? [start[k], -start[k + 1]] : [start[k], start[k - 1]];
      data[t * WIDTH + k] =
        3 + 0.75 ** t * (x * Math.cos(angle) + y * Math.sin(angle)) + drawn.reduce((sum, size, j) => sum + size * noise[j][k], 0);
    }
  }
  return matrixOf(STEPS, WIDTH, data);
}
const found = (settled: Settling): number =>
  Array.from({length: 10}, (_, i) => classifyPath(settling(40 + i, settled)).pattern).filter((pattern) => pattern === "converging").length;

it("an end in few directions is motion, which has to come from far: MOVES_IN, DEEP", () => {
  expect(MOVES_IN).toBe(4.5);
  expect(found({amplitude: 0.6 * DEEP, directions: 3})).toBe(0);
  expect(found({amplitude: 4 * DEEP, directions: 3})).toBe(10);
  expect(found({amplitude: 0.6 * DEEP, directions: 24})).toBeGreaterThanOrEqual(6);
});

it.each(["noise of long memory that calms down", "net that comes near, and never to rest"])("%s is no approach", (name) => {
  const seeds = {
    "noise of long memory that calms down": [1901338301, 1901860955, 1902930020, 1918427503, 1920605228],
    "net that comes near, and never to rest": [1901211597, 1901465005, 1903072562, 1905931321, 1911403350]
  }[name]!;
  const {make} = {...HARD_NULLS, ...APPROACH_NULLS}[name];
  const labels = seeds.map((seed) => classifyPath(make({random: seededRandom(seed), steps: STEPS, width: WIDTH})).pattern);
  expect(labels).toEqual(seeds.map(() => "unsettled"));
});
