import {existsSync, readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {matrixOf, type Matrix} from "../../../analysis/matrix.ts";
import {classifyPath} from "../../../analysis/patterns/classifyRun.ts";
import {precisionOf, toBfloat16} from "../../../analysis/patterns/path/rounding.ts";
import {seededRandom, type Random} from "../../../analysis/random.ts";
import {pathOf, statesOf} from "../../../analysis/states.ts";
import {openSafetensors} from "../../../capture/trace/safetensors.ts";
import {gaussianOf} from "../../support/gaussian.ts";
import {frozen, HARD_NULLS} from "../../support/hardNulls.ts";
import {JUMP_NULLS} from "../../support/jumpNulls.ts";
import {MAP_NULLS} from "../../support/mapNulls.ts";
import {circle, planar, shape, withNoise} from "../../support/planarPaths.ts";
import {RESTLESS_NULLS} from "../../support/restlessNulls.ts";
import {contractionPath, sliderPath} from "../../support/trajectories.ts";

const FILES = join(import.meta.dirname, "../../../../shared/failing/evidence");

describe("paths of the kinds that real networks show", () => {
  it.each(Object.entries({...HARD_NULLS, ...MAP_NULLS, ...RESTLESS_NULLS, ...JUMP_NULLS}))(
    "%s gets no wrong label",
    (_, {make, allowed = []}) => {
      const random = seededRandom(77);
      for (let i = 0; i < 2; ++i) expect(["unsettled", ...allowed]).toContain(classifyPath(make({random, steps: 32, width: 64})).pattern);
    }
  );

  it.skipIf(!existsSync(FILES))("files that showed a fault are labelled as they may be (skipped where ../shared is missing)", async () => {
    for (const name of readdirSync(FILES).filter((file) => file.endsWith(".json"))) {
      const {allowed} = JSON.parse(readFileSync(join(FILES, name), "utf8")) as {allowed: string[][]};
      const file = await openSafetensors(join(FILES, name.replace(".json", ".safetensors")));
      const [[array, {shape}]] = file.tensors;
      const data = await file.readFloats(array);
      await file.close();
      const states = statesOf({steps: shape[0], inits: 1, tokens: allowed.length, width: shape.at(-1)!}, data);
      allowed.forEach((labels, token) => {
        expect(labels, `${name} ${token}`).toContain(classifyPath(pathOf(states, token, 0), {precision: precisionOf(data)}).pattern);
      });
    }
  });
});

describe("a long run", () => {
  it("that has come to rest converges whatever its length, at the step and the rate of a short one", () => {
    const settling = (steps: number) =>
      withNoise(
        planar(steps, 32, (t) => [0.4 * 0.8 ** t, 0]),
        1e-4,
        3
      );
    for (const steps of [128, 300, 600]) {
      const {pattern, rate, settledStep, window} = classifyPath(settling(steps));
      expect(pattern).toBe("converging");
      expect(rate).toBeCloseTo(0.8, 2);
      expect(settledStep).toBeGreaterThan(25);
      expect(settledStep).toBeLessThan(45);
      expect(window[0]).toBeLessThan(10);
    }
  });
  it.each([
    ["that comes to rest in its second half", 0.8, 1e-4, 30, 45],
    ["that comes to stand bit for bit", 0.6, 0, 25, 45]
  ])("%s says when", (_, rate, noise, from, to) => {
    const path = withNoise(
      planar(64, 32, (t) => [0.4 * rate ** t, 0]),
      noise,
      3
    );
    const {pattern, settledStep} = classifyPath(path);
    expect(pattern).toBe("converging");
    expect(settledStep).toBeGreaterThanOrEqual(from);
    expect(settledStep).toBeLessThanOrEqual(to);
  });
  it("that settles late converges where it does", () => {
    const {pattern, rate, settledStep} = classifyPath(
      withNoise(
        planar(500, 32, (t) => [t < 300 ? 0.4 : 0.4 * 0.8 ** (t - 300), 0]),
        1e-4,
        4
      )
    );
    expect(pattern).toBe("converging");
    expect(rate).toBeCloseTo(0.8, 2);
    expect(settledStep).toBeGreaterThan(320);
    expect(settledStep).toBeLessThan(345);
  });
});

describe("rows that repeat the last one bit for bit", () => {
  it("say nothing: an orbit before them is an orbit, and the step is told", () => {
    const {pattern, period, stillFrom, window} = classifyPath(frozen(circle(48, 4, 0.1), 29));
    expect(pattern).toBe("orbit");
    expect(period).toBeCloseTo(4, 2);
    expect(stillFrom).toBe(29);
    expect(window[1]).toBeLessThanOrEqual(29);
  });
  it("may be two, of a path that moved until then: an orbit of no whole number of steps is one", () => {
    const path = planar(31, 64, (t) => [0.1 * Math.cos((2 * Math.PI * t) / 3.63), 0.1 * Math.sin((2 * Math.PI * t) / 3.63)]);
    expect(classifyPath(frozen(path, 29))).toMatchObject({pattern: "orbit", stillFrom: 29});
  });
  it("are levels of an orbit where two are equal earlier, too, and a turn where only few coordinates moved before", () => {
    const levels = planar(32, 64, (t) => [t % 4 < 2 ? 0.1 : -0.1, 0]);
    expect(classifyPath(levels).stillFrom).toBeUndefined();
    const turn = planar(32, 64, (t) => [0.1 * Math.cos(t), 0.1 * Math.sin(t)]);
    turn.data.copyWithin(30 * 64, 29 * 64, 30 * 64); // but for a few, the last three rows are one
    turn.data.copyWithin(31 * 64, 29 * 64, 30 * 64);
    for (let k = 0; k < 32; ++k) turn.data[29 * 64 + k] += 0.1;
    expect(classifyPath(turn).stillFrom).toBeUndefined();
  });
  it("do not make noise converge", () => {
    const noise = withNoise(
      planar(64, 32, () => [0, 0]),
      0.1,
      5
    );
    expect(classifyPath(frozen(noise, 20))).toMatchObject({pattern: "unsettled", stillFrom: 20});
  });
  it("are rest where the path came to stand by itself, by no more than rounding: a loop of bfloat16 that is there after five steps converges", () => {
    const gaussian = gaussianOf(seededRandom(5));
    const [centre, away] = [0, 1].map(() => Float64Array.from({length: 32}, gaussian));
    const loop = (kept: number) =>
      matrixOf(
        64,
        32,
        toBfloat16(Float32Array.from({length: 64 * 32}, (_, i) => centre[i % 32] + kept ** Math.floor(i / 32) * away[i % 32]))
      );
    expect(classifyPath(loop(1 / 8))).toMatchObject({pattern: "converging", stillFrom: 5});
    expect(classifyPath(frozen(loop(1 / 8), 2))).toMatchObject({pattern: "unsettled", stillFrom: 2});
  });
  it.each([0, 1, -1])(
    "are no state where a buffer was filled with %d: the label is that of what was written before, to the last digit",
    (filling) => {
      const massive = circle(48, 4, 0.1);
      for (let t = 0; t < 48; ++t) massive.data[t * massive.cols] = 500 + Math.sin(t);
      for (const path of [
        circle(48, 4, 0.1),
        massive,
        contractionPath(shape(7)).path,
        sliderPath(shape(8)).path,
        planar(1, 32, () => [0.1, 0])
      ]) {
        const rows = path.rows + 16;
        const data = new Float32Array(rows * path.cols).fill(filling);
        data.set(path.data);
        const {stillFrom, ...verdict} = classifyPath(matrixOf(rows, path.cols, data));
        expect(stillFrom).toBe(path.rows);
        expect(verdict).toEqual(classifyPath(path));
      }
    }
  );
});

describe("rows at the end that are NaN throughout", () => {
  it("are a number that is lost, not a buffer: a loop that came to NaN has no label, however it went before", () => {
    const path = contractionPath(shape(7)).path;
    const data = new Float32Array((path.rows + 16) * path.cols).fill(NaN);
    data.set(path.data);
    expect(classifyPath(path).pattern).toBe("converging");
    expect(classifyPath(matrixOf(path.rows + 16, path.cols, data))).toMatchObject({pattern: "unsettled", p: 1, badFrom: path.rows});
  });
});

describe("rows that repeat the first one bit for bit", () => {
  const led = (path: Matrix, rows: number, filling?: number): Matrix => {
    const data = new Float32Array((rows + path.rows) * path.cols).fill(filling ?? 0);
    if (filling === undefined) for (let t = 0; t < rows; ++t) data.set(path.data.subarray(0, path.cols), t * path.cols);
    data.set(path.data, rows * path.cols);
    return matrixOf(rows + path.rows, path.cols, data);
  };
  const noise = (seed: number): Matrix =>
    withNoise(
      planar(48, 32, () => [9, 0]),
      0.3,
      seed
    );
  it("say nothing: noise after them does not converge", () => {
    for (const rows of [2, 3, 8, 20])
      for (const seed of [1, 2, 3]) expect(classifyPath(led(noise(seed), rows, 0)).pattern).toBe("unsettled");
  });
  it.each([undefined, 0])("leave the label of what follows them, told at its own steps (%s)", (filling) => {
    for (const path of [circle(48, 4, 0.1), contractionPath(shape(7)).path, sliderPath(shape(8)).path]) {
      const own = classifyPath(path);
      const {pattern, window, settledStep} = classifyPath(led(path, 16, filling));
      expect({pattern, window, settledStep}).toEqual({
        pattern: own.pattern,
        window: own.window.map((step) => step + 16),
        settledStep: own.settledStep === undefined ? undefined : own.settledStep + 16
      });
    }
  });
});

it("windows of the evidence are in steps of the path, of which only the last states are judged", () => {
  const {data, rows, cols} = withNoise(circle(400, 5, 0.3), 0.01, 6);
  const {window, evidence} = classifyPath(matrixOf(rows, cols, data));
  expect(window[1]).toBe(399);
  expect(evidence.orbit?.window).toEqual(window);
});

describe("a coordinate hundreds of times the rest", () => {
  const beside = (level: (random: Random) => number): Matrix => {
    const {rows, cols, data} = withNoise(circle(32, 5, 0.3), 0.01, 6);
    const random = seededRandom(7);
    for (let t = 0; t < rows; ++t) data[t * cols + 3] = level(random);
    return matrixOf(rows, cols, data);
  };
  it("that never changes hides nothing in bfloat16", () => {
    const {rows, cols, data} = beside(() => 900);
    const {pattern, weighed} = classifyPath(matrixOf(rows, cols, toBfloat16(data)));
    expect(pattern).toBe("orbit");
    expect(weighed).toBeUndefined();
  });
  it.each<[string, (random: Random) => number]>([
    ["that is noisy", (random) => 900 + 40 * (random() - 0.5)],
    ["that has one sign or the other at random", (random) => 900 * Math.sign(random() - 0.5)],
    ["that jumps now and then", (random) => 900 + 900 * Number(random() < 0.35) + 0.1 * (random() - 0.5)]
  ])("%s is scaled down, which is said", (_, level) => {
    const {pattern, period, weighed} = classifyPath(beside(level));
    expect(pattern).toBe("orbit");
    expect(period).toBeCloseTo(5, 1);
    expect(weighed).toEqual([3]);
  });
});
