import {expect, it} from "vitest";
import {matrixOf} from "../../../analysis/matrix.ts";
import {classifyPath} from "../../../analysis/patterns/classifyRun.ts";
import {roundingNoise, toBfloat16} from "../../../analysis/patterns/path/rounding.ts";
import {coordinateSteps, weightsOf} from "../../../analysis/patterns/path/weights.ts";
import {seededRandom} from "../../../analysis/random.ts";
import {gaussianOf} from "../../support/gaussian.ts";
import {circle, planar, withNoise} from "../../support/planarPaths.ts";
import {HARD_NULLS} from "../../support/hardNulls.ts";
import {contractionPath} from "../../support/trajectories.ts";

it("a way from five times what bfloat16 rounds is seen, plain or turning", () => {
  const random = seededRandom(11);
  for (const kind of ["plain", "spiral"] as const) {
    let found = 0;
    for (let i = 0; i < 12; ++i) {
      const shape = {random, steps: 32, width: 64, onSphere: i % 2 === 0, amplitude: 5, rounded: true};
      const {path} = contractionPath(shape, {kind, rate: 0.6 + 0.02 * i});
      if (classifyPath({...path, data: toBfloat16(path.data)}).pattern === "converging") ++found;
    }
    expect(found).toBeGreaterThanOrEqual(10);
  }
});

it("the bend that rounding gives a slow way in bfloat16 is no turn", () => {
  const random = seededRandom(31);
  let found = 0;
  for (let i = 0; i < 30; ++i) {
    const shape = {random, steps: 64, width: 64, onSphere: i % 2 === 0, amplitude: 5, rounded: true};
    const {path} = contractionPath(shape, {rate: 0.86 + 0.003 * i});
    const {pattern, spiral, evidence} = classifyPath({...path, data: toBfloat16(path.data)});
    expect(spiral || evidence.converging.spiral, `${i}`).toBe(false);
    if (pattern === "converging") ++found;
  }
  expect(found).toBeGreaterThanOrEqual(26);
});

it("noise whose size wanders into rounding is no late approach: the step from which it falls was chosen among all", () => {
  let few = 0;
  for (const seed of [19019866, 19028249, 19048954, 19049156, 19053196]) {
    const random = seededRandom(seed);
    for (let i = 0; i < 10; ++i) {
      const path = HARD_NULLS["volatile noise"].make({random, steps: 32, width: 64});
      few += Number(classifyPath({...path, data: toBfloat16(path.data)}).pattern === "converging");
    }
  }
  expect(few).toBeLessThanOrEqual(1); // 5 where only the shares of the distance that are tried count
});

it("a coordinate that flips now and then between two rounded values is as noisy as its rounding, though most of its steps are none", () => {
  const {rows, cols, data} = withNoise(
    planar(32, 32, (t) => [0.1 * 0.7 ** t, 0]),
    1e-3,
    6
  );
  for (let t = 0; t < rows; ++t) data[t * cols + 3] = t % 7 === 3 ? 1000 : 1004;
  const path = matrixOf(rows, cols, toBfloat16(data));
  expect(weightsOf(path, {steps: coordinateSteps(path), precision: "bfloat16"}).weighed).toContain(3);
  expect(classifyPath(path).pattern).toBe("converging");
});

it("eight states in a perfect order are enough: so few have no later part that could turn or drift, and one label is tried", () => {
  const sizes = [0.75, 0.3125, 0.125, 0.0625, 0.03125, 0.015625, 0.0078125]; // the last three are of the size of rounding
  const path = matrixOf(8, 32, new Float32Array(8 * 32).fill(1));
  for (let t = 1; t < 8; ++t) for (let s = t; s < 8; ++s) path.data[s * 32 + t] += sizes[t - 1];
  const {pattern, p, evidence} = classifyPath(path);
  expect(pattern).toBe("converging");
  expect(p).toBe(evidence.converging.p);
});

it("a massive coordinate that is noisy over a few rounded values is weighed down, whatever its median step", () => {
  const gaussian = gaussianOf(seededRandom(4));
  for (const spread of [2, 4, 8, 16]) {
    const {rows, cols, data} = withNoise(circle(32, 5, 0.3), 0.01, 6);
    for (let t = 0; t < rows; ++t) data[t * cols + 3] = 900 + spread * gaussian(); // 4 from one value to the next
    const {pattern, weighed} = classifyPath(matrixOf(rows, cols, toBfloat16(data)));
    expect(weighed, `${spread}`).toEqual([3]);
    expect(pattern, `${spread}`).toBe("orbit");
  }
});

it("beside a massive coordinate that walks or remembers what it was, most of what comes to rest is found", () => {
  for (const {kept, least} of [
    {kept: 0.8, least: 31},
    {kept: 0.95, least: 26},
    {kept: 1, least: 25}
  ]) {
    const random = seededRandom(31);
    const gaussian = gaussianOf(random);
    let found = 0;
    for (let i = 0; i < 40; ++i) {
      const {path} = contractionPath(
        {random, steps: 32, width: 64, onSphere: false, amplitude: 20},
        {kind: "plain", rate: 0.5 + 0.008 * i}
      );
      let place = gaussian();
      for (let t = 0; t < 32; ++t) {
        place = kept * place + gaussian();
        path.data[t * 64 + 3] = 300 + 30 * place;
      }
      const {pattern, weighed} = classifyPath(path);
      expect(weighed ?? [3]).toEqual([3]);
      if (pattern === "converging") ++found;
    }
    expect(found, `${kept}`).toBeGreaterThanOrEqual(least); // 26, 17 and 19 where it is scaled down by its steps
  }
});

it("rounding has as many dimensions as coordinates round, though it repeats its error where the state stands still: quick ways of few steps are seen in it", () => {
  const random = seededRandom(21);
  for (const kind of ["plain", "spiral"] as const) {
    let found = 0;
    for (let i = 0; i < 40; ++i) {
      const shape = {random, steps: 32, width: 64, onSphere: i % 2 === 0, amplitude: 5, rounded: true};
      const {path} = contractionPath(shape, {kind, rate: 0.5 + 0.003 * i});
      if (classifyPath({...path, data: toBfloat16(path.data)}).pattern === "converging") ++found;
    }
    expect(found, kind).toBeGreaterThanOrEqual(38); // 36 and 32 where what is left of the states says in how many it lies
  }
});

it("the dimensions of rounding are those of independent errors of each coordinate that changes", () => {
  expect(roundingNoise(Float32Array.of(1, 1.5, -1, 1.25), "bfloat16").dimensions).toBe(4);
  expect(roundingNoise(Float32Array.of(1, 1.5, 0, 1.25), "bfloat16", {changes: Uint8Array.of(1, 1, 1, 0)}).dimensions).toBe(2);
  expect(roundingNoise(Float32Array.of(1, 2), "bfloat16").dimensions).toBeCloseTo((1 + 4) ** 2 / (1 + 16), 12);
  expect(roundingNoise(new Float32Array(4), "bfloat16").dimensions).toBe(1);
});
