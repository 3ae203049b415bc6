import {describe, expect, it} from "vitest";
import {matrixOf} from "../../../../analysis/matrix.ts";
import {classifyPath} from "../../../../analysis/patterns/classifyRun.ts";
import {seededRandom} from "../../../../analysis/random.ts";
import {frameOf, gaussianOf} from "../../../support/gaussian.ts";
import {greatCircle, planar, shape, withNoise} from "../../../support/planarPaths.ts";
import {contractionPath, manyModePath, sliderPath} from "../../../support/trajectories.ts";

describe("classifyPath tells drift from slow decay", () => {
  it.each([0.002, 0.02, 0.08])("a great circle at %d radians a step is a slider of that speed", (speed) => {
    const verdict = classifyPath(greatCircle(40, 64, speed));
    expect(verdict.pattern).toBe("slider");
    expect(verdict.driftSpeed! / speed).toBeCloseTo(1, 2);
  });
  it.each([0.02, 0.035, 0.05])("a great circle at %d radians a step is one beside a coordinate of 800 that never changes, too", (speed) => {
    const {rows, cols, data} = withNoise(greatCircle(65, 64, speed), 1e-3, 2);
    const wider = new Float32Array(rows * (cols + 1)).fill(800);
    for (let t = 0; t < rows; ++t) wider.set(data.subarray(t * cols, (t + 1) * cols), t * (cols + 1));
    const verdict = classifyPath(matrixOf(rows, cols + 1, wider));
    expect(verdict.pattern).toBe("slider");
    expect(verdict.driftSpeed! / speed).toBeCloseTo(1, 2);
  });
  it("a slider in noise after a transient keeps its speed to 5 %", () => {
    const {path, truth} = sliderPath(shape(4, {amplitude: 5}));
    const verdict = classifyPath(path);
    expect(verdict.pattern).toBe("slider");
    expect(Math.abs(verdict.driftSpeed! / truth.driftSpeed - 1)).toBeLessThan(0.05);
  });
  it.each([0.5, 0.9, 0.97])("a contraction of rate %d converges at that rate", (rate) => {
    const verdict = classifyPath(planar(48, 64, (t) => [0.3 * rate ** t, 0]));
    expect(verdict.pattern).toBe("converging");
    expect(verdict.rate).toBeCloseTo(rate, 2);
    expect(verdict.spiral).toBe(false);
  });
  it("a contraction of rate 0.99 converges without noise, however long its way, on the sphere and off it", () => {
    for (let i = 0; i < 20; ++i) {
      const {pattern, rate} = classifyPath(
        contractionPath(shape(400 + i, {steps: 128, amplitude: Infinity, onSphere: i % 2 === 0}), {rate: 0.99}).path
      );
      expect(pattern).toBe("converging");
      expect(Math.abs(rate! - 0.99)).toBeLessThan(0.01);
    }
  });
  it("a part of a circle that turns on is no slider for as long as one looks at it, and half a circle is nothing", () => {
    for (const turns of [0.35, 0.5, 0.8]) {
      const arc = planar(64, 64, (t) => [0.2 * Math.cos((2 * Math.PI * turns * t) / 63), 0.2 * Math.sin((2 * Math.PI * turns * t) / 63)]);
      expect(classifyPath(withNoise(arc, 0.003, 8)).pattern).toBe("unsettled");
    }
  });
  it("a contraction that has lost less than half of its distance claims nothing yet: most of the way lies ahead", () => {
    const {pattern, evidence} = classifyPath(planar(48, 64, (t) => [0.3 * 0.99 ** t, 0]));
    expect(pattern).toBe("unsettled");
    expect(evidence.converging.against.join()).toContain("of the way lies ahead");
  });
  it("a contraction whose directions all turn differently converges, and its settling step is when it comes to stay", () => {
    const {path} = manyModePath(shape(9, {steps: 64, width: 512, amplitude: 100}), {rate: 0.8});
    const verdict = classifyPath(path);
    expect(verdict.pattern).toBe("converging");
    expect(Math.abs(verdict.rate! - 0.8)).toBeLessThan(0.01);
    // 100 · 0.8ᵗ falls below three times the noise at t = ln(√8/100)/ln 0.8 ≈ 16 (distances add in squares)
    expect(Math.abs(verdict.settledStep! - 16)).toBeLessThanOrEqual(1);
  });
  it("the rate's interval holds the truth", () => {
    const {path, truth} = contractionPath(shape(3, {steps: 64, amplitude: 50}), {rate: 0.9});
    const {rateCi} = classifyPath(path);
    expect(rateCi![0]).toBeLessThan(truth.rate);
    expect(rateCi![1]).toBeGreaterThan(truth.rate);
  });
});

describe("the drift speed", () => {
  it.each([90, 70, 45])("of a straight line at %d degrees to the radius is the angle that a step makes at the origin", (degrees) => {
    const steps = 48;
    const slant = (degrees * Math.PI) / 180;
    const place = (t: number): [number, number] => [1 + (t / steps) * Math.cos(slant), (t / steps) * Math.sin(slant)]; // along the first direction and across it
    const [along, across] = frameOf(gaussianOf(seededRandom(6)), 64, 2);
    const data = Float32Array.from({length: steps * 64}, (_, at) =>
      place(Math.floor(at / 64)).reduce((sum, x, i) => sum + 8 * x * [along, across][i][at % 64], 0)
    );
    const {
      pattern,
      driftSpeed,
      window: [from, to]
    } = classifyPath(matrixOf(steps, 64, data));
    const angle = (t: number): number => Math.atan2(place(t)[1], place(t)[0]);
    expect(pattern).toBe("slider");
    expect(driftSpeed! / ((angle(to) - angle(from)) / (to - from))).toBeCloseTo(1, 4);
  });
});
