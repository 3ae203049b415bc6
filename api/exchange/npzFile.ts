import type {Readable} from "node:stream";
import {stat} from "node:fs/promises";
import {crc32} from "node:zlib";
import yauzl, {type Entry, type ZipFile} from "yauzl";
import {countOf, TraceFormatError} from "../../capture/trace/safetensorsHeader.ts";
import type {ArrayFile, NamedArray} from "./namedArray.ts";
import {npyArray} from "./npyArray.ts";
import {storedArray} from "./storedArray.ts";
import {NPY_PREAMBLE_BYTES, npyHeaderBytes, parseNpyHeader, type NpyHeader} from "./npyHeader.ts";

const MAX_MEMBERS = 10_000; // a real archive holds a dozen, or one for each step
const MAX_TEXT_BYTES = 64 * 2 ** 20; // a trace's description as UTF-32 takes well under one
const FREE_BYTES = 16 * 2 ** 20; // below this size an archive may be compressed as well as it likes
const MAX_RATIO = 100; // states compress by 2 or 3; deflate can make 1,032 of one byte, which is how zip bombs are built
const LOCAL_HEADER_BYTES = 30; // at least, in front of each member

/** Whether bytes begin as a zip archive does. */
export const isZip = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && ((bytes[2] === 3 && bytes[3] === 4) || (bytes[2] === 5 && bytes[3] === 6));

/**
 * Opens a .npz archive. Array headers are read, arrays are not; a member that is no array of numbers is `unread`, with the reason.
 * Throws a TraceFormatError for PyTorch's pickle archives, for members that share their bytes or their name, and for an archive
 * that promises far more than it can hold.
 */
export async function openNpz(path: string): Promise<ArrayFile> {
  const {size} = await stat(path);
  const zip = await asFormatError(yauzl.openPromise(path, {autoClose: false, validateEntrySizes: true}));
  try {
    const entries = await entriesOf(zip);
    refuseBomb(entries, size);
    const arrays = new Map<string, NamedArray>();
    const unread = new Map<string, string>();
    const texts = new Map<string, () => Promise<string>>();
    for (const entry of entries.filter(isArrayMember)) {
      const name = entry.fileName.slice(0, -".npy".length);
      if (arrays.has(name) || unread.has(name) || texts.has(name))
        throw new TraceFormatError(`invalid archive: ${entry.fileName} is there twice; expected each name once`);
      try {
        const header = await headerOf(zip, entry);
        if (header.dtype === "text") texts.set(name, () => textOf(zip, entry, header));
        else
          arrays.set(
            name,
            npyArray(name, header, (whole) => memberArray(zip, entry, {header, whole}))
          );
      } catch (error) {
        if (!(error instanceof TraceFormatError)) throw error;
        unread.set(name, error.message);
      }
    }
    return {format: "npz", arrays, unread, texts, close: async () => zip.close()};
  } catch (error) {
    zip.close();
    throw error;
  }
}

/** macOS puts a file's attributes beside it, under its name. */
const isArrayMember = ({fileName}: Entry): boolean =>
  fileName.endsWith(".npy") && !fileName.startsWith("__MACOSX/") && !fileName.split("/").at(-1)!.startsWith("._");

async function entriesOf(zip: ZipFile): Promise<Entry[]> {
  if (zip.entryCount > MAX_MEMBERS)
    throw new TraceFormatError(`invalid archive: ${zip.entryCount} members; expected at most ${MAX_MEMBERS}`);
  const entries: Entry[] = [];
  for await (const entry of formatErrors(zip.eachEntry())) {
    if (entry.fileName.endsWith("data.pkl"))
      throw new TraceFormatError("a PyTorch pickle archive, which is never loaded; expected arrays of numbers (.npy members)");
    entries.push(entry);
  }
  return entries;
}

/** An archive of `size` bytes can hold so much and no more, and each of its bytes belongs to one member. */
function refuseBomb(entries: readonly Entry[], size: number): void {
  const promised = entries.reduce((sum, {uncompressedSize}) => sum + uncompressedSize, 0);
  if (promised > FREE_BYTES && promised > MAX_RATIO * size)
    throw new TraceFormatError(`invalid archive: ${promised} bytes out of ${size}; expected at most ${MAX_RATIO} times as many`);
  let end = 0;
  const inPlace = [...entries].sort((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader);
  for (const {fileName, relativeOffsetOfLocalHeader: begin, compressedSize, fileNameLength} of inPlace) {
    if (begin < end) throw new TraceFormatError(`invalid archive: ${fileName} overlaps the member before it`);
    end = begin + LOCAL_HEADER_BYTES + fileNameLength + compressedSize;
  }
}

async function headerOf(zip: ZipFile, entry: Entry): Promise<NpyHeader> {
  const header = parseNpyHeader(await firstBytes(zip, entry));
  const expected = header.dataStart + countOf(header.shape) * header.elementBytes;
  if (entry.uncompressedSize !== expected) throw new TraceFormatError(`${entry.uncompressedSize} bytes; the header promises ${expected}`);
  return header;
}

async function firstBytes(zip: ZipFile, entry: Entry): Promise<Uint8Array> {
  let start = new Uint8Array();
  for await (const piece of entryBytes(zip, entry, 0)) {
    start = Buffer.concat([start, piece]);
    if (start.length >= NPY_PREAMBLE_BYTES && start.length >= npyHeaderBytes(start)) break;
  }
  return start;
}

/** A member that is not compressed is read by parts, as a file is; of another, all that lies before has to be inflated. */
function memberArray(
  zip: ZipFile,
  entry: Entry,
  {header: {dataStart}, whole}: {readonly header: NpyHeader; readonly whole: Pick<NamedArray, "name" | "dtype" | "shape">}
): NamedArray {
  const inOrder = {...whole, bytes: () => entryBytes(zip, entry, dataStart)};
  if (entry.compressionMethod !== STORED) return inOrder;
  return {...inOrder, along: storedArray(whole, (from, length) => storedBytes(zip, entry, dataStart + from, length)).along};
}

const STORED = 0;

async function* storedBytes(zip: ZipFile, entry: Entry, from: number, length: number): AsyncIterable<Uint8Array> {
  if (length === 0) return;
  const stream: Readable = await asFormatError(zip.openReadStreamPromise(entry, {start: from, end: from + length}));
  yield* formatErrors(stream as AsyncIterable<Buffer>);
}

/** The bytes of a member from `from` on, inflated. The stream is closed when the taker stops early. */
async function* entryBytes(zip: ZipFile, entry: Entry, from: number): AsyncIterable<Uint8Array> {
  const stream: Readable = await asFormatError(zip.openReadStreamPromise(entry));
  let position = 0;
  let checksum = 0;
  for await (const piece of formatErrors(stream as AsyncIterable<Buffer>)) {
    checksum = crc32?.(piece, checksum) ?? entry.crc32; // Node has it since 20.15
    if (position + piece.length > from) yield piece.subarray(Math.max(0, from - position));
    position += piece.length;
  }
  if (position > 0 && checksum !== entry.crc32) throw new TraceFormatError(`invalid member ${entry.fileName}: its checksum is wrong`);
}

/** A text array's first element: numpy keeps text as UTF-32, padded with zeros. */
async function textOf(zip: ZipFile, entry: Entry, {dataStart, elementBytes, bigEndian}: NpyHeader): Promise<string> {
  if (entry.uncompressedSize > MAX_TEXT_BYTES)
    throw new TraceFormatError(`invalid member ${entry.fileName}: ${entry.uncompressedSize} bytes; expected at most ${MAX_TEXT_BYTES}`);
  const pieces: Uint8Array[] = [];
  for await (const piece of entryBytes(zip, entry, dataStart)) pieces.push(piece);
  const bytes = Buffer.concat(pieces).subarray(0, elementBytes);
  let text = "";
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const code = bigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
    if (code === 0) break;
    if (code > 0x10ffff) throw new TraceFormatError(`invalid member ${entry.fileName}: character ${code}; expected at most ${0x10ffff}`);
    text += String.fromCodePoint(code);
  }
  return text;
}

async function asFormatError<T>(promise: Promise<T>): Promise<T> {
  return promise.catch((error: NodeJS.ErrnoException) => {
    throw error.syscall ? error : new TraceFormatError(`not a readable archive: ${error.message}`, {cause: error});
  });
}

async function* formatErrors<T>(source: AsyncIterable<T>): AsyncIterable<T> {
  const iterator = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const {done, value} = await asFormatError(iterator.next());
      if (done) return;
      yield value;
    }
  } finally {
    await iterator.return?.();
  }
}
