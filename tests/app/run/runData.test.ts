import {expect, it} from "vitest";
import {fieldsOf} from "../../../app/run/runData.ts";

const message = {
  tensors: {
    top_ids: {shape: [3, 1, 1, 2], data: Int32Array.of(1, 2, 1, 7, 7, 1)},
    entropy: {shape: [3, 1, 1], data: Float32Array.of(3, 2, 1)}
  },
  metadata: {}
};

it("fieldsOf takes three-dimensional tensors, shifted to their first step", () => {
  expect(fieldsOf(message)).toEqual({entropy: {steps: 3, inits: 1, tokens: 1, values: Float32Array.of(3, 2, 1)}});
  expect(Array.from(fieldsOf({...message, metadata: {first_step: "1"}}).entropy.values)).toEqual([NaN, 3, 2, 1]);
});
