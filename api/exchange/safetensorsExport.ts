import {Readable} from "node:stream";
import {headerOf} from "../../capture/trace/safetensorsHeader.ts";
import type {Streamer} from "./runStream.ts";
import type {Telling} from "./telling.ts";
import {bytesOfAll, tellingReader, traceArrays, traceTexts} from "./traceArrays.ts";

/** One bare safetensors file: every tensor of the run bit for bit, and trace.json as metadata, so that importing it gives the same trace. */
export const safetensorsStream: Streamer<Telling> = async (reader, {progress}) => {
  const arrays = await traceArrays(reader);
  const header = headerOf(arrays, {metadata: await traceTexts(reader, arrays)});
  const bytesOf = tellingReader(arrays, progress);
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield header;
    for (const array of arrays) yield* bytesOf(array);
  }
  return {bytes: header.length + bytesOfAll(arrays), pieces: Readable.from(pieces(), {objectMode: false})};
};
