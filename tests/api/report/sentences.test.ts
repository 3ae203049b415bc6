import {expect, it} from "vitest";
import {missableShare, sentencesOf, type Findings} from "../../../api/report/sentences.ts";
import type {ReportVerdict} from "../../../api/contract/reportData.ts";

const verdict = (token: number, pattern: ReportVerdict["pattern"], numbers: Partial<ReportVerdict> = {}): ReportVerdict => ({
  token,
  init: 0,
  pattern,
  q: 1e-6,
  p: 1e-7,
  rate: null,
  rate_ci: null,
  settled_step: null,
  spiral: false,
  spiral_period: null,
  period: null,
  period_ci: null,
  amplitude: null,
  drift_speed: null,
  off_curve: null,
  noise_floor: 1e-7,
  window: [0, 9],
  last_step_norm: null,
  still_from: null,
  bad_from: null,
  weighed: [],
  against: {converging: [], orbit: [], slider: []},
  ...numbers
});

function findings(verdicts: readonly ReportVerdict[], summary: Partial<Findings["summary"]> = {}): Findings {
  const counts = {converging: 0, orbit: 0, slider: 0, unsettled: 0};
  for (const {pattern} of verdicts) counts[pattern] += 1;
  return {
    summary: {
      kind: "run",
      title: "t",
      status: "complete",
      stopped: null,
      model: {name: "m", hash: null, revision: null},
      prompt: "p",
      prompts: 1,
      tokens: verdicts.length,
      steps: 9,
      steps_written: 9,
      inits: 1,
      created: "2026-01-01T00:00:00Z",
      patterns: {counts, alpha: 0.001, noise_floor: 1e-7, rounding_floor: 1e-8, precision: "float32"},
      rate: null,
      settled_step: null,
      explained: [],
      independence: null,
      ...summary
    },
    verdicts,
    paths: null,
    tokens: verdicts.map(() => ({text: "x"})),
    lastLogprobs: undefined
  };
}

it("sentencesOf a run in which all converge says so, and that nothing else was found", () => {
  const verdicts = [0, 1, 2].map((token) => verdict(token, "converging"));
  expect(
    sentencesOf(
      findings(verdicts, {rate: {median: 0.62, low: 0.5, high: 0.7, count: 3}, settled_step: {median: 8.5, latest: 12, count: 3}})
    )
  ).toEqual([
    "m ran 9 recurrent steps over 3 tokens from 1 initial state: 3 trajectories.",
    "All 3 trajectories converge at q ≤ 0.001.",
    "No orbit or slider was found among 3 trajectories at q ≤ 0.001.",
    "The converging ones keep 0.62 of their distance to the fixed point at each step, at the median (0.5 to 0.7 over 3 trajectories), measured above the noise floor. Half of those that come to rest stay at their end, within its noise, from step 9 on, the last from step 12."
  ]);
});

it("sentencesOf a run out of a file that names no model says so", () => {
  const ran = (model: {name: string; hash: string | null}) =>
    sentencesOf(findings([verdict(0, "unsettled")], {model: {...model, revision: null}}))[0];
  expect(ran({name: "unknown", hash: null})).toBe(
    "A model that is not named ran 9 recurrent steps over 1 token from 1 initial state: 1 trajectory."
  );
  expect(ran({name: "unknown", hash: "a".repeat(64)})).toMatch(/^unknown ran 9 /);
});

it("sentencesOf a run with an orbit, a slider and doubts counts each, with its numbers", () => {
  const verdicts = [
    verdict(0, "orbit", {period: 2.5, amplitude: 0.17, off_curve: 0.02}),
    verdict(1, "slider", {drift_speed: 0.004}),
    verdict(2, "unsettled", {q: 0.4})
  ];
  expect(sentencesOf(findings(verdicts)).slice(1)).toEqual([
    "Of 3 trajectories, 1 is an orbit and 1 is a slider at q ≤ 0.001; for 1 no label is supported.",
    "The orbits turn once in 2.5 steps, with radii of 0.17 of the state’s norm. They lie off their curve by 0.02 of its radius at most.",
    "The sliders move by 0.004 radians a step."
  ]);
});

it("sentencesOf a run without any label claims nothing", () => {
  expect(sentencesOf(findings([verdict(0, "unsettled")])).slice(1)).toEqual([
    "No trajectory gets a label at q ≤ 0.001.",
    "No orbit or slider was found among 1 trajectory at q ≤ 0.001."
  ]);
});

it.each([
  [2, "Of 3 trajectories, 1 converges at q ≤ 0.001; for 2 no label is supported.", "Of those without a label, 1 holds NaN or Infinity."],
  [3, "No trajectory gets a label at q ≤ 0.001.", "Of those without a label, 2 hold NaN or Infinity."]
])("sentencesOf a run in which %i have no label count those that are not finite among them", (open, first, second) => {
  const verdicts = [
    verdict(0, open === 2 ? "converging" : "unsettled", {bad_from: open === 2 ? null : 4}),
    verdict(1, "unsettled", {bad_from: 7}),
    verdict(2, "unsettled")
  ];
  expect(sentencesOf(findings(verdicts)).slice(1, 3)).toEqual([first, second]);
});

it.each([1, 4, 16, 100])("missableShare(%i) is what that many starts miss one time in twenty", (starts) => {
  expect((1 - missableShare(starts)) ** starts).toBeCloseTo(0.05, 12);
});
