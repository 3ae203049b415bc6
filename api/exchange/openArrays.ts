import {dtypes} from "../../capture/trace/dtype.ts";
import {isLfsPointer, LFS_POINTER, LFS_POINTER_BYTES} from "../../capture/trace/lfsPointer.ts";
import {openFile} from "../../capture/trace/openFile.ts";
import {openSafetensors} from "../../capture/trace/safetensors.ts";
import {TraceFormatError} from "../../capture/trace/safetensorsHeader.ts";
import {fileBytes, type ArrayFile, type NamedArray} from "./namedArray.ts";
import {isNpy} from "./npyHeader.ts";
import {openNpy} from "./npyFile.ts";
import {isZip, openNpz} from "./npzFile.ts";
import {storedArray} from "./storedArray.ts";
import {isParquet, openParquet} from "./parquetFile.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

const HEADER_START = 8; // where the { of a safetensors header stands

/** Opens a file of arrays, told by its first bytes and not by its name. Throws a TraceFormatError that names the file. */
export async function openArrays(path: string): Promise<ArrayFile> {
  try {
    const start = await firstBytes(path);
    if (start.length === 0) throw new TraceFormatError("an empty file; expected safetensors, .npy, .npz or Parquet");
    if (isLfsPointer(start)) throw new TraceFormatError(LFS_POINTER);
    if (isNpy(start)) return await openNpy(path);
    if (isZip(start)) return await openNpz(path);
    if (isParquet(start)) return await openParquet(path);
    if (start[0] === 0x80 && start[1] >= 2 && start[1] <= 5)
      throw new TraceFormatError("a Python pickle, which is never loaded; expected safetensors, .npy, .npz or Parquet");
    if (start[HEADER_START] !== 0x7b) throw new TraceFormatError("an unknown kind of file; expected safetensors, .npy, .npz or Parquet");
    return await openSafetensorsArrays(path);
  } catch (error) {
    if (!(error instanceof TraceFormatError) || error.message.startsWith(path)) throw error;
    throw new TraceFormatError(`${path}: ${error.message}`, {cause: error});
  }
}

async function firstBytes(path: string): Promise<Uint8Array> {
  const file = await openFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === "ENOENT" ? new Refusal(`no such file: ${path}`, {kind: "unknown", cause}) : cause;
  });
  if (!file) throw new TraceFormatError("not a file; expected safetensors, .npy, .npz or Parquet");
  try {
    const buffer = new Uint8Array(LFS_POINTER_BYTES);
    const {bytesRead} = await file.read(buffer, 0, LFS_POINTER_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function openSafetensorsArrays(path: string): Promise<ArrayFile> {
  const header = await openSafetensors(path);
  await header.close();
  const arrays = [...header.tensors].map(([name, {dtype, shape, begin}]): [string, NamedArray] => [
    name,
    storedArray({name, dtype, shape}, (from, length) => fileBytes(path, header.dataStart + begin + from, length))
  ]);
  return {
    format: "safetensors",
    arrays: new Map(arrays),
    unread: new Map([...header.unread].map(([name, dtype]) => [name, `${dtype}; expected one of ${Object.keys(dtypes).join(", ")}`])),
    texts: new Map(Object.entries(header.metadata).map(([name, text]) => [name, async () => text])),
    close: async () => {}
  };
}
