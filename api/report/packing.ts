import {countOf} from "../../capture/trace/safetensorsHeader.ts";
import {viewOf} from "../../capture/trace/viewOf.ts";
import type {PackedNumbers} from "../contract/packedNumbers.ts";

/** Packs row-major numbers. */
export function packNumbers(data: Float32Array | Int32Array, shape: readonly number[]): PackedNumbers {
  if (data.length !== countOf(shape)) throw new RangeError(`invalid shape: [${shape.join(", ")}]; ${data.length} numbers were given`);
  return {
    dtype: data instanceof Int32Array ? "I32" : "F32",
    shape: [...shape],
    base64: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64")
  };
}

/** Gives the numbers back; throws a RangeError where the bytes do not fill the shape. */
export function unpackNumbers({dtype, shape, base64}: PackedNumbers): Float32Array | Int32Array {
  const bytes = Buffer.from(base64, "base64");
  if (bytes.length !== 4 * countOf(shape))
    throw new RangeError(`invalid numbers: ${bytes.length} bytes; ${dtype} [${shape.join(", ")}] takes ${4 * countOf(shape)}`);
  return dtype === "I32" ? viewOf(Int32Array, bytes) : viewOf(Float32Array, bytes);
}
