import {describe, expect, it} from "vitest";
import {twoRates} from "../../../api/report/sections/twoRates.ts";

type Report = Parameters<typeof twoRates>[0];
const report = (paths: readonly (readonly [rate: number, ci?: [number, number]])[], gap: number | null, gapCi: [number, number] | null) =>
  ({
    verdicts: paths.map(([rate, rate_ci = null], init) => ({token: 0, init, pattern: "converging", rate, rate_ci})),
    paths: {tokens: [{index: 0, rate: gap, rate_ci: gapCi}]},
    tokens: [{text: "x"}]
  }) as unknown as Report;

describe("twoRates", () => {
  it("says that they agree where the gap's interval and the paths' rates overlap, and both", () => {
    expect(twoRates(report([[0.833], [0.856]], 0.887, [0.853, 0.923]))).toBe(
      "What is kept a step has two readings: of a path’s distance to its own end, and of the gap between starts. They agree for 1 of 1 token with both (0.833 to 0.856 by single paths, 0.887 [0.853, 0.923] by the gap)."
    );
  });
  it("says why a gap may be slower, or quicker, than its paths", () => {
    expect(twoRates(report([[0.847, [0.845, 0.849]]], 0.9, [0.89, 0.91]))).toMatch(
      /agree for 0 of 1 .* by single paths, 0\.9 .*quicker modes are in the path’s rate/
    );
    const quicker = twoRates(report([[0.95]], 0.9, [0.89, 0.91]));
    expect(quicker).toMatch(/a slow mode that all starts excite alike/);
    expect(quicker).not.toMatch(/quicker modes are in/);
  });
  it("says nothing where a rate is missing", () => {
    expect(twoRates(report([[0.9]], null, null))).toBeUndefined();
    expect(twoRates({...report([], 0.9, null), verdicts: []})).toBeUndefined();
    expect(twoRates({...report([[0.9]], 0.9, null), paths: null})).toBeUndefined();
  });
});
