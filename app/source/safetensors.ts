import {decodeFloats, type Dtype} from "../../capture/trace/dtype.ts";
import {parseHeader, TraceFormatError} from "../../capture/trace/safetensorsHeader.ts";
import {viewOf} from "../../capture/trace/viewOf.ts";

/** A tensor out of a safetensors message: row-major numbers. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

/** A parsed message: its tensors by name and its free text. */
export interface Tensors {
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Reads a safetensors message. F32 and I32 are views where the bytes are aligned; other types are widened or narrowed. Throws a TraceFormatError that says what is wrong. */
export function parseSafetensors(message: ArrayBuffer): Tensors {
  const bytes = new Uint8Array(message);
  const {tensors, unread, metadata, dataStart, dataBytes} = parseHeader(bytes);
  for (const [name, dtype] of unread) throw new TraceFormatError(`unsupported dtype of ${name}: ${dtype}`);
  if (dataStart + dataBytes > bytes.length)
    throw new TraceFormatError(`truncated message: ${bytes.length} bytes; the header promises ${dataStart + dataBytes}`);
  const read = [...tensors].map(
    ([name, {shape, dtype, begin, end}]) =>
      [name, {shape, data: numbersOf(dtype, bytes.subarray(dataStart + begin, dataStart + end))}] as const
  );
  return {tensors: Object.fromEntries(read), metadata};
}

/** Whole numbers as such, all else as floats. */
export function numbersOf(dtype: Dtype, bytes: Uint8Array): Float32Array | Int32Array {
  if (dtype === "I32") return viewOf(Int32Array, bytes);
  if (dtype === "I64") return Int32Array.from(viewOf(BigInt64Array, bytes), Number); // token ids fit in 32 bits
  return decodeFloats(dtype, bytes);
}
