import {describe, expect, it} from "vitest";
import {chordOverArc} from "../../../analysis/measures/chordOverArc.ts";
import {collapseOf} from "../../../analysis/measures/collapse.ts";
import {cosineToFinal} from "../../../analysis/measures/cosineToFinal.ts";
import {depthLoopRatio} from "../../../analysis/measures/depthLoopRatio.ts";
import {dynamicModes} from "../../../analysis/measures/dynamicModes.ts";
import {loopIndexDecodability} from "../../../analysis/measures/loopIndexDecodability.ts";
import {recurrenceQuantification} from "../../../analysis/measures/recurrenceQuantification.ts";
import {rotationPower} from "../../../analysis/measures/rotationPower.ts";
import {stateRank} from "../../../analysis/measures/stateRank.ts";
import {tokenCorrelation} from "../../../analysis/measures/tokenCorrelation.ts";
import {matrixOf, type Matrix} from "../../../analysis/matrix.ts";
import {seededRandom} from "../../../analysis/random.ts";
import {statesOf} from "../../../analysis/states.ts";
import {gaussianOf} from "../../support/gaussian.ts";

const pathOf = (rows: number[][]): Matrix => matrixOf(rows.length, rows[0].length, Float32Array.from(rows.flat()));
const curve = (steps: number, at: (t: number) => number[]): Matrix => pathOf(Array.from({length: steps}, (_, t) => at(t)));
const circle = (steps: number, period: number): Matrix =>
  curve(steps, (t) => [3 + Math.cos((2 * Math.PI * t) / period), 1 + Math.sin((2 * Math.PI * t) / period), 2]);

describe("shapes of paths", () => {
  it("chordOverArc is 1 on a line, 0 after whole turns and NaN where nothing moves", () => {
    expect(chordOverArc(curve(9, (t) => [t, 2 * t]))).toBeCloseTo(1, 12);
    expect(chordOverArc(circle(13, 6))).toBeCloseTo(0, 6);
    expect(chordOverArc(curve(4, () => [1, 1]))).toBeNaN();
  });
  it("chordOverArc refuses a window outside the path", () => {
    expect(() => chordOverArc(circle(4, 3), {from: 2, to: 4})).toThrow("invalid window: 2 to 4; expected steps within 0 to 3");
  });
  it.each([2, 3, 6, 8])("rotationPower is 1 for a circle of period %i", (period) => {
    expect(rotationPower(circle(40, period), {period, tail: 24})).toBeCloseTo(1, 6);
  });
  it("rotationPower of another period is 0, and of a still tail NaN", () => {
    expect(rotationPower(circle(40, 6), {period: 8})).toBeCloseTo(0, 6);
    expect(rotationPower(curve(24, () => [1, 2]))).toBeNaN();
  });
  it("rotationPower refuses a period that does not divide the tail", () => {
    expect(() => rotationPower(circle(40, 6), {period: 5})).toThrow(
      "invalid period: 5; expected 2 or more, and a divisor of the tail of 24"
    );
  });
  it("depthLoopRatio is the hand-off over the mean step", () => {
    expect(
      depthLoopRatio(
        curve(3, (t) => [t, 0]),
        Float32Array.of(2, 10)
      )
    ).toBe(10);
  });
  it.each([
    ["fixed point", curve(64, (t) => [1, 2 * 0.3 ** t])],
    ["orbit", curve(64, (t) => [1.2, Math.cos((2 * Math.PI * t) / 8), Math.sin((2 * Math.PI * t) / 8)])],
    ["slider", curve(64, (t) => [Math.cos(t / 40), Math.sin(t / 40)])]
  ] as const)("cosineToFinal calls a clean %s by its name", (label, path) => {
    expect(cosineToFinal(path)).toBe(label);
  });
  it("dynamicModes of two modes about a fixed point are their eigenvalues, known from the formula", () => {
    // h = c + Re(z (0.9 e^{0.7i})^t) + w (−0.6)^t
    const modes = dynamicModes(
      curve(20, (t) => [
        5 + 0.9 ** t * Math.cos(0.7 * t),
        2 + 0.9 ** t * Math.sin(0.7 * t),
        7 + 0.8 * (-0.6) ** t,
        1 - 0.9 ** t * Math.cos(0.7 * t)
      ]),
      {rank: 3}
    );
    expect(modes).toHaveLength(3);
    const expected = [
      [0.9 * Math.cos(0.7), 0.9 * Math.sin(0.7)],
      [0.9 * Math.cos(0.7), -0.9 * Math.sin(0.7)],
      [-0.6, 0]
    ];
    modes.forEach(([re, im], i) => {
      expect(re).toBeCloseTo(expected[i][0], 3);
      expect(im).toBeCloseTo(expected[i][1], 3);
    });
  });
  it("cosineToFinal of a path that ends at zero is unknown: zero has no direction", () => {
    expect(cosineToFinal(curve(12, (t) => [t < 6 ? 1 : 0, 0]))).toBe("unknown");
  });
  it("dynamicModes of a path at rest are none", () => {
    expect(dynamicModes(curve(5, () => [1, 2, 3]))).toEqual([]);
  });
  it("recurrenceQuantification finds a circle's diagonals and none on a line", () => {
    const onCircle = recurrenceQuantification(circle(48, 6));
    // lags 6, 12, … 42 recur whole, and nothing else: 42 + 36 + … + 6 pairs
    expect(onCircle.recurrenceRate).toBeCloseTo((42 + 36 + 30 + 24 + 18 + 12 + 6) / ((45 * 46) / 2), 12);
    expect(onCircle).toMatchObject({determinism: 1, longestLine: 42, laminarity: 0});
    expect(
      recurrenceQuantification(
        curve(48, (t) => [t]),
        {radius: 0.05}
      )
    ).toMatchObject({recurrenceRate: 0, determinism: NaN});
  });
  it("recurrenceQuantification of a path at rest is all laminar", () => {
    expect(recurrenceQuantification(curve(12, () => [1]))).toMatchObject({recurrenceRate: 1, laminarity: expect.closeTo(1, 1) as number});
  });
});

describe("measures over tokens", () => {
  const gaussian = gaussianOf(seededRandom(3));
  const own = (steps: number, tokens: number, width: number, state: (step: number, token: number, k: number) => number) =>
    statesOf(
      {steps, inits: 1, tokens, width},
      Float32Array.from({length: steps * tokens * width}, (_, at) =>
        state(Math.floor(at / (tokens * width)), Math.floor(at / width) % tokens, at % width)
      )
    );
  it("tokenCorrelation is 1 − 1/tokens for one state and about 0 for unrelated ones", () => {
    expect(tokenCorrelation(own(1, 4, 8, (_, __, k) => k))[0]).toBeCloseTo(0.75, 6);
    expect(Math.abs(tokenCorrelation(own(1, 4, 4000, gaussian))[0])).toBeLessThan(0.02);
  });
  it("collapseOf flags a run whose tokens become one another, and says since when", () => {
    expect(collapseOf(own(6, 5, 16, (step, token, k) => Math.sin(k) + (step < 3 ? Math.cos(7 * token * k) : 0)))).toMatchObject({
      collapsed: true,
      since: 3
    });
    expect(collapseOf(own(3, 5, 64, gaussian))).toMatchObject({collapsed: false, since: undefined});
  });
  it.each([
    ["one", [7], 3000],
    ["three of unlike signs", [2, 9, 30], -400],
    ["one of 20 times the others", [0], 20]
  ])("collapseOf tokens that share massive coordinates and nothing else is none: %s", (_, massive, size) => {
    const shared = (token: number, k: number): number => (massive.includes(k) ? size * (k === 9 ? -1 : 1) * (1 + token / 100) : gaussian());
    const found = collapseOf(own(3, 5, 64, (_, token, k) => shared(token, k)));
    expect(found).toMatchObject({collapsed: false, since: undefined});
  });
  it("collapseOf tokens that have become one another is one whatever coordinate is massive", () => {
    const state = Array.from({length: 64}, (_, k) => (k === 7 ? 3000 : gaussian()));
    expect(collapseOf(own(6, 5, 64, (step, _, k) => state[k] + (step < 3 && k !== 7 ? gaussian() : 0)))).toMatchObject({
      collapsed: true,
      since: 3
    });
  });
  it("collapseOf a single token says nothing", () => {
    expect(collapseOf(own(3, 1, 8, (_, __, k) => k)).collapsed).toBe(false);
  });
  it("stateRank counts the directions in which tokens differ", () => {
    expect(stateRank(own(1, 4, 6, (_, token, k) => (k === token ? 1 : 0)))[0]).toBeCloseTo(3, 5); // a regular simplex
    expect(stateRank(own(1, 4, 6, (_, token, k) => token * k))[0]).toBeCloseTo(1, 5);
    expect(stateRank(own(1, 4, 6, (_, __, k) => k))[0]).toBe(0);
  });
  it("loopIndexDecodability is perfect while states move alike and at chance when they stand still", () => {
    const moving = loopIndexDecodability(own(5, 6, 32, (step, _, k) => (k === step ? 5 : 0) + 0.1 * gaussian()));
    expect(moving).toMatchObject({overall: 1, chance: 0.2});
    const still = loopIndexDecodability(own(5, 40, 32, () => gaussian()));
    expect(still.overall).toBeLessThan(0.4);
  });
  it("loopIndexDecodability refuses a single token", () => {
    expect(() => loopIndexDecodability(own(2, 1, 2, () => 1))).toThrow(
      "invalid tokens: 1; expected at least 2, one to learn from and one to ask"
    );
  });
});
