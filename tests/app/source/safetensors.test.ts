import {describe, expect, it} from "vitest";
import {parseSafetensors} from "../../../app/source/safetensors.ts";
import {encodeSafetensors} from "../../../capture/trace/safetensors.ts";

const bufferOf = (bytes: Uint8Array): ArrayBuffer => bytes.slice().buffer as ArrayBuffer;

/** A message with one tensor of given bytes, its header padded to an odd length so that nothing is aligned. */
function message(dtype: string, shape: readonly number[], data: Uint8Array, end = data.length): ArrayBuffer {
  const json = new TextEncoder().encode(JSON.stringify({x: {dtype, shape, data_offsets: [0, end]}}));
  const header = new Uint8Array(json.length % 2 ? json.length : json.length + 1).fill(0x20);
  header.set(json);
  const bytes = new Uint8Array(8 + header.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  bytes.set(data, 8 + header.length);
  return bytes.buffer;
}

describe("parseSafetensors", () => {
  it("reads what the server writes, numbers, shapes and words", () => {
    const bytes = encodeSafetensors(
      {points: {shape: [2, 2], data: Float32Array.of(1, -2.5, NaN, Infinity)}, ids: {shape: [3], data: Int32Array.of(7, -1, 2 ** 30)}},
      {method: "pca"}
    );
    const {tensors, metadata} = parseSafetensors(bufferOf(bytes));
    expect(tensors.points).toEqual({shape: [2, 2], data: Float32Array.of(1, -2.5, NaN, Infinity)});
    expect(tensors.ids).toEqual({shape: [3], data: Int32Array.of(7, -1, 2 ** 30)});
    expect(metadata).toEqual({method: "pca"});
  });

  it.each([
    ["F32", [0x00, 0x00, 0x80, 0x3f], [1]],
    ["BF16", [0x80, 0x3f, 0x40, 0xc0], [1, -3]],
    ["F16", [0x00, 0x3c, 0x00, 0xc2, 0x01, 0x00, 0x00, 0x7c], [1, -3, 2 ** -24, Infinity]],
    ["I64", [5, 0, 0, 0, 0, 0, 0, 0], [5]]
  ])("reads %s also where it is not aligned", (dtype, bytes, expected) => {
    expect([...parseSafetensors(message(dtype, [expected.length], Uint8Array.from(bytes))).tensors.x.data]).toEqual(expected);
  });

  it("an empty tensor is empty", () =>
    expect(parseSafetensors(message("F32", [0, 4], new Uint8Array(0))).tensors.x).toEqual({shape: [0, 4], data: new Float32Array(0)}));

  it.each([
    ["fewer bytes than a header's length", () => new ArrayBuffer(4), "not a safetensors file: 4 bytes; expected at least 8"],
    ["a header longer than the message", () => encodeCut(), "truncated header: 92 bytes; expected 1000"],
    [
      "a tensor that ends after the message",
      () => message("F32", [2], new Uint8Array(4), 8),
      /^truncated message: \d+ bytes; the header promises \d+$/
    ],
    ["a shape that does not fit the bytes", () => message("F32", [3], new Uint8Array(8)), "invalid tensor x: 8 bytes; F32 [3] takes 12"],
    ["a dtype that it does not know", () => message("F8", [1], new Uint8Array(1)), "unsupported dtype of x: F8"]
  ])("refuses %s", (_, bytes, error) => {
    expect(() => parseSafetensors(bytes())).toThrow(error);
  });

  function encodeCut(): ArrayBuffer {
    const buffer = new ArrayBuffer(100);
    new DataView(buffer).setBigUint64(0, 1000n, true);
    return buffer;
  }
});
