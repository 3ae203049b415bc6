import {describe, expect, it, vi} from "vitest";
import {bench} from "../../bench/patterns.ts";
import {leastRateError, resolvedAtBest, withinAtBest} from "../../bench/rateBound.ts";
import {printTable} from "../../bench/table.ts";
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
