import {describe, expect, it} from "vitest";
import {decodeFloats, dtypes, encodeFloats, type Dtype} from "../../../capture/trace/dtype.ts";

const wordsOf = (bytes: Uint8Array): number[] => [...new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2)];

describe("encodeFloats", () => {
  it.each([
    [1, 0x3f80],
    [-2, 0xc000],
    [1 + 2 ** -8, 0x3f80], // half way between two bfloat16 numbers: to the even one
    [1 + 3 * 2 ** -8, 0x3f82],
    [1 + 2 ** -8 + 2 ** -20, 0x3f81],
    [Infinity, 0x7f80]
  ])("encodeFloats(bf16) of %d is the word that IEEE rounding gives", (value, word) => {
    expect(wordsOf(encodeFloats("bf16", Float32Array.of(value)))).toEqual([word]);
  });

  it.each([
    [1, 0x3c00],
    [65504, 0x7bff], // the largest float16
    [65520, 0x7c00], // rounds to infinity
    [2 ** -24, 0x0001], // the smallest subnormal
    [2 ** -25, 0x0000], // half of it: to even
    [3 * 2 ** -25, 0x0002],
    [-0.5, 0xb800],
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02]
  ])("encodeFloats(f16) of %d is the word that IEEE rounding gives", (value, word) => {
    expect(wordsOf(encodeFloats("f16", Float32Array.of(value)))).toEqual([word]);
  });

  it.each(["bf16", "f16"] as const)("encodeFloats(%s) keeps a NaN a NaN", (dtype) => {
    const name = dtype === "bf16" ? "BF16" : "F16";
    expect([...decodeFloats(name, encodeFloats(dtype, Float32Array.of(NaN)))]).toEqual([NaN]);
  });
});

describe("decodeFloats", () => {
  it.each(["bf16", "f16"] as const)("decodeFloats gives every finite %s number back bit for bit", (dtype) => {
    const name = dtype === "bf16" ? "BF16" : "F16";
    const words = Uint16Array.from({length: 65536}, (_, i) => i);
    const values = decodeFloats(name, new Uint8Array(words.buffer));
    const again = wordsOf(encodeFloats(dtype, values));
    const different = again.filter((word, i) => word !== words[i] && !Number.isNaN(values[i]));
    expect(different).toEqual([]);
  });

  it("decodeFloats reads integers and doubles as numbers", () => {
    expect([...decodeFloats("I64", new Uint8Array(BigInt64Array.of(-3n, 5n).buffer))]).toEqual([-3, 5]);
    expect([...decodeFloats("F64", new Uint8Array(Float64Array.of(0.5, -8).buffer))]).toEqual([0.5, -8]);
    expect([...decodeFloats("I32", new Uint8Array(Int32Array.of(7).buffer))]).toEqual([7]);
    expect([...decodeFloats("I16", new Uint8Array(Int16Array.of(-7).buffer))]).toEqual([-7]);
    expect([...decodeFloats("I8", new Uint8Array(Int8Array.of(-1).buffer))]).toEqual([-1]);
    expect([...decodeFloats("U8", Uint8Array.of(255))]).toEqual([255]);
  });

  it("decodeFloats reads unsigned integers", () => {
    expect([...decodeFloats("U16", new Uint8Array(Uint16Array.of(65535).buffer))]).toEqual([65535]);
    expect([...decodeFloats("U32", new Uint8Array(Uint32Array.of(4294967040).buffer))]).toEqual([4294967040]);
    expect([...decodeFloats("U64", new Uint8Array(BigUint64Array.of(2n ** 63n).buffer))]).toEqual([2 ** 63]);
  });

  const numbers = Float32Array.of(1.5, -2.5, 0, 8);
  it.each(Object.keys(dtypes) as Dtype[])("decodeFloats reads %s at any offset of an array, a Buffer and a slice of one", (dtype) => {
    const {bytes} = dtypes[dtype];
    const aligned = new Uint8Array(numbers.buffer).subarray(0, 2 * bytes);
    const expected = [...decodeFloats(dtype, aligned)];
    for (let offset = 0; offset < 16; ++offset) {
      const room = Buffer.alloc(48);
      room.set(aligned, offset);
      const views = [
        new Uint8Array(room).subarray(offset, offset + 2 * bytes),
        room.subarray(offset, offset + 2 * bytes),
        room.slice(offset, offset + 2 * bytes)
      ];
      for (const view of views) expect([...decodeFloats(dtype, view)]).toEqual(expected);
    }
  });

  it("decodeFloats refuses a part of a number", () => {
    expect(() => decodeFloats("F32", new Uint8Array(7))).toThrow("invalid numbers: 7 bytes; expected a multiple of 4");
  });
});
