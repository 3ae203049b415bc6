import {describe, expect, it} from "vitest";
import {promptPaths, type UnitPaths} from "../../../analysis/paths/promptPaths.ts";
import type {Start} from "../../../analysis/paths/start.ts";
import {toBfloat16} from "../../../analysis/patterns/path/rounding.ts";
import {seededRandom} from "../../../analysis/random.ts";
import {statesOf} from "../../../analysis/states.ts";
import {circle, contraction, ownStarts, runsOf, signed, statesIn, type World} from "../../support/worlds.ts";

const starts: readonly Start[] = [
  ...ownStarts(6),
  {kind: "noise", scale: 1},
  {kind: "noise", scale: 1},
  {kind: "swap", scale: 1},
  {kind: "zero", scale: 0},
  {kind: "normal", scale: 10}
];

function pathsIn(world: World, {steps = 64} = {}) {
  return promptPaths(runsOf(statesIn(world, {starts: starts.length, steps}), starts), {random: seededRandom(7), resamples: 100});
}
const tokenIn = (world: World): UnitPaths => pathsIn(world).tokens[0];

describe("promptPaths", () => {
  it("of a contraction is independent from step log(tolerance)/log(rate) on, at its rate, over the whole sweep", () => {
    const token = tokenIn(contraction([0.8, 0.8, 0.8]));
    expect(token).toMatchObject({verdict: "independent", reached: 1, phases: 1, basin: {radius: 10, radiusIsBound: true}});
    expect(token.contraction!.rate).toBeCloseTo(0.8, 3);
    expect(token.finalCosine!.mean).toBeCloseTo(1, 6);
    expect(token.aaNoise!.mean).toBeCloseTo(1, 6);
    const first = token.gap.largest.findIndex((gap) => gap <= 0.01);
    expect(token.reachedStep).toBe(first);
    expect(Math.abs(first - Math.log(0.01 / token.gap.largest[0]) / Math.log(0.8))).toBeLessThanOrEqual(1);
  });
  it("of two attractors is dependent, with their shares, and has a rate within each of them", () => {
    const token = tokenIn((start, random) => {
      const offset = signed(random);
      return (step) => [10, start % 3 === 0 ? 10 : -10, offset * 0.7 ** step];
    });
    expect(token).toMatchObject({verdict: "dependent", reached: 2, reachedStep: undefined});
    expect(token.attractors.attractors.map(({members}) => members.length)).toEqual([7, 4]);
    expect(token.contraction!.rate).toBeCloseTo(0.7, 2);
    expect(token.aaSwap!.mean).toBeCloseTo((4 * 1 + 2 * 0) / 6, 1); // start 8 ends with the own starts 1, 2, 4, 5, at a right angle to 0 and 3
  });
  it("of one cycle at several phases is independent, and says how many phases", () => {
    const token = tokenIn(circle(4, (start) => start % 3));
    expect(token).toMatchObject({verdict: "independent", reached: 1, phases: 3, reachedStep: undefined});
    expect(token.attractors.attractors).toMatchObject([{period: 4}]);
    expect(token.contraction!.rate).toBeCloseTo(0.5, 2); // of starts at one phase: between phases the gap stays
  });
  it("of a slow contraction is unfinished, not dependent", () => {
    const token = tokenIn(contraction([0.97], [0.5]));
    expect(token.verdict).toBe("unfinished");
    expect(token.contraction!.rate).toBeCloseTo(0.97, 2); // the norm shrinks too
  });
  it("of noise is dependent in as many places as there are starts", () => {
    const token = tokenIn((_, random) => () => [signed(random), signed(random), signed(random), signed(random)]);
    expect(token).toMatchObject({verdict: "dependent", reached: 9});
    expect(token.attractors.attractors.every(({period}) => period === undefined)).toBe(true);
  });
  it("does not take bfloat16's rounding for several places", () => {
    const {data, ...shape} = statesIn(
      contraction(
        Array.from({length: 128}, () => 0.8),
        Array.from({length: 128}, (_, k) => Math.cos(k) + (k % 7) / 100)
      ),
      {starts: starts.length, steps: 64}
    );
    const runs = runsOf(statesOf(shape, toBfloat16(data)), starts);
    expect(promptPaths(runs, {random: seededRandom(1), resamples: 100}).tokens[0]).toMatchObject({verdict: "independent", reached: 1});
  });
  it("tells a far start that ends elsewhere from the tested ones: it bounds the basin and leaves the verdict", () => {
    const token = tokenIn((start) => (step) => [10, start === 10 ? 10 : 0.5 ** step]);
    expect(token).toMatchObject({verdict: "independent", reached: 1, basin: {radius: 1, radiusIsBound: false}});
    expect(token.attractors.attractors).toHaveLength(2);
  });
  it("takes a sequence's cycles in opposite phase as another attractor of the whole, though each token has one", () => {
    // two tokens that flip with period 2; in every other start the second is half a turn off against the first
    const flip = (step: number) => (step % 2 === 0 ? 1 : -1);
    const random = seededRandom(3);
    const data = Float32Array.from(
      Array.from({length: 65}, (_, step) =>
        starts.map((_, s) => [
          [5, flip(step)],
          [5, flip(step + (s % 2))]
        ])
      ).flat(3)
    );
    const states = statesOf({steps: 65, inits: starts.length, tokens: 2, width: 2}, data);
    const {tokens, sequence} = promptPaths(runsOf(states, starts), {random, resamples: 100});
    expect(tokens.map(({verdict}) => verdict)).toEqual(["independent", "independent"]);
    expect(tokens.map(({phases}) => phases)).toEqual([1, 2]);
    expect(sequence).toMatchObject({verdict: "dependent", reached: 2});
  });
  it("judges the landscape by the answers of the settled starts", () => {
    const world: World = (start) => (step) => [start === 0 ? 3 : 1, start === 0 ? 1 : 3, 0.5 ** step]; // start 0 answers 0, the others 1
    const runs = runsOf(statesIn(world, {starts: starts.length, steps: 40}), starts);
    const landscape = (id: number) =>
      promptPaths({...runs, expected: [{token: 0, id}]}, {random: seededRandom(1), resamples: 100}).landscape;
    expect(landscape(1)).toEqual({mode: "correct_and_spurious", correct: 5, own: 6});
    expect(landscape(2)).toEqual({mode: "no_correct_attractor", correct: 0, own: 6});
    expect(promptPaths(runs, {random: seededRandom(1), resamples: 100}).landscape).toBeUndefined();
  });
  it("is the same for the same seed", () => {
    const plain = (value: unknown) => JSON.stringify(value);
    expect(plain(pathsIn(contraction([0.8, 0.5])))).toBe(plain(pathsIn(contraction([0.8, 0.5]))));
  });
  it("works on a run of a single step", () => {
    expect(pathsIn(contraction([0.5]), {steps: 1}).tokens[0].gap.mean).toHaveLength(2);
  });
});
