import {expect, it} from "vitest";
import {matrixOf, type Matrix} from "../../../../analysis/matrix.ts";
import {ALPHA, classifyPath} from "../../../../analysis/patterns/classifyRun.ts";
import {DEEP} from "../../../../analysis/patterns/nulls/dyingSteps.ts";
import {gramOf, seenFromTail} from "../../../../analysis/patterns/path/gram.ts";
import {heldDirectionsP} from "../../../../analysis/patterns/approach/heldDirections.ts";
import {seededRandom} from "../../../../analysis/random.ts";
import {gaussianOf} from "../../../support/gaussian.ts";
import {HARD_NULLS} from "../../../support/hardNulls.ts";
import {manyModePath} from "../../../support/trajectories.ts";

const [STEPS, WIDTH, TAIL] = [32, 64, 8];

/** Independent states about a centre, of a size at each step. */
function noiseOf(gaussian: () => number, size: (t: number) => number): Matrix {
  const data = new Float32Array(STEPS * WIDTH);
  for (let t = 0; t < STEPS; ++t) for (let k = 0; k < WIDTH; ++k) data[t * WIDTH + k] = 3 + size(t) * gaussian();
  return matrixOf(STEPS, WIDTH, data);
}

function pOf(path: Matrix, startChosen = false, rounded = false): number {
  const gram = gramOf(path);
  const seen = seenFromTail(gram, TAIL);
  const noise = Math.sqrt(seen.sizes.slice(-TAIL).reduce((sum, size) => sum + size ** 2, 0) / (TAIL - 1));
  return heldDirectionsP(gram, {seen, tail: TAIL, noise, rounded, startChosen});
}

const CALMING: Readonly<Record<string, (t: number) => number>> = {
  evenly: (t) => 10 ** (-t / (STEPS - 1)),
  "as a power of time": (t) => (1 + t) ** -0.6,
  "at once": (t) => (t < 12 ? 1 : 0.1)
};

it.each(Object.entries(CALMING))("of noise that calms down %s p is as small as p at most, and it is no approach", (_, size) => {
  const gaussian = gaussianOf(seededRandom(3));
  const paths = Array.from({length: 200}, () => noiseOf(gaussian, size));
  for (const level of [0.02, 0.1, 0.5]) {
    expect(paths.filter((path) => pOf(path) <= level).length / paths.length).toBeLessThan(
      level + 3 * Math.sqrt((level * (1 - level)) / 200)
    );
  }
  expect(paths.slice(0, 40).map((path) => classifyPath(path).pattern)).not.toContain("converging");
});

it.each([
  ["keeps half of what was", 0.5, true],
  ["keeps what was drawn before", 1, false],
  ["works against what was drawn before", -0.7, false]
])("noise that %s is as little an approach when it calms down", (_, kept, ofAll) => {
  const [steps, width] = [64, 256];
  const gaussian = gaussianOf(seededRandom(8));
  for (const size of Object.values(CALMING)) {
    for (let i = 0; i < 8; ++i) {
      const data = new Float32Array(steps * width);
      const before = Float64Array.from({length: width}, gaussian);
      for (let t = 0; t < steps; ++t) {
        for (let k = 0; k < width; ++k) {
          const drawn = gaussian();
          const mixed = drawn + kept * before[k];
          before[k] = ofAll ? mixed : drawn;
          data[t * width + k] = 3 + size((t * (STEPS - 1)) / (steps - 1)) * mixed;
        }
      }
      expect(classifyPath(matrixOf(steps, width, data)).pattern).not.toBe("converging");
    }
  }
});

it("noise that remembers for two to five steps, and may turn meanwhile, is no approach when it calms down, in however many directions", () => {
  const random = seededRandom(31);
  const {make} = HARD_NULLS["noise of longer memory that calms down"];
  for (const [steps, width, paths] of [
    [32, 64, 20],
    [128, 1024, 12]
  ])
    for (let i = 0; i < paths; ++i) expect(classifyPath(make({random, steps, width})).pattern).not.toBe("converging");
});

it("a walk whose steps remember those before for one to four steps and calm down approaches nothing", () => {
  const [steps, width] = [128, 256];
  for (const kept of [0.5, 0.8]) {
    const gaussian = gaussianOf(seededRandom(9));
    for (let i = 0; i < 6; ++i) {
      const data = new Float32Array(steps * width);
      const step = Float64Array.from({length: width}, gaussian);
      for (let t = 0; t < steps; ++t) {
        for (let k = 0; k < width; ++k) {
          step[k] = kept * step[k] + Math.sqrt(1 - kept ** 2) * gaussian();
          data[t * width + k] = t === 0 ? 30 : data[(t - 1) * width + k] + 8 ** (-t / (steps - 1)) * step[k];
        }
      }
      expect(classifyPath(matrixOf(steps, width, data)).pattern).not.toBe("converging");
    }
  }
});

it("a walk whose steps calm down approaches nothing", () => {
  const gaussian = gaussianOf(seededRandom(6));
  for (let i = 0; i < 40; ++i) {
    const path = noiseOf(gaussian, (t) => 8 ** (-t / (STEPS - 1)));
    for (let t = 1; t < STEPS; ++t) for (let k = 0; k < WIDTH; ++k) path.data[t * WIDTH + k] += path.data[(t - 1) * WIDTH + k] - 3;
    expect(classifyPath(path).pattern).not.toBe("converging");
  }
});

it("one state far from the end, or two or three, are hardly ever an approach, in whatever directions", () => {
  const gaussian = gaussianOf(seededRandom(7));
  for (const [far, most] of [
    [1, 0],
    [2, 5],
    [3, 1]
  ]) {
    const paths = Array.from({length: 60}, () => noiseOf(gaussian, (t) => (t < far ? 25 : 1)));
    expect(paths.filter((path) => classifyPath(path).pattern === "converging").length, `${far}`).toBeLessThanOrEqual(most);
  }
});

it("what turns and comes nearer alike at every step is told from it, whatever its planes and angles, in most cases also where a short memory could reach over half of the fall", () => {
  const random = seededRandom(4);
  const quick: number[] = [];
  for (let i = 0; i < 20; ++i) {
    const rate = 0.75 + 0.01 * (i % 10);
    const {path} = manyModePath({random, steps: STEPS, width: WIDTH, onSphere: false, amplitude: 30}, {rate});
    const p = pOf(path, true);
    if (rate <= 0.8) quick.push(p);
    else expect(p).toBeLessThanOrEqual(ALPHA / 2);
  }
  expect(quick.filter((p) => p <= ALPHA / 2).length).toBeGreaterThanOrEqual(8);
});

it("a fall of five states is told by how deep it is, unless its start was chosen for that", () => {
  const gaussian = gaussianOf(seededRandom(5));
  const falling = noiseOf(gaussian, (t) => Math.max(2 ** -t, 1 / 40));
  expect(pOf(falling)).toBe(0);
  expect(pOf(falling, true)).toBeGreaterThan(0.001);
});

it("four far states come in order once in 24 times: that is told from noise only where rounding is all that is left", () => {
  const gaussian = gaussianOf(seededRandom(5));
  const falling = noiseOf(gaussian, (t) => Math.max(2.5 ** -t, 1 / 40));
  expect(pOf(falling)).toBe(1);
  expect(pOf(falling, false, true)).toBe(0);
});

it("what is as far away as ever, and stops, has come nearer in no order", () => {
  const gaussian = gaussianOf(seededRandom(6));
  const turning = Array.from({length: 2 * WIDTH}, gaussian);
  const ringing = matrixOf(STEPS, WIDTH, new Float32Array(STEPS * WIDTH));
  for (let t = 0; t < STEPS; ++t)
    for (let k = 0; k < WIDTH; ++k) {
      const ring = Math.cos(2.3 * t) * turning[k] + Math.sin(2.3 * t) * turning[WIDTH + k];
      ringing.data[t * WIDTH + k] = 3 + (t < 12 ? ring : 0) + gaussian() / 40;
    }
  expect(pOf(ringing)).toBe(1);
  expect(classifyPath(ringing).pattern).not.toBe("converging");
});

it("a first state may lie anywhere: over more than a few states the second has to come from so far that it is no noise", () => {
  const from = (second: number): Matrix =>
    noiseOf(gaussianOf(seededRandom(21)), (t) => (t === 0 ? 300 : Math.max(1, second * 0.8 ** (t - 1))));
  expect(pOf(from(0.8 * DEEP))).toBeGreaterThan(ALPHA);
  expect(pOf(from(1.3 * DEEP))).toBe(0);
});
