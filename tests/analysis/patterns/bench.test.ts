import {describe, expect, it, vi} from "vitest";
import {bench} from "../../bench/patterns.ts";
import {wilson} from "../../bench/wilson.ts";

describe("the pattern benchmark", () => {
  it("wilson gives the textbook's interval, and none of a hundred leaves room for 3.7 %", () => {
    const [low, high] = wilson(5, 10);
    expect(low).toBeCloseTo(0.2366, 4);
    expect(high).toBeCloseTo(0.7634, 4);
    expect(wilson(0, 100)[1]).toBeCloseTo(0.037, 3);
  });
  it("prints false positives of every null and recall of every class", async () => {
    const print = vi.spyOn(console, "log").mockImplementation(() => undefined);
    await bench(["--quick", "--nulls", "2", "--positives", "1"]);
    const text = print.mock.calls.map(([line]) => String(line)).join("\n");
    print.mockRestore();
    for (const name of ["independent noise", "random walk", "covariance of an orbit", "phases of a walk", "orbit", "slider", "slow contraction", "rounded to bfloat16"]) expect(text).toContain(name);
  }, 120_000);
});
