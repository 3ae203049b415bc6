import {describe, expect, it} from "vitest";
import type {Initializer} from "../../../../capture/engine/onnx/onnxProto.ts";
import {withParts} from "../../../../capture/engine/onnx/weightParts.ts";

const parts = new Map([1, 2].map((i) => [`w part ${i} of 2`, {weight: "w", part: i - 1, parts: 2}]));
const inGraph: Initializer = {name: "w", type: "uint8", shape: [4, 3], data: Uint8Array.from({length: 12}, (_, i) => i)};
const inFile: Initializer = {name: "w", type: "bfloat16", shape: [4, 3], data: {location: "shard", offset: 1000, length: 24}};
const none = async () => undefined;

describe("withParts", () => {
  it("gives a part's rows out of the bytes, and reads the weight once for all of them", async () => {
    let reads = 0;
    const source = withParts({plain: async () => (++reads, inGraph), eightBit: none}, parts);
    expect(await source.plain("w part 2 of 2")).toEqual({
      name: "w part 2 of 2",
      type: "uint8",
      shape: [2, 3],
      data: Uint8Array.of(6, 7, 8, 9, 10, 11)
    });
    expect((await source.plain("w part 1 of 2")).data).toEqual(Uint8Array.of(0, 1, 2, 3, 4, 5));
    expect(reads).toBe(1);
    expect(await source.plain("w")).toBe(inGraph);
  });

  it("gives where in its file a part lies", async () => {
    const source = withParts({plain: async () => inFile, eightBit: none}, parts);
    expect(await source.plain("w part 2 of 2")).toEqual({
      name: "w part 2 of 2",
      type: "bfloat16",
      shape: [2, 3],
      data: {location: "shard", offset: 1012, length: 12}
    });
    expect(await source.eightBit("w part 2 of 2")).toBeUndefined();
  });

  it("gives a part of an 8-bit weight with its scales", async () => {
    const weights: Initializer = {name: "w", type: "uint8", shape: [4, 2, 16], data: {location: "file", offset: 0, length: 128}};
    const scales: Initializer = {name: "w.scales", type: "float32", shape: [8], data: {location: "file", offset: 128, length: 32}};
    const source = withParts({plain: async () => inFile, eightBit: async () => ({weights, scales, blockSize: 16})}, parts);
    expect(await source.eightBit("w part 2 of 2")).toEqual({
      blockSize: 16,
      weights: {name: "w part 2 of 2", type: "uint8", shape: [2, 2, 16], data: {location: "file", offset: 64, length: 64}},
      scales: {name: "w.scales part 2 of 2", type: "float32", shape: [4], data: {location: "file", offset: 144, length: 16}}
    });
  });
});
