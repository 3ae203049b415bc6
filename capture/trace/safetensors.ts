import {decodeFloats, decodeInto} from "./dtype.ts";
import {isLfsPointer, LFS_POINTER, LFS_POINTER_BYTES} from "./lfsPointer.ts";
import {openFile, type OpenFile} from "./openFile.ts";
import {
  countOf,
  headerBytesOf,
  headerOf,
  parseHeader,
  PREAMBLE_BYTES,
  TraceFormatError,
  type SafetensorsHeader
} from "./safetensorsHeader.ts";
import {placeOf, type SafetensorsFile, type Span} from "./tensorPlaces.ts";

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

/**
 * Opens a file and checks its header against its size. `partial` allows the data to be shorter than the header
 * promises, as in a capture that was killed; a slice beyond the end then throws. Throws a TraceFormatError otherwise, also where there is none.
 */
export async function openSafetensors(path: string, {partial = false}: {partial?: boolean} = {}): Promise<SafetensorsFile> {
  const file = await openFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === "ENOENT" ? new TraceFormatError(`missing file: ${path}`, {cause}) : cause;
  });
  if (!file) throw new TraceFormatError(`${path}: not a file; expected safetensors`);
  try {
    const {size} = await file.stat();
    const start = await readBytes(file, 0, Math.min(LFS_POINTER_BYTES, size));
    if (isLfsPointer(start)) throw new TraceFormatError(LFS_POINTER);
    const headerBytes = headerBytesOf(start);
    if (PREAMBLE_BYTES + headerBytes > size)
      throw new TraceFormatError(`truncated header: the file has ${size} bytes; the header alone takes ${PREAMBLE_BYTES + headerBytes}`);
    const header = parseHeader(await readBytes(file, 0, PREAMBLE_BYTES + headerBytes));
    if (!partial && header.dataStart + header.dataBytes !== size)
      throw new TraceFormatError(`truncated or padded file: ${size} bytes; the header promises ${header.dataStart + header.dataBytes}`);
    return {
      ...header,
      fileBytes: size,
      readFloats: (name, from, count) => readFloats(file, header, name, from, count),
      readInto: (name, from, into) => readInto(file, header, name, from, into),
      readSpans: (name, spans, into) => readSpans(file, header, name, spans, into),
      close: () => file.close()
    };
  } catch (error) {
    await file.close();
    throw error instanceof TraceFormatError ? new TraceFormatError(`${path}: ${error.message}`, {cause: error}) : error;
  }
}

async function readFloats(file: OpenFile, header: SafetensorsHeader, name: string, from = 0, count?: number): Promise<Float32Array> {
  const {dtype, position, length} = placeOf(header, name, from, count);
  return decodeFloats(dtype, await readBytes(file, position, length));
}

async function readInto(file: OpenFile, header: SafetensorsHeader, name: string, from: number, into: Float32Array): Promise<void> {
  const {dtype, position, length} = placeOf(header, name, from, into.length);
  const room = new Uint8Array(into.buffer, into.byteOffset, into.byteLength);
  const bytes = length <= room.length ? room.subarray(room.length - length) : new Uint8Array(length); // at the end, to be widened in place
  await fill(file, bytes, position);
  decodeInto(dtype, bytes, into);
}

/** One after the other: a hundred thousand reads at once would each wait in memory. */
async function readSpans(
  file: OpenFile,
  header: SafetensorsHeader,
  name: string,
  spans: readonly Span[],
  into: Float32Array
): Promise<void> {
  let at = 0;
  for (const {from, count} of spans) {
    await readInto(file, header, name, from, into.subarray(at, at + count));
    at += count;
  }
}

const MAX_READ_BYTES = 2 ** 30; // one read(2) takes at most 2 GiB

const FREE_BYTES = 2 ** 20; // a larger slice is asked of the file before there is memory for it: a partial file's header may promise anything

async function readBytes(file: OpenFile, position: number, length: number): Promise<Uint8Array> {
  if (length > FREE_BYTES) {
    const {size} = await file.stat(); // now: a run that is being written grows
    if (position + length > size)
      throw new TraceFormatError(`truncated data: the file ends at byte ${size}; expected ${position + length}`);
  }
  const bytes = new Uint8Array(length);
  await fill(file, bytes, position);
  return bytes;
}

async function fill(file: OpenFile, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const {bytesRead} = await file.read(bytes, done, Math.min(bytes.length - done, MAX_READ_BYTES), position + done);
    if (bytesRead === 0)
      throw new TraceFormatError(`truncated data: the file ends at byte ${position + done}; expected ${position + bytes.length}`);
    done += bytesRead;
  }
}
