import {describe, expect, it} from "vitest";
import {pathsSummary, type PromptFacts, type TokenFacts} from "../../../analysis/paths/summary.ts";
import {seededRandom} from "../../../analysis/random.ts";

const token: TokenFacts = {
  verdict: "independent",
  aa_noise: 1,
  aa_swap: 1,
  final_cosine: 1,
  rate: 0.5,
  reached_step: 4,
  reached: 1,
  phases: 1,
  period: 1,
  answer_share: 1,
  answer_step: 2
};
const prompt = (tokens: Partial<TokenFacts>[], changed: Partial<PromptFacts> = {}): PromptFacts => ({
  tokens: tokens.map((facts) => ({...token, ...facts})),
  sequence: {verdict: "independent", basin: [{kind: "normal", scale: 1, count: 4, reached: 4}]},
  landscape: null,
  ...changed
});
const summaryOf = (...prompts: PromptFacts[]) => pathsSummary(prompts, {random: seededRandom(1)});

describe("pathsSummary", () => {
  it("counts verdicts, attractors, orbits and landscapes", () => {
    const summary = summaryOf(
      prompt([{}, {verdict: "dependent", reached: 2}, {period: 2, phases: 2}], {landscape: {mode: "well_aligned"}}),
      prompt([{verdict: "unfinished"}], {
        sequence: {verdict: "dependent", basin: [{kind: "normal", scale: 1, count: 4, reached: 1}]},
        landscape: {mode: "hard_to_reach"}
      })
    );
    expect(summary).toMatchObject({
      prompts: 2,
      tokens: 4,
      independent_tokens: {count: 2, n: 4, share: 0.5},
      independent_prompts: {count: 1, n: 2, share: 0.5},
      unfinished_tokens: 1,
      several_attractors: {count: 1},
      orbits: {count: 1},
      orbits_in_phases: 1,
      basin: [{kind: "normal", scale: 1, count: 8, reached: 5, share: 0.625}],
      landscape: {no_correct_attractor: 0, correct_and_spurious: 0, hard_to_reach: 1, well_aligned: 1}
    });
  });
  it("gives the mean, the median and the share above 0.9 of a score over tokens that have it", () => {
    const {aa_swap, aa_noise} = summaryOf(prompt([{aa_swap: 0.2}, {aa_swap: null}]), prompt([{aa_swap: 1}, {aa_swap: 0.9}]));
    expect(aa_swap).toMatchObject({n: 3, mean: expect.closeTo(0.7, 9), median: 0.9, above: expect.closeTo(1 / 3, 9)});
    expect(aa_noise).toMatchObject({mean: 1, ci: [1, 1], above: 1});
    expect(summaryOf(prompt([{rate: null}])).rate).toBeNull();
  });
  it("has wider intervals for tokens of few prompts than for as many tokens of many: tokens of a prompt are not independent", () => {
    const facts = (i: number) => ({aa_noise: i % 2});
    const few = summaryOf(...[0, 1].map((p) => prompt(Array.from({length: 20}, () => facts(p))))).aa_noise!;
    const many = summaryOf(...Array.from({length: 40}, (_, p) => prompt([facts(p)]))).aa_noise!;
    const width = ([low, high]: readonly [number, number]) => high - low;
    expect(width(few.ci!)).toBe(1); // both prompts, or one of them twice
    expect(width(many.ci!)).toBeLessThan(0.4);
    expect(width(few.above_ci)).toBeGreaterThan(width(many.above_ci));
  });
  it("covers the true mean with its interval in at least 85 of 100 samples of prompts", () => {
    let covered = 0;
    for (let seed = 0; seed < 100; ++seed) {
      const random = seededRandom(seed);
      const prompts = Array.from({length: 30}, () => {
        const level = random(); // tokens of a prompt share it; its mean is one half
        return prompt(Array.from({length: 5}, () => ({aa_noise: level + 0.1 * (random() - 0.5)})));
      });
      const [low, high] = pathsSummary(prompts, {random}).aa_noise!.ci!;
      covered += Number(low <= 0.5 && high >= 0.5);
    }
    expect(covered).toBeGreaterThanOrEqual(85);
  });
  it("tells steps only of the tokens that got there", () => {
    expect(summaryOf(prompt([{reached_step: 2}, {reached_step: 6}, {reached_step: null}])).reached_step).toEqual({
      n: 2,
      of: 3,
      median: 4,
      p90: 5.6
    });
    expect(summaryOf(prompt([{answer_step: null}])).answer_step).toEqual({n: 0, of: 1, median: null, p90: null});
  });
  it("refuses no prompts", () => {
    expect(() => summaryOf()).toThrow("invalid prompts: 0; expected at least one");
  });
});
