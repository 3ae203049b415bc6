import type {Readable} from "node:stream";
import yauzl, {type Entry, type ZipFile} from "yauzl";
import {countOf, TraceFormatError} from "../../capture/trace/safetensors.ts";
import type {ArrayFile, NamedArray} from "./namedArray.ts";
import {NPY_PREAMBLE_BYTES, npyHeaderBytes, parseNpyHeader, type NpyHeader} from "./npyHeader.ts";

const MAX_MEMBERS = 10_000; // a real archive holds a dozen
const MAX_TEXT_BYTES = 64 * 2 ** 20; // of all text arrays together; a trace's description as UTF-32 takes well under one
const FREE_BYTES = 16 * 2 ** 20; // below this size a member may be compressed as well as it likes
const MAX_RATIO = 100; // states compress by 2 or 3; deflate can make 1,032 of one byte, which is how zip bombs are built

/** Whether bytes begin as a zip archive does. */
export const isZip = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && ((bytes[2] === 3 && bytes[3] === 4) || (bytes[2] === 5 && bytes[3] === 6));

/**
 * Opens a .npz archive. Array headers are read, arrays are not. Throws a TraceFormatError for PyTorch's pickle archives,
 * for members that promise far more than they can hold, and for arrays that are not their header's size.
 */
export async function openNpz(path: string): Promise<ArrayFile> {
  const zip = await asFormatError(yauzl.openPromise(path, {autoClose: false, validateEntrySizes: true}));
  try {
    const arrays = new Map<string, NamedArray>();
    const texts = new Map<string, string>();
    let textBytes = 0;
    for (const entry of await entriesOf(zip)) {
      if (!entry.fileName.endsWith(".npy")) continue;
      const name = entry.fileName.slice(0, -".npy".length);
      const header = await headerOf(zip, entry);
      const {dtype} = header;
      if (dtype === "text") {
        textBytes += entry.uncompressedSize;
        if (textBytes > MAX_TEXT_BYTES)
          throw new TraceFormatError(
            `invalid member ${entry.fileName}: ${textBytes} bytes of text so far; expected at most ${MAX_TEXT_BYTES}`
          );
        texts.set(name, await textOf(zip, entry, header));
      } else arrays.set(name, {name, dtype, shape: header.shape, bytes: () => entryBytes(zip, entry, header.dataStart)});
    }
    return {format: "npz", arrays, texts, close: async () => zip.close()};
  } catch (error) {
    zip.close();
    throw error;
  }
}

async function entriesOf(zip: ZipFile): Promise<Entry[]> {
  if (zip.entryCount > MAX_MEMBERS)
    throw new TraceFormatError(`invalid archive: ${zip.entryCount} members; expected at most ${MAX_MEMBERS}`);
  const entries: Entry[] = [];
  for await (const entry of formatErrors(zip.eachEntry())) {
    if (entry.fileName.endsWith("data.pkl"))
      throw new TraceFormatError("a PyTorch pickle archive, which is never loaded; expected arrays of numbers (.npy members)");
    const {fileName, compressedSize, uncompressedSize} = entry;
    if (uncompressedSize > FREE_BYTES && uncompressedSize > MAX_RATIO * compressedSize)
      throw new TraceFormatError(
        `invalid member ${fileName}: ${uncompressedSize} bytes out of ${compressedSize}; expected at most ${MAX_RATIO} times as many`
      );
    entries.push(entry);
  }
  return entries;
}

async function headerOf(zip: ZipFile, entry: Entry): Promise<NpyHeader> {
  try {
    const header = parseNpyHeader(await firstBytes(zip, entry));
    const expected = header.dataStart + countOf(header.shape) * header.elementBytes;
    if (entry.uncompressedSize !== expected) throw new TraceFormatError(`${entry.uncompressedSize} bytes; the header promises ${expected}`);
    return header;
  } catch (error) {
    if (!(error instanceof TraceFormatError)) throw error;
    throw new TraceFormatError(`invalid member ${entry.fileName}: ${error.message}`, {cause: error});
  }
}

async function firstBytes(zip: ZipFile, entry: Entry): Promise<Uint8Array> {
  let start = new Uint8Array();
  for await (const piece of entryBytes(zip, entry, 0)) {
    start = Buffer.concat([start, piece]);
    if (start.length >= NPY_PREAMBLE_BYTES && start.length >= npyHeaderBytes(start)) break;
  }
  return start;
}

/** The bytes of a member from `from` on, inflated. The stream is closed when the taker stops early. */
async function* entryBytes(zip: ZipFile, entry: Entry, from: number): AsyncIterable<Uint8Array> {
  const stream: Readable = await asFormatError(zip.openReadStreamPromise(entry));
  let position = 0;
  for await (const piece of formatErrors(stream as AsyncIterable<Buffer>)) {
    if (position + piece.length > from) yield piece.subarray(Math.max(0, from - position));
    position += piece.length;
  }
}

/** A text array's first element: numpy keeps text as UTF-32, padded with zeros. */
async function textOf(zip: ZipFile, entry: Entry, {dataStart, elementBytes}: NpyHeader): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of entryBytes(zip, entry, dataStart)) pieces.push(piece);
  const bytes = Buffer.concat(pieces).subarray(0, elementBytes);
  const characters: string[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const code = bytes.readUInt32LE(at);
    if (code === 0) break;
    if (code > 0x10ffff) throw new TraceFormatError(`invalid member ${entry.fileName}: character ${code}; expected at most ${0x10ffff}`);
    characters.push(String.fromCodePoint(code));
  }
  return characters.join("");
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
