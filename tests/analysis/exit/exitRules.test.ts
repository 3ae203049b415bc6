import {describe, expect, it} from "vitest";
import {exitCourse, momentsOf} from "../../../analysis/exit/exitCourse.ts";
import {EXIT_RULES, parseExitRule} from "../../../analysis/exit/exitRules.ts";
import {watchExit, type ExitRule} from "../../../analysis/exit/exitRule.ts";
import {GATE} from "../../../analysis/exit/gateRule.ts";
import {ARGMAX_STABILITY, ENTROPY_DIFFERENCE, KL_TO_PREVIOUS, MIN_P_KL} from "../../../analysis/exit/readoutRules.ts";
import {COSINE_DISTANCE, LATENT_ACCELERATION, LATENT_DIFFERENCE, TWO_SCALE_ACCELERATION} from "../../../analysis/exit/stateRules.ts";
import {divergenceAboveMinP, topAboveMinP, uniform} from "../../../analysis/exit/topAboveMinP.ts";
import {statesOf} from "../../../analysis/states.ts";

const state = new Float32Array(0);

/** Two tokens; token 0 stands still at (3, 4), token 1 follows the given points. */
const pair = (...points: [number, number][]) =>
  statesOf({steps: points.length, inits: 1, tokens: 2, width: 2}, Float32Array.from(points.flatMap((point) => [3, 4, ...point])));
const over = (rule: ExitRule, ...points: [number, number][]) => exitCourse(rule, momentsOf(pair(...points), {init: 0})).values;
/** Values after each distribution, from step 1 on. */
const read = (rule: ExitRule, ...rows: number[][]) =>
  exitCourse(
    rule,
    rows.map((row, i) => ({step: i + 1, state, width: 1, logprobs: row.map(Math.log)}))
  ).values;

describe("exit rules", () => {
  it("have the authors' thresholds", () => {
    expect(EXIT_RULES.map(({name, threshold, exitWhen, consecutive}) => [name, threshold, exitWhen, consecutive])).toEqual([
      ["latent-diff", 0.03, "below", 1],
      ["cosine", 1e-3, "below", 1],
      ["kl", 1e-3, "below", 1],
      ["minp-kl", 1e-5, "below", 1],
      ["entropy-diff", 1e-3, "below", 1],
      ["argmax-stability", 5, "reached", 1],
      ["latent-acceleration", 0.03, "below", 1],
      ["acceleration", 1e-3, "below", 2],
      ["gate", 1, "reached", 1]
    ]);
  });
  it("latent-diff is the mean over positions of relative step lengths", () => {
    const [none, first, second] = over(LATENT_DIFFERENCE, [5, 0], [5, 5], [5, 5]);
    expect(none).toBeNaN();
    expect(first).toBeCloseTo(5 / Math.sqrt(50) / 2, 12);
    expect(second).toBe(0);
  });
  it("cosine is one minus the mean cosine over positions", () => expect(over(COSINE_DISTANCE, [1, 0], [0, 2])[1]).toBeCloseTo(0.5, 12));
  it("latent-acceleration is the second difference over the norm, zero on a straight line", () => {
    const values = over(LATENT_ACCELERATION, [1, 0], [2, 0], [3, 0], [2, 0]);
    expect(values.slice(0, 2)).toEqual([NaN, NaN]);
    expect(values[2]).toBe(0);
    expect(values[3]).toBeCloseTo(2 / (2 + 1e-6) / 2, 12);
  });
  it("acceleration is absolute, and asks for two steps in a row", () => {
    expect(over(TWO_SCALE_ACCELERATION, [1, 0], [2, 0], [2, 3])[2]).toBeCloseTo(Math.sqrt(10) / 2, 12);
    const states = pair([0, 0], [1, 0], [2, 0], [5, 0], [8, 0], [11, 0]);
    expect(exitCourse(TWO_SCALE_ACCELERATION, momentsOf(states, {init: 0, token: 1})).exit).toBe(5);
    expect(exitCourse(TWO_SCALE_ACCELERATION, momentsOf(states, {init: 0, token: 0})).exit).toBe(3);
  });
  it("kl starts from the uniform distribution, is zero for equal ones, and 0 ln 0 is 0", () => {
    const values = read(KL_TO_PREVIOUS, [0.5, 0.5], [0.25, 0.75], [0.25, 0.75]);
    expect(values[0]).toBeCloseTo(0, 12);
    expect(values[1]).toBeCloseTo(0.5 * Math.log(2) + 0.5 * Math.log(2 / 3), 12);
    expect(values[2]).toBeCloseTo(0, 12);
    expect(read(KL_TO_PREVIOUS, [1, 0], [0.5, 0.5])[1]).toBeCloseTo(Math.log(2), 12);
  });
  it("minp-kl does not see what happens below a tenth of the likeliest", () => {
    expect(read(MIN_P_KL, [0.9, 0.06, 0.04], [0.9, 0.04, 0.06])[1]).toBeCloseTo(0, 12);
    expect(read(KL_TO_PREVIOUS, [0.9, 0.06, 0.04], [0.9, 0.04, 0.06])[1]).toBeGreaterThan(1e-3);
  });
  it("minp-kl is told by the likeliest tokens alone, where these reach below a tenth of the likeliest", () => {
    const rows = [
      [0.5, 0.3, 0.15, 0.03, 0.02],
      [0.05, 0.8, 0.1, 0.03, 0.02],
      [0.02, 0.9, 0.05, 0.02, 0.01]
    ];
    const top = (row: readonly number[], count: number) => {
      const ids = row.map((_, id) => id).sort((a, b) => row[b] - row[a]);
      return topAboveMinP(
        ids.slice(0, count),
        ids.slice(0, count).map((id) => Math.log(row[id])),
        row.length
      );
    };
    const [first, second, third] = rows.map((row) => top(row, 4)!);
    const told = [divergenceAboveMinP(uniform(5), first, 5), divergenceAboveMinP(first, second, 5), divergenceAboveMinP(second, third, 5)];
    read(MIN_P_KL, ...rows).forEach((value, i) => expect(told[i]).toBeCloseTo(value, 12));
    expect(top(rows[0], 3)).toBeUndefined();
    expect(top([0.4, 0.3, 0.3], 3)!.kept.size).toBe(3); // the whole vocabulary
  });
  it("entropy-diff starts from 100 and measures the change of entropy", () => {
    const values = read(ENTROPY_DIFFERENCE, [0.5, 0.5], [1, 0]);
    expect(values[0]).toBeCloseTo(100 - Math.log(2), 9);
    expect(values[1]).toBeCloseTo(Math.log(2), 9);
  });
  it("argmax-stability counts the steps since the likeliest token changed, and leaves at five", () => {
    const rows = [[0.9, 0.1], [0.8, 0.2], [0.2, 0.8], ...Array.from({length: 6}, () => [0.2, 0.8])];
    expect(read(ARGMAX_STABILITY, ...rows)).toEqual([0, 1, 0, 1, 2, 3, 4, 5, 6]);
    const watch = watchExit(ARGMAX_STABILITY);
    expect(rows.map((row, i) => watch({step: i + 1, state, width: 1, logprobs: row.map(Math.log)}).exit)).toEqual(
      [0, 0, 0, 0, 0, 0, 0, 1, 1].map(Boolean)
    );
  });
  it("gate sums the exit distribution", () => {
    const watch = watchExit(GATE, 0.6);
    const seen = [Number.NaN, 0.5, 0.5, 0.5].map((gate, step) => watch({step, state, width: 1, gate}));
    expect(seen).toEqual([
      {value: NaN, exit: false},
      {value: 0.5, exit: false},
      {value: 0.75, exit: true},
      {value: 0.875, exit: true}
    ]);
    expect(() => watchExit(GATE)({step: 1, state, width: 1})).toThrow("this model has no exit gate");
  });
  it("a step that a rule cannot read is an error, and a value that is no number never passes", () => {
    expect(() => watchExit(KL_TO_PREVIOUS)({step: 3, state, width: 1})).toThrow("missing log-probabilities of step 3");
    expect(over(LATENT_DIFFERENCE, [0, 0], [Number.NaN, 0])[1]).toBeNaN();
    expect(exitCourse(LATENT_DIFFERENCE, momentsOf(pair([1, 0], [Number.NaN, 0]), {init: 0})).exit).toBeUndefined();
  });
});

describe("parseExitRule", () => {
  it("takes a name, and a threshold after a colon", () => {
    expect(parseExitRule("kl").threshold).toBe(1e-3);
    expect(parseExitRule("kl:5e-4")).toMatchObject({rule: {name: "kl"}, threshold: 5e-4});
  });
  it.each([
    ["nope", /^unknown exit rule: nope; one of latent-diff, cosine, kl, /],
    ["kl:", "invalid threshold of kl: ; expected a number from 0, as in kl:0.001"],
    ["kl:x", "invalid threshold of kl: x; expected a number from 0, as in kl:0.001"],
    ["kl:1:2", "invalid threshold of kl: 1:2; expected a number from 0, as in kl:0.001"],
    ["kl:-1", "invalid threshold of kl: -1; expected a number from 0, as in kl:0.001"]
  ])("refuses %j", (text, message) => expect(() => parseExitRule(text)).toThrow(message));
});
