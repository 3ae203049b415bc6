import {open} from "node:fs/promises";
import {countOf, TraceFormatError} from "../../capture/trace/safetensorsHeader.ts";
import {fileBytes, type ArrayFile} from "./namedArray.ts";
import {npyArray} from "./npyArray.ts";
import {storedArray} from "./storedArray.ts";
import {NPY_PREAMBLE_BYTES, npyHeaderBytes, parseNpyHeader, type NpyHeader} from "./npyHeader.ts";

/** Opens a .npy file; its one array is named `state`. Throws a TraceFormatError where header and size disagree. */
export async function openNpy(path: string): Promise<ArrayFile> {
  const {header, size} = await readHeader(path);
  const {dtype, shape, elementBytes, dataStart} = header;
  if (dtype === "text") throw new TraceFormatError("invalid .npy type: text; expected numbers");
  const expected = dataStart + countOf(shape) * elementBytes;
  if (size !== expected) throw new TraceFormatError(`truncated or padded file: ${size} bytes; the header promises ${expected}`);
  const array = npyArray("state", header, (stored) => storedArray(stored, (from, length) => fileBytes(path, dataStart + from, length)));
  return {format: "npy", arrays: new Map([[array.name, array]]), unread: new Map(), texts: new Map(), close: async () => {}};
}

async function readHeader(path: string): Promise<{header: NpyHeader; size: number}> {
  const file = await open(path, "r");
  try {
    const {size} = await file.stat();
    const preamble = new Uint8Array(NPY_PREAMBLE_BYTES);
    await file.read(preamble, 0, NPY_PREAMBLE_BYTES, 0);
    const bytes = new Uint8Array(Math.min(size, npyHeaderBytes(preamble)));
    await file.read(bytes, 0, bytes.length, 0);
    return {header: parseNpyHeader(bytes), size};
  } finally {
    await file.close();
  }
}
