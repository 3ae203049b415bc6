import {open} from "node:fs/promises";
import {dtypes, type Dtype} from "../../capture/trace/dtype.ts";
import {countOf, TraceFormatError} from "../../capture/trace/safetensorsHeader.ts";

/** One named array of a file. Its bytes come in order and in pieces, so that an array of any size costs little memory. */
export interface NamedArray {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Little-endian, row-major; pieces are cut anywhere. May be called again to start over. */
  bytes(): AsyncIterable<Uint8Array>;
  /** The same array with `count` places of one axis, from one on; undefined where it can only be read from the beginning. */
  along?(axis: number, from: number, count: number): NamedArray;
  /** The same numbers in the order in which they are read fastest; undefined where that is this one. */
  readonly inAnyOrder?: NamedArray;
}

/** An open file of arrays: safetensors, .npy (one array, named `state`), .npz, or a Parquet table of states. */
export interface ArrayFile {
  readonly format: "safetensors" | "npy" | "npz" | "parquet";
  readonly arrays: ReadonlyMap<string, NamedArray>;
  /** What the file holds beside and is not read, by name, with the reason. */
  readonly unread: ReadonlyMap<string, string>;
  /** Free text by name: safetensors' metadata, or an archive's text arrays, each read when it is asked for. */
  readonly texts: ReadonlyMap<string, () => Promise<string>>;
  /** How the tokens of `state` read, and what its run was, where the file says it. */
  readonly tokens?: readonly {readonly id: number; readonly text: string}[];
  readonly about?: {readonly title: string | null; readonly prompt: string | null; readonly model: {readonly name: string}};
  /** What had to be assumed to read it. */
  readonly notes?: readonly string[];
  close(): Promise<void>;
}

const PIECE_BYTES = 4 * 2 ** 20;

/** The bytes of a part of a file, in pieces. Throws a TraceFormatError where the file ends before. */
export async function* fileBytes(path: string, position: number, length: number): AsyncIterable<Uint8Array> {
  const file = await open(path, "r");
  try {
    for (let done = 0; done < length; ) {
      const {buffer, bytesRead} = await file.read(
        new Uint8Array(Math.min(PIECE_BYTES, length - done)),
        0,
        Math.min(PIECE_BYTES, length - done),
        position + done
      );
      if (bytesRead === 0) throw new TraceFormatError(`${path}: the file ends at byte ${position + done}; expected ${position + length}`);
      yield buffer.subarray(0, bytesRead);
      done += bytesRead;
    }
  } finally {
    await file.close();
  }
}

const MAX_LISTED = 20;

/** The names of a file's arrays for an error's one line. */
export function listed(names: Iterable<string>): string {
  const all = [...names];
  const shown = all
    .slice(0, MAX_LISTED)
    .map((name) => name.slice(0, 80))
    .join(", ");
  return all.length > MAX_LISTED ? `${shown} and ${all.length - MAX_LISTED} more` : shown || "none";
}

/** How many bytes an array takes. */
export const arrayBytes = ({dtype, shape}: Pick<NamedArray, "dtype" | "shape">): number => countOf(shape) * dtypes[dtype].bytes;

/**
 * An array's bytes in pieces of whole elements, none across the border of two slabs of so many elements: which slab, and from which of its elements on.
 * Throws a TraceFormatError where there are fewer than its shape promises.
 */
export async function* slabPieces(
  array: NamedArray,
  slabElements: number
): AsyncIterable<{readonly slab: number; readonly from: number; readonly bytes: Uint8Array}> {
  const size = dtypes[array.dtype].bytes;
  let done = 0;
  for await (const piece of elementsOf(array)) {
    for (let at = 0; at < piece.length; ) {
      const from = done % slabElements;
      const bytes = piece.subarray(at, at + (slabElements - from) * size);
      yield {slab: Math.floor(done / slabElements), from, bytes};
      done += bytes.length / size;
      at += bytes.length;
    }
  }
  if (done !== countOf(array.shape))
    throw new TraceFormatError(`truncated array ${array.name}: ${done * size} bytes; expected ${arrayBytes(array)}`);
}

/** An array's bytes in pieces of whole elements, for whoever converts them. */
export async function* elementsOf(array: NamedArray): AsyncIterable<Uint8Array> {
  const size = dtypes[array.dtype].bytes;
  let rest = new Uint8Array();
  for await (const piece of array.bytes()) {
    const joined = rest.length > 0 ? Buffer.concat([rest, piece]) : piece;
    const whole = joined.length - (joined.length % size);
    if (whole > 0) yield joined.subarray(0, whole);
    rest = joined.slice(whole); // a view where joined is a Buffer; nobody writes into either
  }
}
