import {dtypes, type Dtype} from "./dtype.ts";
import {countOf, TraceFormatError, type SafetensorsHeader} from "./safetensorsHeader.ts";

// What a file of tensors is to those who read slices of it, wherever it lies: the page reads a gallery's files by this, too.

/** Consecutive elements of a tensor, row-major. */
export interface Span {
  readonly from: number;
  readonly count: number;
}

/** An open safetensors file, on a disk or behind a web server. Reads are slices by element, so that a file of any size costs only what is asked of it. */
export interface SafetensorsFile extends SafetensorsHeader {
  readonly fileBytes: number;
  /** `count` numbers of a tensor from element `from` on (row-major), any float dtype widened exactly to float32. */
  readFloats(name: string, from?: number, count?: number): Promise<Float32Array>;
  /** As many numbers as `into` holds, from element `from` on, without other memory than that where the dtype has 32 or 16 bits. */
  readInto(name: string, from: number, into: Float32Array): Promise<void>;
  /** The numbers of some spans, one behind the other. */
  readSpans(name: string, spans: readonly Span[], into: Float32Array): Promise<void>;
  close(): Promise<void>;
}

/** Where a slice of a tensor lies in the file, in bytes. Throws a TraceFormatError for a tensor that is not there, a RangeError beyond its end. */
export function placeOf(
  {tensors, unread, dataStart}: SafetensorsHeader,
  name: string,
  from: number,
  count?: number
): {dtype: Dtype; position: number; length: number} {
  const info = tensors.get(name);
  const dtype = unread.get(name);
  if (dtype !== undefined) throw new TraceFormatError(`unsupported tensor ${name}: ${dtype}; one of ${Object.keys(dtypes).join(", ")}`);
  if (!info) throw new TraceFormatError(`missing tensor: ${name}; the file holds ${[...tensors.keys()].join(", ") || "none"}`);
  const total = countOf(info.shape);
  const elements = count ?? total - from;
  if (!(from >= 0 && elements >= 0 && from + elements <= total))
    throw new RangeError(`invalid slice of ${name}: ${from} to ${from + elements}; it has ${total} elements`);
  const {bytes} = dtypes[info.dtype];
  return {dtype: info.dtype, position: dataStart + info.begin + from * bytes, length: elements * bytes};
}
