import {describe, expect, it} from "vitest";
import {agreementOf, answerMoment, heldFrom, type AnswerMoment} from "../../../analysis/paths/agreement.ts";

const logs = (...p: number[]): number[] => p.map(Math.log);
const moment = (starts: number[][]): AnswerMoment =>
  answerMoment(Float32Array.from(starts.flat()), {starts: starts.length, tokens: 1, vocab: starts[0].length});

describe("answerMoment", () => {
  it("gives the mean of KL over ordered pairs of starts", () => {
    const [p, q] = [
      [0.5, 0.5],
      [0.9, 0.1]
    ];
    const kl = (a: number[], b: number[]) => a.reduce((sum, x, v) => sum + x * Math.log(x / b[v]), 0);
    expect(moment([logs(...p), logs(...q)]).divergence[0]).toBeCloseTo((kl(p, q) + kl(q, p)) / 2, 6);
    const r = [0.2, 0.8];
    const pairs = [kl(p, q), kl(q, p), kl(p, r), kl(r, p), kl(q, r), kl(r, q)];
    expect(moment([logs(...p), logs(...q), logs(...r)]).divergence[0]).toBeCloseTo(pairs.reduce((a, b) => a + b) / 6, 6);
  });
  it("is unchanged when a constant is added to a start's logits, and zero for equal or single starts", () => {
    expect(
      moment([
        [1, 2, 3],
        [101, 102, 103]
      ]).divergence[0]
    ).toBeCloseTo(0, 9);
    expect(moment([[1, 2, 3]]).divergence[0]).toBe(0);
  });
  it("names the most probable token of each start and token, the smaller id among equals", () => {
    const logits = Float32Array.of(0, 1, 5, 2, /**/ 3, 3, 0, 9); // [start][token][vocab = 2]
    expect([...answerMoment(logits, {starts: 2, tokens: 2, vocab: 2}).top]).toEqual([1, 0, 0, 1]);
  });
  it("refuses a wrong count", () => {
    expect(() => answerMoment(new Float32Array(5), {starts: 1, tokens: 2, vocab: 3})).toThrow(
      "invalid logits: 5 numbers; expected 1 × 2 × 3"
    );
  });
});

describe("agreementOf", () => {
  const [a, b] = [logs(0.9, 0.1), logs(0.1, 0.9)];
  it("finds the step from which on all starts give one answer, not the first time they do", () => {
    const found = agreementOf(
      [
        [a, b],
        [b, b],
        [a, b],
        [b, b],
        [b, b]
      ].map(moment),
      0
    );
    expect([...found.share]).toEqual([0.5, 1, 0.5, 1, 1]);
    expect(found).toMatchObject({answer: 1, answerStep: 3, divergenceStep: 3});
  });
  it("has no step where starts disagree at the end, and none where all change their mind together at the last step but one", () => {
    expect(
      agreementOf(
        [
          [b, b],
          [a, b]
        ].map(moment),
        0
      )
    ).toMatchObject({answer: 0, answerStep: undefined, divergenceStep: undefined});
    expect(
      agreementOf(
        [
          [a, a],
          [a, a],
          [b, b]
        ].map(moment),
        0
      )
    ).toMatchObject({answer: 1, answerStep: 2, divergenceStep: 0});
  });
  it("refuses no moments", () => {
    expect(() => agreementOf([], 0)).toThrow("invalid moments: 0; expected at least one");
  });
});

it("heldFrom gives the first step of the last unbroken run, and undefined where the claim fails at the end", () => {
  const holds = [true, false, true, true];
  expect(heldFrom(4, (step) => holds[step])).toBe(2);
  expect(heldFrom(2, (step) => holds[step])).toBeUndefined();
  expect(heldFrom(1, (step) => holds[step])).toBe(0);
  expect(heldFrom(0, () => true)).toBeUndefined();
});
