import {describe, expect, it, vi} from "vitest";
import {bench} from "../../bench/patterns.ts";
import {distanceFromEndless, endHidden, endSeenAtBest} from "../../bench/endBound.ts";
import {leastRateError, resolvedAtBest, withinAtBest} from "../../bench/rateBound.ts";
import {printTable} from "../../bench/table.ts";
import {inner, orthonormal, sampled} from "../../../analysis/patterns/statistics/timeBasis.ts";
import {seededRandom} from "../../../analysis/random.ts";
import {POSITIVES} from "../../bench/patternCases.ts";
import {orbitPath} from "../../support/trajectories.ts";
import {wilsonInterval} from "../../../analysis/paths/interval.ts";

describe("the pattern benchmark", () => {
  it("wilson gives the textbook's interval, and none of a hundred leaves room for 3.7 %", () => {
    const [low, high] = wilsonInterval(5, 10);
    expect(low).toBeCloseTo(0.2366, 4);
    expect(high).toBeCloseTo(0.7634, 4);
    expect(wilsonInterval(0, 100)[1]).toBeCloseTo(0.037, 3);
  });
  it.each([0.5, 0.9, 0.95])(
    "leastRateError of a long decay of rate %d is (1 − rate²)^1.5 / (amplitude √dimensions), the closed form",
    (rate) => {
      const error = leastRateError({rate, omega: 0, steps: 3000, amplitude: 5, dimensions: 64});
      expect(error / ((1 - rate ** 2) ** 1.5 / 40)).toBeCloseTo(1, 1);
    }
  );
  it("leastRateError is the same for a flip, and for a spiral, which has half of its energy in each of two directions", () => {
    const at = (omega: number): number => leastRateError({rate: 0.95, omega, steps: 3000, amplitude: 5, dimensions: 64});
    expect(at(Math.PI) / at(0)).toBeCloseTo(1, 1);
    expect(at(1.1) / at(0)).toBeCloseTo(1, 1);
  });
  it("an estimate at the bound is within 1.96 of its errors in 95 %, and resolves nothing where the rate is 1", () => {
    expect(withinAtBest(0.01, 0.0195996)).toBeCloseTo(0.95, 4);
    expect(resolvedAtBest(0.01, 1)).toBeCloseTo(0.025, 4);
    expect(resolvedAtBest(0.001, 0.9)).toBeCloseTo(1, 9);
  });
  it("distanceFromEndless grows with the amplitude and the root of the dimensions, and is least for the slowest decay", () => {
    const at = (rate: number, amplitude: number, dimensions: number): number =>
      distanceFromEndless({rate, omega: 0, steps: 32, amplitude, dimensions});
    expect(at(0.9, 10, 64) / at(0.9, 5, 64)).toBeCloseTo(2, 9);
    expect(at(0.9, 5, 256) / at(0.9, 5, 64)).toBeCloseTo(2, 9);
    expect(at(0.9, 5, 64)).toBeCloseTo(4.52, 2); // by a grid of 60 beginnings and 50 powers
    const falling = [0.6, 0.8, 0.9, 0.95, 0.97].map((rate) => at(rate, 5, 64));
    expect(falling).toEqual([...falling].sort((a, b) => b - a));
  });
  it("no noise-free way without an end lies nearer to a decay than the bound says", () => {
    const [steps, rate, amplitude] = [32, 0.92, 40];
    const bound = distanceFromEndless({rate, omega: 0, steps, amplitude, dimensions: 1});
    const ways = [0.1, 0.25, 0.5, 0.75, 0.9].flatMap((power) => [1, 3, 10, 40].map((begun) => (t: number) => (t + begun) ** power));
    for (const way of [...ways, ...[1, 3, 10].map((begun) => (t: number) => Math.log(t + begun))]) {
      const [constant, along] = orthonormal([sampled(steps, () => 1), sampled(steps, way)]);
      const decay = sampled(steps, (t) => amplitude * rate ** t);
      const left = inner(decay, decay) - inner(constant, decay) ** 2 - inner(along, decay) ** 2;
      expect(Math.sqrt(left)).toBeGreaterThan(bound * (1 - 1e-3));
    }
  });
  it("the best test of a level sees an end at its own quantile in half of the draws, and one that is none as often as its level", () => {
    expect(endSeenAtBest(2.6520698)).toBeCloseTo(0.5, 6);
    expect(endSeenAtBest(0)).toBeCloseTo(0.004, 6);
    expect(endSeenAtBest(Infinity)).toBe(1);
    expect([2.65, 2.66].map(endHidden)).toEqual([true, false]);
  });
  it.each([2, 3])("paths of %d coordinates, which have no room for a frame of four, have numbers in all of their states", (width) => {
    for (const [name, {make}] of Object.entries(POSITIVES)) {
      const shape = {random: seededRandom(4), steps: 32, width, onSphere: false, amplitude: 20};
      const numbers = Array.from({length: 30}, () => make(shape).path.data.every(Number.isFinite));
      expect(numbers, name).not.toContain(false);
    }
  });
  it("an orbit of two coordinates fills the plane: along no line is it less than 0.2 of what it is along any other", () => {
    const random = seededRandom(5);
    for (let i = 0; i < 30; ++i) {
      const shape = {random, steps: 64, width: 2, onSphere: false, amplitude: Infinity};
      const {data} = orbitPath(shape, {period: 7, transient: false}).path;
      expect(thinness(data)).toBeGreaterThan(0.2);
    }
  });
  it("printTable writes Markdown", () => {
    const print = vi.spyOn(console, "log").mockImplementation(() => undefined);
    printTable(["null", "n"], "markdown").row(["walk", "3"]);
    const lines = print.mock.calls.map(([line]) => String(line));
    print.mockRestore();
    expect(lines).toEqual(["| null | n |", "| --- | ---: |", "| walk | 3 |"]);
  });
  it("refuses an unknown form", async () => {
    await expect(bench(["--as", "latex"])).rejects.toThrow("unknown form: latex; one of text, markdown");
  });
  it("prints false positives of every null and recall of every class", async () => {
    const print = vi.spyOn(console, "log").mockImplementation(() => undefined);
    await bench(["--quick", "--nulls", "2", "--positives", "1"]);
    const text = print.mock.calls.map(([line]) => String(line)).join("\n");
    print.mockRestore();
    for (const name of [
      "independent noise",
      "random walk",
      "covariance of an orbit",
      "phases of a walk",
      "orbit",
      "slider",
      "slow contraction",
      "heavy-tailed noise",
      "orbit of period 8",
      "rounded to bfloat16",
      "clock: letter before any digit",
      "bistable"
    ])
      expect(text).toContain(name);
  }, 600_000);
});

/** Least over largest standard deviation of points in a plane, along any line. */
function thinness(data: Float32Array): number {
  const points = Array.from({length: data.length / 2}, (_, t) => [data[2 * t], data[2 * t + 1]]);
  const [mx, my] = [0, 1].map((k) => points.reduce((sum, point) => sum + point[k], 0) / points.length);
  const [xx, yy, xy] = points.reduce(([a, b, c], [x, y]) => [a + (x - mx) ** 2, b + (y - my) ** 2, c + (x - mx) * (y - my)], [0, 0, 0]);
  const [middle, apart] = [(xx + yy) / 2, Math.hypot((xx - yy) / 2, xy)];
  return Math.sqrt((middle - apart) / (middle + apart));
}
