import {describe, expect, it} from "vitest";
import {rearranged} from "../../../api/exchange/rearranged.ts";
import type {NamedArray} from "../../../api/exchange/namedArray.ts";

/** Numbers 0, 1, 2 … of a shape, in pieces of `pieceBytes`. */
function counted(shape: readonly number[], pieceBytes: number): NamedArray {
  const bytes = new Uint8Array(Int32Array.from({length: shape.reduce((a, b) => a * b, 1)}, (_, i) => i).buffer);
  return {
    name: "x",
    dtype: "I32",
    shape,
    async *bytes() {
      for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
    }
  };
}

async function numbersOf(array: NamedArray): Promise<number[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of array.bytes()) pieces.push(piece);
  return [...new Int32Array(Uint8Array.from(Buffer.concat(pieces)).buffer)];
}

describe("rearranged", () => {
  it.each([
    [
      [2, 3],
      [1, 0]
    ],
    [
      [2, 3, 4],
      [2, 1, 0]
    ],
    [
      [2, 3, 4],
      [1, 0, 2]
    ],
    [
      [2, 3, 4],
      [1, 2, 0]
    ],
    [
      [3, 1, 2, 5],
      [3, 0, 2, 1]
    ],
    [[4], [0]]
  ])("rearranged(%j, %j) puts every element where its axes say, whatever pieces it comes in", async (shape, order) => {
    for (const pieceBytes of [3, 4, 20, 1000]) {
      const result = rearranged(counted(shape, pieceBytes), order);
      expect(result.shape).toEqual(order.map((axis) => shape[axis]));
      const numbers = await numbersOf(result);
      const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
      const expected = numbers.map((_, i) => {
        let rest = i;
        let source = 0;
        for (let axis = order.length - 1; axis >= 0; --axis) {
          source += (rest % result.shape[axis]) * strides[order[axis]];
          rest = Math.floor(rest / result.shape[axis]);
        }
        return source;
      });
      expect(numbers).toEqual(expected);
    }
  });
});
