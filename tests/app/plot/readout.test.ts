import {describe, expect, it} from "vitest";
import {rankField, readoutOf, topWordsAt} from "../../../app/plot/readout.ts";

// one init, one token, three steps, top 2: the answer (7) is absent, then second, then first
const message = {
  tensors: {
    top_ids: {shape: [3, 1, 1, 2], data: Int32Array.of(1, 2, 1, 7, 7, 1)},
    top_logprobs: {shape: [3, 1, 1, 2], data: Float32Array.of(-1, -2, -0.5, -0.75, 0, -9)},
    entropy: {shape: [3, 1, 1], data: Float32Array.of(3, 2, 1)}
  },
  metadata: {}
};

describe("readouts", () => {
  const readout = readoutOf(message, new Map([[7, "seven"]]))!;
  it("topWordsAt gives texts, likeliest first, and the id where there is no text", () => {
    expect(topWordsAt(readout, {step: 1, init: 0, token: 0})).toEqual([
      {id: 1, text: "#1", logProbability: -0.5},
      {id: 7, text: "seven", logProbability: -0.75}
    ]);
  });
  it("rankField says where the last step's best token stands at each step", () =>
    expect(Array.from(rankField(readout).values)).toEqual([3, 2, 1]));
  it("readoutOf a message without top tokens is undefined", () =>
    expect(readoutOf({tensors: {}, metadata: {}}, new Map())).toBeUndefined());
});
