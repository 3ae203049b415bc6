import {describe, expect, it} from "vitest";
import {divergenceOf, entropyOf, logSoftmax, topOf} from "../../../capture/loop/readoutRow.ts";

const logprobs = (...probabilities: readonly number[]) => Float32Array.from(probabilities, Math.log);

describe("logSoftmax", () => {
  it("makes log-probabilities of logits, whatever is added to all of them", () => {
    const expected = logprobs(0.1, 0.2, 0.7);
    const shifted = logSoftmax(
      expected.map((x) => x + 50),
      new Float32Array(3)
    );
    shifted.forEach((x, i) => expect(x).toBeCloseTo(expected[i], 5));
  });

  it("stays finite for logits that overflow an exponential", () => {
    expect(Array.from(logSoftmax(Float32Array.of(1000, 0), new Float32Array(2)))).toEqual([0, -1000]);
  });
});

describe("entropyOf", () => {
  it("is log n for n equal outcomes and 0 for a certain one", () => {
    expect(entropyOf(logprobs(0.25, 0.25, 0.25, 0.25))).toBeCloseTo(Math.log(4), 6);
    expect(entropyOf(logprobs(1, 0, 0))).toBe(0);
  });
});

describe("divergenceOf", () => {
  it("is Σ p log(p / q), in that direction", () => {
    expect(divergenceOf(logprobs(0.5, 0.5), logprobs(0.25, 0.75))).toBeCloseTo(0.5 * Math.log(2) + 0.5 * Math.log(2 / 3), 6);
    expect(divergenceOf(logprobs(0.25, 0.75), logprobs(0.5, 0.5))).toBeCloseTo(0.25 * Math.log(0.5) + 0.75 * Math.log(1.5), 6);
  });

  it("is 0 for equal distributions, also where an outcome is impossible in both", () => {
    expect(divergenceOf(logprobs(0.3, 0.7, 0), logprobs(0.3, 0.7, 0))).toBe(0);
  });
});

describe("topOf", () => {
  const top = (count: number, values: Float32Array) => {
    const ids = new Int32Array(count);
    const best = new Float32Array(count);
    topOf(values, ids, best);
    return [Array.from(ids), Array.from(best)];
  };

  it("gives the largest first", () => {
    expect(top(3, Float32Array.of(-5, -1, -4, -2, -3))).toEqual([
      [1, 3, 4],
      [-1, -2, -3]
    ]);
  });

  it("puts the smaller index first among equals", () => {
    expect(top(3, Float32Array.of(-1, -2, -1, -1))).toEqual([
      [0, 2, 3],
      [-1, -1, -1]
    ]);
  });
});
