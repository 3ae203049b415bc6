import {describe, expect, it} from "vitest";
import {contractionOf} from "../../../analysis/paths/contraction.ts";
import {recordGaps, type Gaps} from "../../../analysis/paths/gaps.ts";
import {pairsOf} from "../../../analysis/paths/pairs.ts";
import {toBfloat16} from "../../../analysis/patterns/path/rounding.ts";
import {seededRandom, type Random} from "../../../analysis/random.ts";
import {statesOf, type States} from "../../../analysis/states.ts";
import {gaussianOf} from "../../support/gaussian.ts";
import {contraction, signed, statesIn} from "../../support/worlds.ts";

function gapsIn(states: States): Gaps {
  const {steps, inits, tokens, width, data} = states;
  const recorder = recordGaps({tokens, width, pairs: pairsOf(inits)});
  for (let step = 0; step < steps; ++step) recorder.push(data.subarray(step * inits * tokens * width, (step + 1) * inits * tokens * width));
  return recorder.gaps().tokens;
}
const random = () => seededRandom(3);
const floorOf = (amplified: number) => ({rounding: amplified / 10, amplified});

const WIDTH = 24;

/** Four starts under x ↦ A x of independent normal entries, and the modulus of the leading eigenvalue, from the growth of a vector over 4,000 steps. */
function randomSteps(source: Random): {readonly leading: number; readonly path: States} {
  const gaussian = gaussianOf(source);
  const matrix = Float64Array.from({length: WIDTH ** 2}, () => (0.8 * gaussian()) / Math.sqrt(WIDTH));
  const next = (x: Float64Array): Float64Array => x.map((_, i) => x.reduce((sum, value, k) => sum + matrix[i * WIDTH + k] * value, 0));
  const start = (): Float64Array => Float64Array.from({length: WIDTH}, gaussian);
  let [vector, growth] = [start(), 0];
  for (let step = 0; step < 4000; ++step) {
    const moved = next(vector);
    const length = Math.hypot(...moved);
    if (step >= 200) growth += Math.log(length);
    vector = moved.map((x) => x / length);
  }
  const starts = Array.from({length: 4}, start);
  const rows = Array.from({length: 40}, () => {
    const row = starts.map((x) => Float32Array.from(x, (value) => 10 + value));
    starts.forEach((x, i) => starts.splice(i, 1, next(x)));
    return row;
  });
  const data = Float32Array.from(rows.flatMap((row) => row.flatMap((x) => [...x])));
  return {leading: Math.exp(growth / 3800), path: statesOf({steps: rows.length, inits: 4, tokens: 1, width: WIDTH}, data)};
}

describe("contractionOf", () => {
  it.each([0.5, 0.83, 0.95, 0.99])("finds the rate %f of a linear contraction", (rate) => {
    const gaps = gapsIn(statesIn(contraction([rate, rate, rate]), {starts: 8, steps: 64}));
    const found = contractionOf(gaps, 0, {floor: floorOf(1e-6), random: random()})!;
    expect(found.rate).toBeCloseTo(rate, 3);
    expect(found.interval![0]).toBeLessThanOrEqual(found.rate);
    expect(found.interval![1]).toBeGreaterThanOrEqual(found.rate);
  });
  it("finds the slowest of several rates, which a fit of the whole path does not", () => {
    const gaps = gapsIn(statesIn(contraction([0.85, 0.5, 0.4, 0.3]), {starts: 16, steps: 64}));
    expect(Math.abs(contractionOf(gaps, 0, {floor: floorOf(1e-6), random: random()})!.rate - 0.85)).toBeLessThan(0.01);
  });
  it("is not biased by the rounding floor of bfloat16, within 0.02", () => {
    const {data, ...shape} = statesIn(
      contraction(
        Array.from({length: 256}, () => 0.85),
        Array.from({length: 256}, (_, k) => Math.cos(k))
      ),
      {starts: 8, steps: 64}
    );
    const gaps = gapsIn(statesOf(shape, toBfloat16(data)));
    expect(Math.abs(contractionOf(gaps, 0, {floor: floorOf(0.005), random: random()})!.rate - 0.85)).toBeLessThan(0.02);
  });
  it("covers the true rate with its interval in at least 85 of 100 noisy samples", () => {
    let covered = 0;
    for (let seed = 0; seed < 100; ++seed) {
      // every coordinate of every start decays by 0.8 a step with 20 % noise of its own, so slopes vary about log 0.8 from start to start
      const states = statesIn(
        (_, source) => {
          const offsets = [signed(source), signed(source), signed(source), signed(source)];
          return (step) => offsets.map((offset) => 10 + offset * 0.8 ** step * (1 + 0.2 * signed(source)));
        },
        {starts: 12, steps: 24, seed}
      );
      const [low, high] = contractionOf(gapsIn(states), 0, {floor: floorOf(1e-5), random: seededRandom(seed), resamples: 200})!.interval!;
      covered += Number(low <= 0.8 && high >= 0.8);
    }
    expect(covered).toBeGreaterThanOrEqual(85);
  });
  it("takes in, upwards, modes of nearly the leading one's modulus, which no start can tell from it", () => {
    const corners = (start: number) => (step: number) => [1000, ...[0, 1, 2].map((corner) => (corner === start ? 100 * 0.8 ** step : 0))];
    const gaps = gapsIn(statesIn(corners, {starts: 3, steps: 24}));
    const {rate, interval, window} = contractionOf(gaps, 0, {floor: floorOf(1e-6), random: random()})!;
    const steps = Array.from({length: window[1] - window[0] + 1}, (_, i) => window[0] + i);
    const middle = (window[0] + window[1]) / 2;
    const power = steps.reduce((sum, t) => sum + (t - middle) * Math.log(t + 1), 0) / steps.reduce((sum, t) => sum + (t - middle) ** 2, 0);
    expect(interval![0]).toBeCloseTo(rate, 3);
    expect(interval![1]).toBeCloseTo(rate * Math.exp(0.75 * power), 3);
  });
  it("covers the leading eigenvalue of random steps, whose moduli fill a disc, 37 times of 40 or more, as the slope alone does not", () => {
    let [covered, reached] = [0, 0];
    for (let seed = 0; seed < 40; ++seed) {
      const {leading, path} = randomSteps(seededRandom(seed));
      const {rate, interval} = contractionOf(gapsIn(path), 0, {floor: floorOf(1e-7), random: random(), resamples: 200})!;
      covered += Number(interval![0] <= leading && leading <= interval![1]);
      reached += Number(Math.abs(rate - leading) < 0.002);
    }
    expect(covered).toBeGreaterThanOrEqual(37);
    expect(reached).toBeLessThan(20);
  });
  it("takes in how the fall changes within its window", () => {
    const bent = gapsIn(
      statesIn((start) => (step) => [1000, (start + 1) * Math.exp(-0.1 * step - 0.002 * step ** 2)], {starts: 4, steps: 20})
    );
    const {rate, interval} = contractionOf(bent, 0, {floor: floorOf(1e-9), random: random()})!;
    expect(rate - interval![0]).toBeGreaterThan(0.015);
  });
  it("claims no rate for starts that are one from the beginning, and none for starts in different places", () => {
    const same = gapsIn(statesIn(() => () => [1, 2, 3], {starts: 4, steps: 20}));
    expect(contractionOf(same, 0, {floor: floorOf(1e-6), random: random()})).toBeUndefined();
    const apart = gapsIn(statesIn((start) => () => [1, start], {starts: 4, steps: 20}));
    expect(contractionOf(apart, 0, {floor: floorOf(1e-6), random: random(), counts: () => false})).toBeUndefined();
  });
  it("gives a rate above 1 for starts that part", () => {
    const gaps = gapsIn(statesIn((start) => (step) => [1000, (start + 1) * 1.1 ** step], {starts: 4, steps: 20}));
    expect(contractionOf(gaps, 0, {floor: floorOf(1e-6), random: random()})!.rate).toBeCloseTo(1.1, 2);
  });
  it("gives the same interval for the same seed", () => {
    const gaps = gapsIn(statesIn(contraction([0.9, 0.5]), {starts: 6, steps: 30}));
    expect(contractionOf(gaps, 0, {floor: floorOf(1e-6), random: seededRandom(1)})).toEqual(
      contractionOf(gaps, 0, {floor: floorOf(1e-6), random: seededRandom(1)})
    );
  });
});
