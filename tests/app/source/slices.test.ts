import {describe, expect, it} from "vitest";
import {joinSlices, slicesOf} from "../../../app/source/slices.ts";

describe("slicesOf", () => {
  it("asks for everything at once where it is not much", () =>
    expect(slicesOf({lastStep: 64, paths: 84, stateBytes: 68})).toEqual([undefined]));
  it("cuts a large run into slices of whole steps that cover it, each of at most 2 MB where a step is smaller", () => {
    const slices = slicesOf({lastStep: 64, paths: 2000, stateBytes: 68}); // 136 kB a step: 14 steps
    expect(slices[0]).toEqual({from: 0, to: 13});
    expect(slices.at(-1)).toEqual({from: 56, to: 64});
    expect(slices.flatMap((slice) => (slice ? Array.from({length: slice.to - slice.from + 1}, (_, i) => slice.from + i) : []))).toEqual([
      ...Array(65).keys()
    ]);
  });
  it("takes a step at a time where one is larger", () =>
    expect(slicesOf({lastStep: 2, paths: 1_000_000, stateBytes: 8})).toEqual([
      {from: 0, to: 0},
      {from: 1, to: 1},
      {from: 2, to: 2}
    ]));
});

describe("joinSlices", () => {
  it("joins what several slices have along the steps, and keeps what only the first has", () => {
    const slice = (steps: number, from: number) => ({
      points: {shape: [steps, 2], data: Float32Array.from({length: 2 * steps}, (_, i) => from + i)}
    });
    const first = {
      tensors: {...slice(2, 0), mean: {shape: [1], data: Float32Array.of(9)}, ids: {shape: [1], data: Int32Array.of(1)}},
      metadata: {steps: "3"}
    };
    const second = {tensors: {...slice(1, 4), ids: {shape: [1], data: Int32Array.of(2)}}, metadata: {steps: "3"}};
    expect(joinSlices([first, second])).toEqual({
      tensors: {
        points: {shape: [3, 2], data: Float32Array.of(0, 1, 2, 3, 4, 5)},
        mean: first.tensors.mean,
        ids: {shape: [2], data: Int32Array.of(1, 2)}
      },
      metadata: {steps: "3"}
    });
  });
});
