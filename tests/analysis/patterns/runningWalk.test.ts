import {expect, it} from "vitest";
import {matrixOf, type Matrix} from "../../../analysis/matrix.ts";
import {classifyPath} from "../../../analysis/patterns/classifyRun.ts";
import {gramOf} from "../../../analysis/patterns/path/gram.ts";
import {residualOf} from "../../../analysis/patterns/path/residual.ts";
import {constantOf, orthonormal, sampled} from "../../../analysis/patterns/statistics/timeBasis.ts";
import {runningWalkP, walkTest} from "../../../analysis/patterns/nulls/walkTest.ts";
import {seededRandom} from "../../../analysis/random.ts";
import {gaussianOf} from "../../support/gaussian.ts";

const [STEPS, WIDTH] = [32, 16];

/** A walk in some dimensions whose steps keep a share of the one before, about a centre, in a little noise. */
function runningOn(gaussian: () => number, keep: number, axes = 1): Matrix {
  const data = new Float32Array(STEPS * WIDTH);
  const steps = Array.from({length: axes}, gaussian);
  const at = steps.map(() => 0);
  for (let t = 0; t < STEPS; ++t) {
    for (let j = 0; j < axes; ++j) at[j] += steps[j] = keep * steps[j] + Math.sqrt(1 - keep ** 2) * gaussian();
    for (let k = 0; k < WIDTH; ++k) data[t * WIDTH + k] = 10 + (at[k] ?? 0) + 0.03 * gaussian();
  }
  return matrixOf(STEPS, WIDTH, data);
}

const constant = constantOf(STEPS);
const line = orthonormal([sampled(STEPS, (t) => t)], constant);
const options = {constant, floor: 1e-12};

it.each([
  [0, 1],
  [0.5, 1],
  [0.8, 1],
  [0.8, 3]
])("of walks whose steps keep %d of the one before, in %d dimensions, p is hardly ever small", (keep, axes) => {
  const gaussian = gaussianOf(seededRandom(11));
  let [plain, running] = [0, 0];
  for (let i = 0; i < 600; ++i) {
    const path = residualOf(gramOf(runningOn(gaussian, keep, axes)), constant);
    plain += Number(walkTest(path, line, options).p <= 0.01);
    running += Number(runningWalkP(path, line, options, STEPS / 6) <= 0.01);
  }
  expect(running).toBeLessThanOrEqual(6 + 3 * Math.sqrt(6));
  if (keep === 0.8 && axes === 1) expect(plain).toBeGreaterThan(6 + 3 * Math.sqrt(6)); // what a walk of independent steps is taken for
});

it("a line in noise stands far out of them, and of noise alone p is no small one", () => {
  const gaussian = gaussianOf(seededRandom(12));
  const drifting = (speed: number): Matrix =>
    matrixOf(
      STEPS,
      WIDTH,
      Float32Array.from({length: STEPS * WIDTH}, (_, at) => speed * Math.floor(at / WIDTH) + gaussian())
    );
  const pOf = (path: Matrix): number => runningWalkP(residualOf(gramOf(path), constant), line, options, STEPS / 6);
  expect(pOf(drifting(1))).toBeLessThan(1e-4);
  expect(pOf(drifting(0))).toBeGreaterThan(0.01);
});

it("a walk whose steps run on is no slider though it goes straight on by chance", () => {
  for (const seed of [10, 500, 626, 769, 776, 981])
    expect(classifyPath(runningOn(gaussianOf(seededRandom(seed)), 0.8)).pattern, `${seed}`).toBe("unsettled");
});
