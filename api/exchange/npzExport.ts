import {Readable} from "node:stream";
import {ZipFile} from "yazl";
import {decodeFloats} from "../../capture/trace/dtype.ts";
import {arrayBytes, elementsOf, type NamedArray} from "./namedArray.ts";
import {npyHeader, type NpyDtype} from "./npyHeader.ts";
import type {Streamer} from "./runStream.ts";
import type {Telling} from "./telling.ts";
import {tellingReader, traceArrays, traceTexts} from "./traceArrays.ts";

const MEMBER_TIME = new Date(1980, 0, 1); // the oldest that zip can tell: the same run gives the same bytes

/**
 * An archive that `numpy.load` opens without pickle: one .npy for each tensor, stored uncompressed, and trace.json
 * as the text array `orrery_trace` (`json.loads(str(z["orrery_trace"]))`). numpy has no bfloat16, so such tensors are widened to float32, which loses nothing.
 */
export const npzStream: Streamer<Telling> = async (reader, {progress}) => {
  const zip = new ZipFile();
  const options = {compress: false, mtime: MEMBER_TIME, forceDosTimestamp: true};
  const pieces = zip.outputStream as Readable;
  const fail = (error: Error) => void pieces.destroy(error);
  zip.on("error", fail);
  let member: Readable | undefined;
  pieces.on("close", () => void member?.destroy()); // who leaves before the end leaves no file open
  const arrays = await traceArrays(reader);
  for (const [name, text] of Object.entries(await traceTexts(reader, arrays))) zip.addBuffer(textArray(text), `${name}.npy`, options);
  const bytesOf = tellingReader(arrays, progress);
  for (const array of arrays.map((one) => widened({...one, bytes: () => bytesOf(one)}))) {
    const header = npyHeader({dtype: array.dtype as NpyDtype, shape: array.shape}); // bfloat16 is gone
    zip.addReadStreamLazy(`${array.name}.npy`, {...options, size: header.length + arrayBytes(array)}, (callback) => {
      member = Readable.from(memberOf(header, array)).on("error", fail);
      callback(null, member);
    });
  }
  const bytes = await new Promise<number>((resolve) => zip.end({forceZip64Format: false, comment: ""}, resolve as () => void)); // its types forget the number, which is told since every member's size is known
  return {bytes, pieces};
};

async function* memberOf(header: Uint8Array, array: NamedArray): AsyncIterable<Uint8Array> {
  yield header;
  yield* array.bytes();
}

function widened(array: NamedArray): NamedArray {
  if (array.dtype !== "BF16") return array;
  return {
    ...array,
    dtype: "F32",
    async *bytes() {
      for await (const piece of elementsOf(array)) yield new Uint8Array(decodeFloats("BF16", piece).buffer);
    }
  };
}

/** One string as numpy keeps it: UTF-32, of as many characters as there are. */
function textArray(text: string): Buffer {
  const codes = Uint32Array.from(text, (character) => character.codePointAt(0)!);
  return Buffer.concat([npyHeader({dtype: "text", characters: codes.length}), new Uint8Array(codes.buffer)]);
}
