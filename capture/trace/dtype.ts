import {viewOf} from "./viewOf.ts";

/** The element types of safetensors that Orrery reads, with their size. */
export const dtypes = {
  F64: {bytes: 8},
  F32: {bytes: 4},
  F16: {bytes: 2},
  BF16: {bytes: 2},
  I64: {bytes: 8},
  U64: {bytes: 8},
  I32: {bytes: 4},
  U32: {bytes: 4},
  I16: {bytes: 2},
  U16: {bytes: 2},
  I8: {bytes: 1},
  U8: {bytes: 1},
  BOOL: {bytes: 1}
} as const;

export type Dtype = keyof typeof dtypes;

/** The element types in which states may be stored. */
export const storageDtypes = ["f32", "bf16", "f16"] as const;
export type StorageDtype = (typeof storageDtypes)[number];

/** The safetensors name of a storage dtype. */
export const safetensorsDtypeOf = {f32: "F32", bf16: "BF16", f16: "F16"} as const satisfies Record<StorageDtype, Dtype>;

/**
 * Numbers of any dtype as float32: exact for F32, BF16, F16 and integers up to 2²⁴; others are rounded. `bytes` must be a whole
 * number of little-endian elements at any offset, and is viewed in place where its dtype is F32 and it is aligned.
 */
export function decodeFloats(dtype: Dtype, bytes: Uint8Array): Float32Array {
  switch (dtype) {
    case "F32":
      return viewOf(Float32Array, bytes);
    case "BF16":
      return widenBfloat16(viewOf(Uint16Array, bytes));
    case "F16":
      return widenFloat16(viewOf(Uint16Array, bytes));
    case "F64":
      return new Float32Array(viewOf(Float64Array, bytes));
    case "I64":
      return Float32Array.from(viewOf(BigInt64Array, bytes), Number);
    case "U64":
      return Float32Array.from(viewOf(BigUint64Array, bytes), Number);
    case "I32":
      return new Float32Array(viewOf(Int32Array, bytes));
    case "U32":
      return new Float32Array(viewOf(Uint32Array, bytes));
    case "I16":
      return new Float32Array(viewOf(Int16Array, bytes));
    case "U16":
      return new Float32Array(viewOf(Uint16Array, bytes));
    case "I8":
      return new Float32Array(viewOf(Int8Array, bytes));
    case "U8":
    case "BOOL":
      return new Float32Array(bytes);
  }
}

/** Float32 numbers in a storage dtype, rounded to nearest even. The bytes are a view of `values` where the dtype is f32. */
export function encodeFloats(dtype: StorageDtype, values: Float32Array): Uint8Array {
  if (dtype === "f32") return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const words = dtype === "bf16" ? narrowBfloat16(values) : narrowFloat16(values);
  return new Uint8Array(words.buffer);
}

/**
 * As decodeFloats, but into the memory that the caller has. The bytes may be the last ones of that same memory: a number
 * is written where only words that have been read lie.
 */
export function decodeInto(dtype: Dtype, bytes: Uint8Array, into: Float32Array): void {
  if (dtype === "BF16") widenBfloat16(viewOf(Uint16Array, bytes), into);
  else if (dtype === "F16") widenFloat16(viewOf(Uint16Array, bytes), into);
  else if (bytes.buffer !== into.buffer || bytes.byteOffset !== into.byteOffset) into.set(decodeFloats(dtype, bytes));
}

function widenBfloat16(words: Uint16Array, into: Float32Array = new Float32Array(words.length)): Float32Array {
  const bits = new Uint32Array(into.buffer, into.byteOffset, words.length);
  for (let i = 0; i < words.length; ++i) bits[i] = words[i] << 16;
  return into;
}

function narrowBfloat16(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const words = new Uint16Array(values.length);
  for (let i = 0; i < bits.length; ++i) {
    const isNoNumber = (bits[i] & 0x7fffffff) > 0x7f800000;
    words[i] = isNoNumber ? (bits[i] >>> 16) | 0x40 : (bits[i] + 0x7fff + ((bits[i] >>> 16) & 1)) >>> 16; // half to even; a NaN stays one
  }
  return words;
}

let float16Table: Float32Array | undefined; // 65,536 entries, made on first use: widening is then one look-up

function widenFloat16(words: Uint16Array, into: Float32Array = new Float32Array(words.length)): Float32Array {
  const table = (float16Table ??= Float32Array.from({length: 65536}, (_, word) => float16Value(word)));
  for (let i = 0; i < words.length; ++i) into[i] = table[words[i]];
  return into;
}

function float16Value(word: number): number {
  const sign = word & 0x8000 ? -1 : 1;
  const exponent = (word >> 10) & 31;
  const fraction = word & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const float16Of = new Float32Array(1);
const float16Bits = new Uint32Array(float16Of.buffer);

function narrowFloat16(values: Float32Array): Uint16Array {
  const words = new Uint16Array(values.length);
  for (let i = 0; i < values.length; ++i) words[i] = float16Word(values[i]);
  return words;
}

function float16Word(value: number): number {
  float16Of[0] = value;
  const bits = float16Bits[0];
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00; // 65,520 and above round to infinity
  if (magnitude < 0x38800000) return sign | roundHalfEven(Math.abs(float16Of[0]) * 2 ** 24); // subnormal
  const rebased = magnitude - 0x38000000; // exponent bias 127 → 15
  return sign | ((rebased + 0xfff + ((rebased >>> 13) & 1)) >>> 13);
}

function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
