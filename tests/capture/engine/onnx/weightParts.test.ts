import {describe, expect, it} from "vitest";
import type {Initializer} from "../../../../capture/engine/onnx/onnxProto.ts";
import {partName, withParts} from "../../../../capture/engine/onnx/weightParts.ts";

const parts = new Map(
  [
    {weight: "w", from: 0, to: 1},
    {weight: "w", from: 1, to: 4}
  ].map((part) => [partName(part), part])
);
const inGraph: Initializer = {name: "w", type: "uint8", shape: [4, 3], data: Uint8Array.from({length: 12}, (_, i) => i)};
const inFile: Initializer = {name: "w", type: "bfloat16", shape: [4, 3], data: {location: "shard", offset: 1000, length: 24}};
const none = async () => undefined;

describe("withParts", () => {
  it("gives a part's rows out of the bytes, and reads the weight once for all of them", async () => {
    let reads = 0;
    const source = withParts({plain: async () => (++reads, inGraph), eightBit: none}, parts);
    expect(await source.plain("w rows 1 to 4")).toEqual({
      name: "w rows 1 to 4",
      type: "uint8",
      shape: [3, 3],
      data: Uint8Array.of(3, 4, 5, 6, 7, 8, 9, 10, 11)
    });
    expect((await source.plain("w rows 0 to 1")).data).toEqual(Uint8Array.of(0, 1, 2));
    expect(reads).toBe(1);
    expect(await source.plain("w")).toBe(inGraph);
  });

  it("gives where in its file a part lies", async () => {
    const source = withParts({plain: async () => inFile, eightBit: none}, parts);
    expect(await source.plain("w rows 1 to 4")).toEqual({
      name: "w rows 1 to 4",
      type: "bfloat16",
      shape: [3, 3],
      data: {location: "shard", offset: 1006, length: 18}
    });
    expect(await source.eightBit("w rows 1 to 4")).toBeUndefined();
  });

  it("gives a part of an 8-bit weight with its scales", async () => {
    const weights: Initializer = {name: "w", type: "uint8", shape: [4, 2, 16], data: {location: "file", offset: 0, length: 128}};
    const scales: Initializer = {name: "w.scales", type: "float32", shape: [8], data: {location: "file", offset: 128, length: 32}};
    const source = withParts({plain: async () => inFile, eightBit: async () => ({weights, scales, blockSize: 16})}, parts);
    expect(await source.eightBit("w rows 1 to 4")).toEqual({
      blockSize: 16,
      weights: {name: "w rows 1 to 4", type: "uint8", shape: [3, 2, 16], data: {location: "file", offset: 32, length: 96}},
      scales: {name: "w.scales rows 2 to 8", type: "float32", shape: [6], data: {location: "file", offset: 136, length: 24}}
    });
  });
});
