import {dtypes, type Dtype} from "./dtype.ts";
import {parseJson} from "./json.ts";
import {Refusal} from "./refusal.ts";

// Bytes in, data out: nothing here knows of files, so that the page reads messages by it, too.

/** A file that is not a readable safetensors file, or not the trace it claims to be. */
export class TraceFormatError extends Refusal {
  override name = "TraceFormatError";
  constructor(message: string, options: ErrorOptions = {}) {
    super(message, {kind: "damaged", ...options});
  }
}

/** Where one tensor lies: `begin` and `end` are byte offsets from the start of the data, after the header. */
interface TensorInfo {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** A parsed header: the tensors by name, free text metadata, and the file offset at which data begins. */
export interface SafetensorsHeader {
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  /** Element types that are not read here (8-bit floats, complex numbers …), by their tensors' names. */
  readonly unread: ReadonlyMap<string, string>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly dataStart: number;
  /** Bytes of data behind the header. */
  readonly dataBytes: number;
}

export const PREAMBLE_BYTES = 8; // header length as a little-endian u64
const MAX_HEADER_BYTES = 100_000_000; // the safetensors library's own limit; stops a corrupt length from asking for gigabytes
const MAX_PARTS = 1_500_000; // of the header's JSON, seven a tensor: more than 200,000 tensors, where the largest shards hold some ten thousand
const MAX_AXES = 64;

/** Number of elements of a shape; 1 for a scalar. */
export const countOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** Reads a header out of the first bytes of a file or message. Throws a TraceFormatError that says what is wrong. */
export function parseHeader(bytes: Uint8Array): SafetensorsHeader {
  const headerBytes = headerBytesOf(bytes);
  if (bytes.byteLength < PREAMBLE_BYTES + headerBytes)
    throw new TraceFormatError(`truncated header: ${bytes.byteLength - PREAMBLE_BYTES} bytes; expected ${headerBytes}`);
  const {__metadata__, ...entries} = entriesIn(bytes.subarray(PREAMBLE_BYTES, PREAMBLE_BYTES + headerBytes));
  const places = Object.entries(entries).map(([name, value]): Place => ({name, ...tensorInfoOf(name, value)}));
  const dataBytes = refuseGaps(places);
  const tensors = new Map<string, TensorInfo>();
  const unread = new Map<string, string>();
  for (const {name, dtype, ...place} of places) {
    if (isRead(dtype)) tensors.set(name, {dtype, ...place});
    else unread.set(name, dtype);
  }
  return {tensors, unread, metadata: metadataOf(__metadata__), dataStart: PREAMBLE_BYTES + headerBytes, dataBytes};
}

/** The length of the header that a preamble announces. Throws a TraceFormatError for one that no file has. */
export function headerBytesOf(preamble: Uint8Array): number {
  if (preamble.byteLength < PREAMBLE_BYTES)
    throw new TraceFormatError(`not a safetensors file: ${preamble.byteLength} bytes; expected at least ${PREAMBLE_BYTES}`);
  const length = new DataView(preamble.buffer, preamble.byteOffset).getBigUint64(0, true);
  if (length < 2n || length > BigInt(MAX_HEADER_BYTES))
    throw new TraceFormatError(`not a safetensors file: header of ${length} bytes; expected 2 to ${MAX_HEADER_BYTES}`);
  return Number(length);
}

function entriesIn(header: Uint8Array): Record<string, unknown> {
  const text = new TextDecoder().decode(header);
  try {
    const value = parseJson(text, {uniqueNames: true, maxParts: MAX_PARTS, maxCommas: 2 * MAX_PARTS});
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (cause) {
    throw new TraceFormatError(`not a safetensors file: header: ${(cause as Error).message}`, {cause});
  }
  throw new TraceFormatError("not a safetensors file: the header is not a JSON object");
}

function metadataOf(value: unknown): Readonly<Record<string, string>> {
  if (value === undefined) return {};
  if (typeof value !== "object" || value === null || !Object.values(value).every((text) => typeof text === "string"))
    throw new TraceFormatError("invalid __metadata__; expected text by name");
  return value as Record<string, string>;
}

interface Place extends Omit<TensorInfo, "dtype"> {
  readonly name: string;
  readonly dtype: string;
}

const isRead = (dtype: string): dtype is Dtype => Object.hasOwn(dtypes, dtype);

/** Checked by hand and not by a schema: a header may hold a hundred thousand of them. */
function tensorInfoOf(name: string, value: unknown): Omit<Place, "name"> {
  const {dtype, shape, data_offsets: offsets} = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof dtype !== "string" || !isSizes(shape, MAX_AXES) || !isSizes(offsets, 2) || offsets.length < 2 || offsets[1] < offsets[0])
    throw new TraceFormatError(
      `invalid tensor ${name}: ${JSON.stringify(value)?.slice(0, 120)}; expected dtype, shape and data_offsets [begin, end]`
    );
  const [begin, end] = offsets;
  const expected = isRead(dtype) ? countOf(shape) * dtypes[dtype].bytes : end - begin;
  if (end - begin !== expected)
    throw new TraceFormatError(`invalid tensor ${name}: ${end - begin} bytes; ${dtype} [${shape}] takes ${expected}`);
  return {dtype, shape, begin, end};
}

const isSizes = (value: unknown, most: number): value is number[] =>
  Array.isArray(value) && value.length <= most && value.every((size) => Number.isSafeInteger(size) && size >= 0);

/** The format allows neither overlaps nor holes: every byte of the data belongs to one tensor. Gives the bytes of all. */
function refuseGaps(places: readonly Place[]): number {
  let at = 0;
  for (const {name, begin, end} of [...places].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== at)
      throw new TraceFormatError(
        `invalid tensor ${name}: it begins at byte ${begin} of the data; the one before ends at ${at}, and the format allows neither overlaps nor holes`
      );
    at = end;
  }
  return at;
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
