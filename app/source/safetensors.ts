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

const PREAMBLE_BYTES = 8; // header length as a little-endian u64
const MAX_HEADER_BYTES = 10_000_000; // the server's headers are a few kB; stops a corrupt length from asking for gigabytes

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

const NUMBER_BYTES: Readonly<Record<string, number>> = {F32: 4, I32: 4, I64: 8, F16: 2, BF16: 2};

/** Reads a safetensors message. F32 and I32 are views where the bytes are aligned; I64, F16 and BF16 are widened or narrowed. Throws an Error that says what is wrong. */
export function parseSafetensors(message: ArrayBuffer): Tensors {
  if (message.byteLength < PREAMBLE_BYTES)
    throw new Error(`not a safetensors message: ${message.byteLength} bytes; expected at least ${PREAMBLE_BYTES}`);
  const headerBytes = Number(new DataView(message).getBigUint64(0, true));
  if (!(headerBytes >= 2 && headerBytes <= MAX_HEADER_BYTES))
    throw new Error(`not a safetensors message: header of ${headerBytes} bytes; expected 2 to ${MAX_HEADER_BYTES}`);
  const start = PREAMBLE_BYTES + headerBytes;
  if (start > message.byteLength)
    throw new Error(`truncated header: ${message.byteLength - PREAMBLE_BYTES} bytes; expected ${headerBytes}`);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(message, PREAMBLE_BYTES, headerBytes))) as Record<string, unknown>;
  const {__metadata__: metadata = {}, ...entries} = header;
  const tensors: Record<string, Tensor> = {};
  for (const [name, entry] of Object.entries(entries)) tensors[name] = tensorOf(name, entry as Entry, message, start);
  return {tensors, metadata: metadata as Record<string, string>};
}

function tensorOf(name: string, {dtype, shape, data_offsets: [begin, end]}: Entry, message: ArrayBuffer, start: number): Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  const bytes = NUMBER_BYTES[dtype];
  if (!bytes) throw new Error(`unknown dtype of ${name}: ${dtype}; one of ${Object.keys(NUMBER_BYTES).join(", ")}`);
  if (end - begin !== count * bytes)
    throw new Error(`invalid tensor ${name}: ${end - begin} bytes; ${dtype} [${shape}] takes ${count * bytes}`);
  if (start + end > message.byteLength)
    throw new Error(`truncated tensor ${name}: ends at byte ${start + end}; the message has ${message.byteLength}`);
  const at = start + begin;
  const aligned = at % Math.min(bytes, 4) === 0 && (bytes !== 8 || at % 8 === 0);
  const buffer = aligned ? message : message.slice(at, at + count * bytes); // typed arrays need aligned offsets
  return {shape, data: numbersOf(dtype, buffer, aligned ? at : 0, count)};
}

function numbersOf(dtype: string, buffer: ArrayBuffer, at: number, count: number): Float32Array | Int32Array {
  if (dtype === "F32") return new Float32Array(buffer, at, count);
  if (dtype === "I32") return new Int32Array(buffer, at, count);
  if (dtype === "I64") return Int32Array.from(new BigInt64Array(buffer, at, count), Number); // token ids fit in 32 bits
  const words = new Uint16Array(buffer, at, count);
  if (dtype === "F16") return Float32Array.from(words, halfOf);
  const wide = new Uint32Array(count);
  for (let i = 0; i < count; ++i) wide[i] = words[i] << 16; // a bfloat16 is the upper half of a float32
  return new Float32Array(wide.buffer);
}

function halfOf(word: number): number {
  const sign = word & 0x8000 ? -1 : 1;
  const exponent = (word >> 10) & 31;
  const fraction = word & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
