import {TraceFormatError, countOf} from "../../capture/trace/safetensorsHeader.ts";
import {dtypes, type Dtype} from "../../capture/trace/dtype.ts";

/** What the header of a .npy array says; data begin at byte `dataStart`. */
export interface NpyHeader {
  /** The element type, or `text` for fixed-width unicode (`<U…`), whose elements take `elementBytes` each. */
  readonly dtype: Dtype | "text";
  readonly elementBytes: number;
  readonly bigEndian: boolean;
  /** Whether the first axis changes fastest, as in Fortran. */
  readonly columnMajor: boolean;
  readonly shape: readonly number[];
  readonly dataStart: number;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY
export const NPY_PREAMBLE_BYTES = 12; // magic, version, and a header length of two bytes (version 1) or four
const MAX_HEADER_BYTES = 65_536; // numpy itself writes about 118 and refuses more than 10,000 unless told to trust the file
const MAX_DIMENSIONS = 32; // numpy's own limit for most of its life
const MAX_TEXT_CHARACTERS = 16_000_000;

const dtypeOf: Readonly<Record<string, Dtype>> = {
  f8: "F64",
  f4: "F32",
  f2: "F16",
  V2: "BF16", // how numpy writes what it has no name for: ml_dtypes', and so JAX's, bfloat16
  i8: "I64",
  u8: "U64",
  i4: "I32",
  u4: "U32",
  i2: "I16",
  u2: "U16",
  i1: "I8",
  u1: "U8",
  b1: "BOOL"
};
const npyNames = {F64: "<f8", F32: "<f4", F16: "<f2", I64: "<i8", I32: "<i4", I16: "<i2", I8: "|i1", U8: "|u1", BOOL: "|b1"} as const;
export type NpyDtype = keyof typeof npyNames;

/** Whether bytes begin as a .npy array does. */
export const isNpy = (bytes: Uint8Array): boolean => MAGIC.every((byte, i) => bytes[i] === byte);

/** How many bytes the whole header takes, from its first NPY_PREAMBLE_BYTES. Throws a TraceFormatError for anything but numpy's format 1 to 3. */
export function npyHeaderBytes(preamble: Uint8Array): number {
  if (!isNpy(preamble) || preamble.length < NPY_PREAMBLE_BYTES)
    throw new TraceFormatError("not a .npy array: it does not begin with \\x93NUMPY");
  const view = new DataView(preamble.buffer, preamble.byteOffset);
  const version = preamble[6];
  if (!(version >= 1 && version <= 3)) throw new TraceFormatError(`unknown .npy version: ${version}; expected 1 to 3`);
  const [prefix, length] = version === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  if (length > MAX_HEADER_BYTES) throw new TraceFormatError(`invalid .npy header: ${length} bytes; expected at most ${MAX_HEADER_BYTES}`);
  return prefix + length;
}

/**
 * Reads the header out of the first `npyHeaderBytes` of an array. Nothing is evaluated: the three fields are matched as
 * text. Object arrays (pickle), structured types, complex numbers and dates are refused, each by name.
 */
export function parseNpyHeader(bytes: Uint8Array): NpyHeader {
  const dataStart = npyHeaderBytes(bytes);
  if (bytes.length < dataStart) throw new TraceFormatError(`truncated .npy header: ${bytes.length} bytes; expected ${dataStart}`);
  const text = new TextDecoder("latin1").decode(bytes.subarray(bytes[6] === 1 ? 10 : 12, dataStart));
  const descr = /['"]descr['"]:\s*['"]([^'"]{1,32})['"]/.exec(text)?.[1];
  const order = /['"]fortran_order['"]:\s*(True|False)/.exec(text)?.[1];
  const shape = /['"]shape['"]:\s*\(([\d\s,L]*)\)/.exec(text)?.[1];
  if (/['"]descr['"]:\s*[[(]/.test(text)) throw new TraceFormatError("invalid .npy type: structured records; expected plain numbers");
  if (descr === undefined || order === undefined || shape === undefined)
    throw new TraceFormatError("invalid .npy header: expected descr, fortran_order and shape");
  return {...elementOf(descr), columnMajor: order === "True", shape: shapeOf(shape), dataStart};
}

const unreadKinds: Readonly<Record<string, string>> = {
  O: "Python objects (pickle), which are never loaded",
  c: "complex numbers",
  M: "dates",
  m: "times",
  S: "bytes",
  a: "bytes"
};

function elementOf(descr: string): Pick<NpyHeader, "dtype" | "elementBytes" | "bigEndian"> {
  const [, order, kind = ""] = /^([<>|=]?)(\w+)/.exec(descr) ?? [];
  const unread = Object.hasOwn(unreadKinds, kind[0] ?? "") ? unreadKinds[kind[0]] : undefined;
  if (unread !== undefined) throw new TraceFormatError(`invalid .npy type: ${unread}; expected numbers`);
  const bigEndian = order === ">";
  const characters = /^U(\d{1,9})$/.exec(kind)?.[1];
  if (characters !== undefined && Number(characters) <= MAX_TEXT_CHARACTERS)
    return {dtype: "text", elementBytes: 4 * Number(characters), bigEndian};
  const dtype = Object.hasOwn(dtypeOf, kind) ? dtypeOf[kind] : undefined;
  if (!dtype) throw new TraceFormatError(`unknown .npy type: ${descr}; one of ${Object.keys(dtypeOf).join(", ")}`);
  return {dtype, elementBytes: dtypes[dtype].bytes, bigEndian};
}

function shapeOf(text: string): readonly number[] {
  const sizes = text
    .split(",")
    .map((size) => size.trim().replace(/L$/, ""))
    .filter((size) => size !== "")
    .map(Number);
  if (sizes.length > MAX_DIMENSIONS || !sizes.every(Number.isSafeInteger) || !Number.isSafeInteger(countOf(sizes)))
    throw new TraceFormatError(`invalid .npy shape: (${text.slice(0, 80)})`);
  return sizes;
}

/** The header's bytes of an array that follows, padded to a multiple of 64 as numpy pads. `text` is one string of `characters`. */
export function npyHeader(
  array: {readonly dtype: NpyDtype; readonly shape: readonly number[]} | {readonly dtype: "text"; readonly characters: number}
): Uint8Array {
  const [descr, shape] = array.dtype === "text" ? [`<U${array.characters}`, []] : [npyNames[array.dtype], array.shape];
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const fields = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const total = Math.ceil((10 + fields.length + 1) / 64) * 64;
  const bytes = new Uint8Array(total).fill(0x20);
  bytes.set([...MAGIC, 1, 0]);
  new DataView(bytes.buffer).setUint16(8, total - 10, true);
  bytes.set(new TextEncoder().encode(fields), 10);
  bytes[total - 1] = 0x0a;
  return bytes;
}
