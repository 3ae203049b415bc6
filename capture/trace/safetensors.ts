import {open, type FileHandle} from "node:fs/promises";
import {z} from "zod";
import {decodeFloats, decodeInto, dtypes, type Dtype} from "./dtype.ts";

/** A file that is not a readable safetensors file, or not the trace it claims to be. */
export class TraceFormatError extends Error {
  override name = "TraceFormatError";
}

/** Where one tensor lies: `begin` and `end` are byte offsets from the start of the data, after the header. */
export interface TensorInfo {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** A parsed header: the tensors by name, free text metadata, and the file offset at which data begins. */
export interface SafetensorsHeader {
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly dataStart: number;
}

const PREAMBLE_BYTES = 8; // header length as a little-endian u64
const MAX_HEADER_BYTES = 100_000_000; // the safetensors library's own limit; stops a corrupt length from asking for gigabytes

const entrySchema = z.object({
  dtype: z.enum(Object.keys(dtypes) as [Dtype, ...Dtype[]]),
  shape: z.array(z.number().int().nonnegative()),
  data_offsets: z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()])
});
const headerSchema = z.record(z.string(), z.unknown());
const metadataSchema = z.record(z.string(), z.string());

/** Number of elements of a shape; 1 for a scalar. */
export const countOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** Reads a header out of the first bytes of a file or message. Throws a TraceFormatError that says what is wrong. */
export function parseHeader(bytes: Uint8Array): SafetensorsHeader {
  const headerBytes = headerBytesOf(bytes);
  if (bytes.byteLength < PREAMBLE_BYTES + headerBytes)
    throw new TraceFormatError(`truncated header: ${bytes.byteLength - PREAMBLE_BYTES} bytes; expected ${headerBytes}`);
  const text = new TextDecoder().decode(bytes.subarray(PREAMBLE_BYTES, PREAMBLE_BYTES + headerBytes));
  const entries = headerSchema.parse(parseJson(text));
  const tensors = new Map<string, TensorInfo>();
  let metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(entries)) {
    if (name === "__metadata__") {
      const parsed = metadataSchema.safeParse(value);
      if (!parsed.success) throw new TraceFormatError("invalid __metadata__; expected text by name");
      metadata = parsed.data;
    } else {
      tensors.set(name, tensorInfoOf(name, value));
    }
  }
  return {tensors, metadata, dataStart: PREAMBLE_BYTES + headerBytes};
}

function headerBytesOf(preamble: Uint8Array): number {
  if (preamble.byteLength < PREAMBLE_BYTES)
    throw new TraceFormatError(`not a safetensors file: ${preamble.byteLength} bytes; expected at least ${PREAMBLE_BYTES}`);
  const length = new DataView(preamble.buffer, preamble.byteOffset).getBigUint64(0, true);
  if (length < 2n || length > BigInt(MAX_HEADER_BYTES))
    throw new TraceFormatError(`not a safetensors file: header of ${length} bytes; expected 2 to ${MAX_HEADER_BYTES}`);
  return Number(length);
}

function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch (cause) {
    throw new TraceFormatError("not a safetensors file: the header is not JSON", {cause});
  }
  throw new TraceFormatError("not a safetensors file: the header is not a JSON object");
}

function tensorInfoOf(name: string, value: unknown): TensorInfo {
  const parsed = entrySchema.safeParse(value);
  if (!parsed.success)
    throw new TraceFormatError(
      `invalid tensor ${name}: ${JSON.stringify(value)?.slice(0, 120)}; expected dtype, shape and data_offsets with dtype one of ${Object.keys(dtypes).join(", ")}`
    );
  const {
    dtype,
    shape,
    data_offsets: [begin, end]
  } = parsed.data;
  const expected = countOf(shape) * dtypes[dtype].bytes;
  if (end - begin !== expected)
    throw new TraceFormatError(`invalid tensor ${name}: ${end - begin} bytes; ${dtype} [${shape}] takes ${expected}`);
  return {dtype, shape, begin, end};
}

/** The header's bytes for tensors laid out one after the other in the given order, padded to a multiple of 64 (and to `headerBytes` if given). */
export function headerOf(
  tensors: readonly {readonly name: string; readonly dtype: Dtype; readonly shape: readonly number[]}[],
  {metadata, headerBytes}: {metadata?: Readonly<Record<string, string>>; headerBytes?: number} = {}
): Uint8Array {
  const entries: Record<string, unknown> = metadata ? {__metadata__: metadata} : {};
  let begin = 0;
  for (const {name, dtype, shape} of tensors) {
    const end = begin + countOf(shape) * dtypes[dtype].bytes;
    entries[name] = {dtype, shape, data_offsets: [begin, end]};
    begin = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(entries));
  const length = headerBytes ?? Math.ceil((PREAMBLE_BYTES + json.length) / 64) * 64;
  if (length < PREAMBLE_BYTES + json.length)
    throw new RangeError(`invalid header size: ${length} bytes; the header takes ${PREAMBLE_BYTES + json.length}`);
  const bytes = new Uint8Array(length).fill(0x20, PREAMBLE_BYTES); // the format pads with spaces
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length - PREAMBLE_BYTES), true);
  bytes.set(json, PREAMBLE_BYTES);
  return bytes;
}

/** A tensor in memory, of float32 or int32 numbers. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

/** One safetensors message from tensors in memory, F32 or I32 as their arrays are. */
export function encodeSafetensors(tensors: Readonly<Record<string, Tensor>>, metadata?: Readonly<Record<string, string>>): Uint8Array {
  const list = Object.entries(tensors).map(([name, {shape, data}]) => {
    if (countOf(shape) !== data.length) throw new RangeError(`invalid tensor ${name}: ${data.length} numbers; expected [${shape}]`);
    return {name, shape, data, dtype: data instanceof Int32Array ? ("I32" as const) : ("F32" as const)};
  });
  const header = headerOf(list, {metadata});
  const bytes = new Uint8Array(header.length + list.reduce((sum, {data}) => sum + data.byteLength, 0));
  bytes.set(header);
  let offset = header.length;
  for (const {data} of list) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return bytes;
}

/** An open safetensors file. Reads are slices by element, so that a file of any size costs only what is asked of it. */
export interface SafetensorsFile extends SafetensorsHeader {
  readonly fileBytes: number;
  /** `count` numbers of a tensor from element `from` on (row-major), any float dtype widened exactly to float32. */
  readFloats(name: string, from?: number, count?: number): Promise<Float32Array>;
  /** As many numbers as `into` holds, from element `from` on, without other memory than that where the dtype has 32 or 16 bits. */
  readInto(name: string, from: number, into: Float32Array): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a file and checks its header against its size. `partial` allows the data to be shorter than the header
 * promises, as in a capture that was killed; a slice beyond the end then throws. Throws a TraceFormatError otherwise.
 */
export async function openSafetensors(path: string, {partial = false}: {partial?: boolean} = {}): Promise<SafetensorsFile> {
  const file = await open(path, "r");
  try {
    const {size} = await file.stat();
    const preamble = await readBytes(file, 0, Math.min(PREAMBLE_BYTES, size));
    const headerBytes = headerBytesOf(preamble);
    if (PREAMBLE_BYTES + headerBytes > size)
      throw new TraceFormatError(`truncated header: the file has ${size} bytes; the header alone takes ${PREAMBLE_BYTES + headerBytes}`);
    const header = parseHeader(await readBytes(file, 0, PREAMBLE_BYTES + headerBytes));
    let promised = 0;
    for (const {end} of header.tensors.values()) promised = Math.max(promised, end); // there may be more than a call takes arguments
    if (!partial && header.dataStart + promised !== size)
      throw new TraceFormatError(`truncated or padded file: ${size} bytes; the header promises ${header.dataStart + promised}`);
    return {
      ...header,
      fileBytes: size,
      readFloats: (name, from, count) => readFloats(file, header, name, from, count),
      readInto: (name, from, into) => readInto(file, header, name, from, into),
      close: () => file.close()
    };
  } catch (error) {
    await file.close();
    throw error instanceof TraceFormatError ? new TraceFormatError(`${path}: ${error.message}`, {cause: error}) : error;
  }
}

async function readFloats(file: FileHandle, header: SafetensorsHeader, name: string, from = 0, count?: number): Promise<Float32Array> {
  const {dtype, position, length} = sliceOf(header, name, from, count);
  return decodeFloats(dtype, await readBytes(file, position, length));
}

async function readInto(file: FileHandle, header: SafetensorsHeader, name: string, from: number, into: Float32Array): Promise<void> {
  const {dtype, position, length} = sliceOf(header, name, from, into.length);
  const room = new Uint8Array(into.buffer, into.byteOffset, into.byteLength);
  const bytes = length <= room.length ? room.subarray(room.length - length) : new Uint8Array(length); // at the end, to be widened in place
  await fill(file, bytes, position);
  decodeInto(dtype, bytes, into);
}

/** Where a slice of a tensor lies in the file. */
function sliceOf(
  {tensors, dataStart}: SafetensorsHeader,
  name: string,
  from: number,
  count?: number
): {dtype: Dtype; position: number; length: number} {
  const info = tensors.get(name);
  if (!info) throw new TraceFormatError(`missing tensor: ${name}; the file holds ${[...tensors.keys()].join(", ") || "none"}`);
  const total = countOf(info.shape);
  const elements = count ?? total - from;
  if (!(from >= 0 && elements >= 0 && from + elements <= total))
    throw new RangeError(`invalid slice of ${name}: ${from} to ${from + elements}; it has ${total} elements`);
  const {bytes} = dtypes[info.dtype];
  return {dtype: info.dtype, position: dataStart + info.begin + from * bytes, length: elements * bytes};
}

const MAX_READ_BYTES = 2 ** 30; // one read(2) takes at most 2 GiB

async function readBytes(file: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  await fill(file, bytes, position);
  return bytes;
}

async function fill(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const {bytesRead} = await file.read(bytes, done, Math.min(bytes.length - done, MAX_READ_BYTES), position + done);
    if (bytesRead === 0)
      throw new TraceFormatError(`truncated data: the file ends at byte ${position + done}; expected ${position + bytes.length}`);
    done += bytesRead;
  }
}
