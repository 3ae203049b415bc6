import {describe, expect, it} from "vitest";
import {blockSizeOf, quantise} from "../../../../capture/engine/onnx/eightBit.ts";

const value = (bytes: Uint8Array, scales: Float32Array, blockSize: number, i: number) =>
  (bytes[i] - 128) * scales[Math.floor(i / blockSize)];

describe("quantise", () => {
  it("keeps each number within half a step of its block's largest / 127, whatever the other blocks hold", () => {
    const values = Float32Array.from({length: 64}, (_, i) => (i < 32 ? 1 : 1000) * Math.sin(i));
    const {bytes, scales} = quantise(values, 32);
    for (const [block, largest] of [0, 1].map((b) => [b, Math.max(...values.subarray(32 * b, 32 * b + 32).map(Math.abs))])) {
      expect(scales[block]).toBeCloseTo(largest / 127, 5);
      for (let i = 32 * block; i < 32 * block + 32; ++i)
        expect(Math.abs(value(bytes, scales, 32, i) - values[i])).toBeLessThanOrEqual((largest / 127 / 2) * 1.0001);
    }
  });

  it("is exact for multiples of the step, and for zeros", () => {
    const values = Float32Array.from({length: 32}, (_, i) => (i === 0 ? 127 : -i) / 8);
    const {bytes, scales} = quantise(values, 32);
    values.forEach((x, i) => expect(value(bytes, scales, 32, i)).toBe(x));
    expect(quantise(new Float32Array(16), 16)).toEqual({bytes: new Uint8Array(16).fill(128), scales: new Float32Array(1)});
  });
});

describe("blockSizeOf", () => {
  it.each([
    [96, 32],
    [48, 16],
    [5280, 32],
    [20, undefined]
  ])("of rows of %i is %s", (columns, expected) => {
    expect(blockSizeOf(columns)).toBe(expected);
  });
});
