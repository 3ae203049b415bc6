import {expect, it} from "vitest";
import {packNumbers, unpackNumbers} from "../../../api/report/packing.ts";

it("unpackNumbers gives packed numbers back bit for bit, those that are not finite among them", () => {
  const numbers = Float32Array.of(0, -0, 1.5, NaN, Infinity, -Infinity, 1e-45, 3.4e38);
  const back = unpackNumbers(JSON.parse(JSON.stringify(packNumbers(numbers, [2, 4]))));
  expect(new Uint8Array(back.buffer, back.byteOffset, back.byteLength)).toEqual(new Uint8Array(numbers.buffer));
});

it("packNumbers takes a view into a longer array, and whole numbers as such", () => {
  const view = Int32Array.of(7, 65_535, -1, 7).subarray(1, 3);
  expect(unpackNumbers(packNumbers(view, [2]))).toEqual(Int32Array.of(65_535, -1));
});

it("packNumbers refuses a shape of another size", () => {
  expect(() => packNumbers(new Float32Array(5), [2, 3])).toThrow(new RangeError("invalid shape: [2, 3]; 5 numbers were given"));
});

it("unpackNumbers refuses bytes that do not fill the shape", () => {
  expect(() => unpackNumbers({...packNumbers(new Float32Array(5), [5]), shape: [6]})).toThrow(
    new RangeError("invalid numbers: 20 bytes; F32 [6] takes 24")
  );
});
