import {describe, expect, it} from "vitest";
import {matrixOf} from "../../../analysis/matrix.ts";
import {classifyPath, classifyRun} from "../../../analysis/patterns/classifyRun.ts";
import {seededRandom} from "../../../analysis/random.ts";
import type {States} from "../../../analysis/states.ts";
import {frameOf, gaussianOf} from "../../support/gaussian.ts";
import {covarianceMatched, noiseNull, phaseRandomised, walkNull} from "../../support/nulls.ts";
import {circle, runOf, shape} from "../../support/planarPaths.ts";
import {contractionPath, orbitPath, sliderPath} from "../../support/trajectories.ts";

describe("classifyPath claims nothing of", () => {
  const random = seededRandom(21);
  const at = {random, steps: 32, width: 64};
  it.each([
    ["independent noise on the sphere", () => noiseNull(at)],
    ["a random walk on the sphere", () => walkNull(at)],
    ["noise with the covariance of an orbit", () => covarianceMatched(orbitPath(shape(2)).path, at)],
    ["a walk with its phases randomised", () => phaseRandomised(walkNull(at), {random, common: true})]
  ])("%s", (_, make) => {
    for (let i = 0; i < 10; ++i) expect(classifyPath(make()).pattern).toBe("unsettled");
  });
});

describe("classifyPath of degenerate paths", () => {
  it("one state claims nothing", () => {
    expect(classifyPath(matrixOf(1, 3, Float32Array.of(1, 2, 3)))).toMatchObject({pattern: "unsettled", q: 1});
  });
  it.each([3, 5, 40])("%d equal states claim nothing: nothing ever moved", (rows) => {
    const verdict = classifyPath(matrixOf(rows, 2, new Float32Array(rows * 2).fill(1.1)));
    expect(verdict).toMatchObject({pattern: "unsettled", stillFrom: 0, q: 1});
    expect(verdict.evidence.converging.against).toEqual(["nothing ever moved"]);
  });
  it("states that are all zero claim nothing", () => {
    expect(classifyPath(matrixOf(20, 4, new Float32Array(80)))).toMatchObject({pattern: "unsettled", stillFrom: 0});
  });
  it("two different states claim nothing", () => {
    expect(classifyPath(matrixOf(2, 2, Float32Array.of(1, 0, 0, 1))).pattern).toBe("unsettled");
  });
  it("width 1 works: a decaying number converges", () => {
    expect(
      classifyPath(
        matrixOf(
          40,
          1,
          Float32Array.from({length: 40}, (_, t) => 3 + 0.7 ** t)
        )
      ).pattern
    ).toBe("converging");
  });
  it.each([NaN, Infinity])("%d in one state takes the label away and says from which step", (bad) => {
    const path = circle(32, 5, 0.1);
    path.data[10 * path.cols + 3] = bad;
    path.data[12 * path.cols] = bad;
    expect(classifyPath(path)).toMatchObject({pattern: "unsettled", p: 1, badFrom: 10});
  });
});

describe("classifyRun", () => {
  const paths = [
    orbitPath(shape(1)).path,
    sliderPath(shape(2)).path,
    contractionPath(shape(3, {amplitude: 100}), {rate: 0.8}).path,
    noiseNull({random: seededRandom(4), steps: 32, width: 64})
  ];
  const labels = (run: States) => classifyRun(run).verdicts.map(({pattern}) => pattern);
  it("labels each trajectory and counts the labels", () => {
    const {verdicts, summary} = classifyRun(runOf(paths));
    expect(verdicts.map(({pattern}) => pattern)).toEqual(["orbit", "slider", "converging", "unsettled"]);
    expect(summary.counts).toEqual({orbit: 1, slider: 1, converging: 1, unsettled: 1});
    expect(summary).toMatchObject({precision: "float32", collapse: {collapsed: false}});
    const labelled = verdicts.filter(({pattern}) => pattern !== "unsettled").map(({noiseFloor}) => noiseFloor);
    expect(summary.noiseFloor).toBe(labelled.sort((x, y) => x - y)[1]);
    expect(
      classifyRun(runOf(paths.slice(verdicts.findIndex(({pattern}) => pattern === "unsettled")).slice(0, 1))).summary.noiseFloor
    ).toBeNaN();
    for (const verdict of verdicts) expect(verdict.q).toBeGreaterThanOrEqual(verdict.p);
  });
  it("says for each label why not", () => {
    const {evidence} = classifyRun(runOf(paths)).verdicts[3];
    expect(evidence.orbit!.against.length).toBeGreaterThan(0);
    expect(evidence.slider!.against.length).toBeGreaterThan(0);
  });
  it("does not change its labels when the space is rotated, scaled, or the tokens permuted", () => {
    const axes = frameOf(gaussianOf(seededRandom(8)), 64, 64);
    const rotated = paths.map(({rows, cols, data}) =>
      matrixOf(
        rows,
        cols,
        Float32Array.from({length: rows * cols}, (_, at) => {
          const row = data.subarray(Math.floor(at / cols) * cols, (Math.floor(at / cols) + 1) * cols);
          return axes[at % cols].reduce((sum, x, k) => sum + x * row[k], 0);
        })
      )
    );
    const scaled = paths.map(({rows, cols, data}) =>
      matrixOf(
        rows,
        cols,
        data.map((x) => x * 0.01)
      )
    );
    expect(labels(runOf(rotated))).toEqual(labels(runOf(paths)));
    expect(labels(runOf(scaled))).toEqual(labels(runOf(paths)));
    expect(labels(runOf([...paths].reverse()))).toEqual([...labels(runOf(paths))].reverse());
  });
  it("keeps the labels and q-values of all others where one token is not finite", () => {
    const whole = classifyRun(runOf(paths));
    const rows = matrixOf(32, 64, new Float32Array(32 * 64).fill(1));
    rows.data[64 * 9] = NaN;
    const {verdicts, summary} = classifyRun(runOf([rows, ...paths]));
    expect(verdicts.slice(1).map(({pattern, q}) => [pattern, q])).toEqual(whole.verdicts.map(({pattern, q}) => [pattern, q]));
    expect(verdicts[0]).toMatchObject({pattern: "unsettled", badFrom: 9});
    expect(Number.isFinite(summary.collapse.correlation)).toBe(true);
  });
  it("gives equal verdicts for equal input", () => {
    expect(classifyRun(runOf(paths))).toEqual(classifyRun(runOf(paths)));
  });
  it("takes the last 256 states of a longer path, and counts steps from its beginning", () => {
    const {window, pattern} = classifyPath(circle(300, 7, 0.1));
    expect(pattern).toBe("orbit");
    expect(window[0]).toBeGreaterThanOrEqual(44);
    expect(window[1]).toBe(299);
  });
});
