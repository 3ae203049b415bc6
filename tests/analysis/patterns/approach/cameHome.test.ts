import {expect, it} from "vitest";
import {CALMED_BY_CHANCE, CAME_HOME, MANY_IN_ORDER, MOVES_IN, NO_JUMPS} from "../../../../analysis/patterns/approach/contraction.ts";
import {classifyPath} from "../../../../analysis/patterns/classifyRun.ts";
import {matrixOf, type Matrix} from "../../../../analysis/matrix.ts";
import {DEEP} from "../../../../analysis/patterns/nulls/dyingSteps.ts";
import {toBfloat16} from "../../../../analysis/patterns/path/rounding.ts";
import type {Verdict} from "../../../../analysis/patterns/verdict.ts";
import {seededRandom} from "../../../../analysis/random.ts";
import {APPROACH_NULLS} from "../../../support/approachNulls.ts";
import {between, directionOf, frameOf, gaussianOf} from "../../../support/gaussian.ts";
import {HARD_NULLS} from "../../../support/hardNulls.ts";
import {HARD_POSITIVES} from "../../../support/hardPositives.ts";
import {manyModePath} from "../../../support/trajectories.ts";

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

/** The label of a path of steps at right angles, of these sizes over those of the noise where it ends. */
function stepping(sizes: readonly number[]): Verdict {
  const gaussian = gaussianOf(seededRandom(5));
  const axes = frameOf(gaussian, WIDTH, sizes.length);
  const data = Float32Array.from({length: STEPS * WIDTH}, (_, i) => {
    const [t, k] = [Math.floor(i / WIDTH), i % WIDTH];
    return gaussian() / Math.sqrt(WIDTH) + sizes.reduce((sum, size, step) => sum + (t > step ? size * axes[step][k] : 0), 0);
  });
  return classifyPath(matrixOf(STEPS, WIDTH, data));
}

const found = (settled: Settling): number =>
  Array.from({length: 10}, (_, i) => classifyPath(settling(40 + i, settled)).pattern).filter((pattern) => pattern === "converging").length;

it("an end in few directions is motion, which has to come from far: MOVES_IN, DEEP", () => {
  expect(MOVES_IN).toBe(4.5);
  expect(found({amplitude: 0.6 * DEEP, directions: 3})).toBe(0);
  expect(found({amplitude: 4 * DEEP, directions: 3})).toBe(10);
  expect(found({amplitude: 0.6 * DEEP, directions: 24})).toBeGreaterThanOrEqual(6);
});

const LONG_MEMORY = "noise of long memory that calms down";

it("an end that is motion needs a p-value that noise of a long memory does not reach: CALMED_BY_CHANCE", () => {
  expect(CALMED_BY_CHANCE).toBe(5e-5);
  const noise = HARD_NULLS[LONG_MEMORY].make({random: seededRandom(105791298), steps: 64, width: 64}); // 1.3e-4
  const settles = HARD_POSITIVES["just before a Neimark–Sacker"].make({random: seededRandom(101261630), steps: STEPS, width: WIDTH}); // 1.7e-5
  expect([noise, settles.path].map((path) => classifyPath(path).pattern)).toEqual(["unsettled", "converging"]);
});

const rounded = ({data, ...shape}: Matrix): Matrix => ({...shape, data: toBfloat16(data)});

it("an end on rounding, which hides what is less, is known by its steps from as far as one that is motion: CAME_HOME", () => {
  expect(CAME_HOME).toBe(12);
  const labelOf = (seed: number): string => {
    const random = seededRandom(seed);
    const {path} = manyModePath({random, steps: STEPS, width: WIDTH, onSphere: random() < 0.5, amplitude: 100});
    return classifyPath(rounded(path)).pattern;
  };
  expect([103198384, 103348845].map(labelOf)).toEqual(["unsettled", "unsettled"]); // from 9.1 and 7.5 times
  expect([103150870, 103261736].map(labelOf)).toEqual(["converging", "converging"]); // from 13.4 and 12.9
});

it("four steps clear of those at rest, of a size each, come in order or are jumps: NO_JUMPS", () => {
  expect(NO_JUMPS).toBe(0.05);
  expect(stepping([160, 80, 40, 20]).pattern).toBe("converging");
  expect(stepping([160, 40, 80, 20])).toMatchObject({
    pattern: "unsettled",
    evidence: {converging: {unsure: expect.stringContaining("jumps")}}
  });
});

it("so many steps that come first are no few jumps, whatever their order among themselves: MANY_IN_ORDER", () => {
  expect(MANY_IN_ORDER).toBe(3e-7);
  const shuffled = [60, 160, 40, 120, 80, 100, 50, 140, 90, 70, 110, 130];
  const unsureOf = (clear: number): string | undefined => stepping(shuffled.slice(0, clear)).evidence.converging.unsure;
  expect(unsureOf(6)).toContain("jumps");
  expect(unsureOf(12)).not.toContain("jumps");
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
